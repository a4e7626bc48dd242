import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), "utf8"));

interface Launch {
  readonly configurations: readonly {
    readonly type: string;
    readonly args: readonly string[];
    readonly preLaunchTask: string;
  }[];
}
interface Tasks {
  readonly tasks: readonly { readonly label: string; readonly type: string; readonly script: string }[];
}
interface Package {
  readonly main: string;
  readonly scripts: Readonly<Record<string, string>>;
}

/** What git would give somebody who clones this tree as it is now, beside the packages that are installed. */
function clone(): string {
  const folder = path.join(mkdtempSync(path.join(os.tmpdir(), "vaenb-clone-")), "clone");
  const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  for (const file of files.split("\0").filter((name) => name !== "" && existsSync(path.join(root, name)))) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    cpSync(path.join(root, file), path.join(folder, file));
  }
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"), "junction");
  return folder;
}

test.skipIf(!existsSync(path.join(root, ".git")))(
  "F5 in a clone builds the extension and opens an editor that has it",
  () => {
    const folder = clone();
    const [launch] = (read(".vscode/launch.json") as Launch).configurations;
    expect(launch?.type).toBe("extensionHost");
    const task = (read(".vscode/tasks.json") as Tasks).tasks.find(
      ({ label }) => label === launch?.preLaunchTask,
    );
    const { scripts, main } = read("package.json") as Package;
    expect(scripts).toHaveProperty(task?.script ?? "no task");

    execFileSync("npm", ["run", "--silent", task?.script ?? ""], { cwd: folder, stdio: "pipe", shell: true });
    const inClone = (text: string): string => text.replaceAll("${workspaceFolder}", folder);
    const [development = "", opened = ""] = (launch?.args ?? []).map(inClone);
    expect(existsSync(path.join(opened, "first-vae.vaenb"))).toBe(true);
    const extension = development.replace("--extensionDevelopmentPath=", "");
    expect(existsSync(path.join(extension, main))).toBe(true);
    for (const file of pathsIn(read("package.json")))
      expect([file, existsSync(path.join(extension, file))]).toEqual([file, true]);
  },
  180_000,
);

/** The files that the manifest names: icons, the renderer, pages of the walkthrough. */
function pathsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return /^(\.\/)?(dist|media)\/.*\.\w+$/.test(value) ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(pathsIn) : [];
}
