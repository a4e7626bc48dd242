import { createRequire } from "node:module";
import path from "node:path";
import type { EngineCommand } from "./commandLine";
import { exitCode } from "./usageError";

/** What `dist/engine-install.cjs` offers: the library's installer, in a bundle of its own. */
interface Installer {
  installTfjsNode(options: {
    readonly build: boolean;
    readonly wheel?: string;
    readonly progress: (progress: { readonly phase: string; readonly text: string }) => void;
  }): Promise<{ readonly folder: string; readonly tensorflow: string }>;
}

/** `vaenb engine install tfjs-node`: says what happens as it happens. */
export async function installEngine(command: EngineCommand, dist: string): Promise<number> {
  const installer = createRequire(path.join(dist, "cli.cjs"))("./engine-install.cjs") as Installer;
  const { build, wheel } = command;
  try {
    const { folder, tensorflow } = await installer.installTfjsNode({
      build,
      ...(wheel === undefined ? {} : { wheel }),
      progress: ({ text }) => process.stderr.write(`${text}\n`),
    });
    process.stdout.write(
      `tfjs-node with TensorFlow ${tensorflow} is in ${folder}.\n` +
        `New kernels use it for tf in cells; session.use("tfjs-node") trains on it.\n`,
    );
    return exitCode.ok;
  } catch (error) {
    process.stderr.write(`vaenb: ${error instanceof Error ? error.message : String(error)}\n`);
    return exitCode.cellFailed;
  }
}
