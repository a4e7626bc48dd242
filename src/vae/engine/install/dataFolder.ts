import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where what a person asked to be installed is kept: `VAENB_HOME`, else what their system has for it
 * (`$XDG_DATA_HOME/vaenb`, `~/Library/Application Support/vaenb`, `%LOCALAPPDATA%\vaenb`).
 */
export function dataFolder(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
  home: string = homedir(),
): string {
  const chosen = environment.VAENB_HOME;
  if (chosen) return chosen;
  if (platform === "win32") return join(environment.LOCALAPPDATA ?? join(home, "AppData", "Local"), "vaenb");
  if (platform === "darwin") return join(home, "Library", "Application Support", "vaenb");
  return join(environment.XDG_DATA_HOME ?? join(home, ".local", "share"), "vaenb");
}

/** Where `vaenb engine install tfjs-node` puts the package: a folder with a package.json and node_modules. */
export const tfjsNodeFolder = (): string => join(dataFolder(), "engines", "tfjs-node");
