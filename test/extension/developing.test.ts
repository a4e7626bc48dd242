import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";

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
  readonly tasks: readonly Task[];
}
interface Task {
  readonly label: string;
  readonly type: string;
  readonly script?: string;
  readonly command?: string;
  readonly args?: readonly string[];
  readonly dependsOn?: string;
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
    const task = taskCalled(launch?.preLaunchTask);
    const before = taskCalled(task?.dependsOn);
    const { scripts, main } = read("package.json") as Package;
    expect(scripts).toHaveProperty(task?.script ?? "no task");

    // The packages are there: nothing is installed.
    const told = execFileSync(before?.command ?? "", before?.args ?? [], { cwd: folder, encoding: "utf8" });
    expect(told).toBe("");
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

const taskCalled = (name: string | undefined): Task | undefined =>
  (read(".vscode/tasks.json") as Tasks).tasks.find(({ label }) => label === name);

describe("F5 before npm install", () => {
  const [script = ""] = taskCalled("packages")?.args ?? [];
  const fresh = (): string => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "vaenb-fresh-"));
    const packages = { "": { name: "fresh" }, "node_modules/esbuild": { version: "0.0.1" } };
    writeFileSync(path.join(folder, "package-lock.json"), JSON.stringify({ packages }));
    return folder;
  };
  /** Runs the task in a folder where `npm` is this shell script. */
  const press = (folder: string, npm: string): { readonly status: number | null; readonly told: string } => {
    const bin = path.join(folder, "bin");
    mkdirSync(bin);
    writeFileSync(path.join(bin, "npm"), `#!/bin/sh\n${npm}\n`, { mode: 0o755 });
    const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, script), folder], {
      env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ""}` },
      encoding: "utf8",
    });
    return { status, told: stdout + stderr };
  };

  test.skipIf(process.platform === "win32")("installs the packages first, and says so", () => {
    const folder = fresh();
    const { status, told } = press(folder, 'echo "npm was asked to $1"');
    expect(told).toMatch(/are not installed, or others are: npm install begins\.\nnpm was asked to install/);
    expect(status).toBe(0);
  });

  test.skipIf(process.platform === "win32")("where that fails, says what to do, and where", () => {
    const folder = fresh();
    const { status, told } = press(folder, 'echo "npm error network" >&2; exit 1');
    expect(told).toContain(`Run "npm install" in ${folder} until it succeeds, then press F5 again.`);
    expect(status).toBe(1);
  });
});

/** The files that the manifest names: icons, the renderer, pages of the walkthrough. */
function pathsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return /^(\.\/)?(dist|media)\/.*\.\w+$/.test(value) ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(pathsIn) : [];
}
