import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CommandError, runCommand, type RunCommand } from "../../../../src/vae/engine/install/commands";
import { dataFolder } from "../../../../src/vae/engine/install/dataFolder";
import { installTfjsNode } from "../../../../src/vae/engine/install/tfjsNode";

let home: string;
let folder: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "vaenb-install-"));
  folder = join(home, "engines", "tfjs-node");
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** A machine where npm works, and the other programs do what the test says. */
const machine =
  (others: RunCommand): RunCommand =>
  async (program, args, options) => {
    if (program !== "npm") return others(program, args, options);
    const own = join(options?.cwd ?? "", "node_modules", "@tensorflow", "tfjs-node");
    await mkdir(own, { recursive: true });
    await writeFile(join(own, "package.json"), "{}");
    return "";
  };
const isCheck = (args: readonly string[]): boolean => args[0] === "-e";

describe("vaenb engine install tfjs-node", () => {
  test("says each phase, and puts the package into the folder when the check has passed", async () => {
    const phases = new Set<string>();
    const installed = await installTfjsNode({
      folder,
      progress: ({ phase }) => phases.add(phase),
      run: machine(async (_, args) => Promise.resolve(isCheck(args) ? "tensorflow=2.9.1\n" : "")),
    });
    expect(installed).toEqual({ folder, tensorflow: "2.9.1" });
    expect([...phases]).toEqual(["package", "library", "check"]);
    expect(existsSync(join(folder, "node_modules", "@tensorflow", "tfjs-node", "package.json"))).toBe(true);
    expect(existsSync(`${folder}.partial`)).toBe(false);
  });

  test("where the download is blocked says so with the cause, offers --build, and leaves nothing behind", async () => {
    const blocked = machine((program) =>
      Promise.reject(
        new CommandError(
          program,
          "ended with code 1",
          "  at x\nError: getaddrinfo ENOTFOUND storage.googleapis.com\n  at y",
        ),
      ),
    );
    const error = await installTfjsNode({ folder, run: blocked }).catch((e: unknown) => e);
    expect(String(error)).toContain("Error: getaddrinfo ENOTFOUND storage.googleapis.com");
    expect(String(error)).toContain('"vaenb engine install tfjs-node --build"');
    expect(existsSync(folder)).toBe(false);
    expect(existsSync(`${folder}.partial`)).toBe(false);
  });

  test("a package that does not compute is not installed, and the one before it stays", async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "before"), "works");
    const wrong = machine((program, args) =>
      isCheck(args)
        ? Promise.reject(
            new CommandError(program, "ended with code 1", "Error: [[1,2],[3,4]] squared is 0,0,0,0"),
          )
        : Promise.resolve(""),
    );
    await expect(installTfjsNode({ folder, run: wrong })).rejects.toThrow(
      /does not compute here.*\n.*squared is 0,0,0,0/,
    );
    expect(await readFile(join(folder, "before"), "utf8")).toBe("works");
  });

  test("without npm says what is needed", async () => {
    const run: RunCommand = (program) =>
      Promise.reject(new CommandError(program, "does not start (ENOENT)", ""));
    await expect(installTfjsNode({ folder, run })).rejects.toThrow(
      /npm does not start \(ENOENT\)[^]*needs npm and its registry/,
    );
  });

  test.skipIf(process.platform === "win32")(
    "with --build and no wheel from pip names the package and the way out",
    async () => {
      const run = machine((program, args) =>
        args[1] === "pip"
          ? Promise.reject(
              new CommandError(program, "ended with code 1", "ERROR: No matching distribution found"),
            )
          : Promise.resolve(""),
      );
      await expect(installTfjsNode({ folder, build: true, run })).rejects.toThrow(
        /pip found no tensorflow[^]*No matching distribution found[^]*--wheel/,
      );
    },
  );
});

describe("a program that an installation runs", () => {
  test("reports its lines as they come, and its output at the end", async () => {
    const lines: string[] = [];
    const script = 'console.log("one"); console.error("two")';
    const printed = await runCommand(process.execPath, ["-e", script], { line: (text) => lines.push(text) });
    expect(lines.sort()).toEqual(["one", "two"]);
    expect(printed).toContain("one");
  });

  test("that falls silent is ended", async () => {
    const hangs = runCommand(process.execPath, ["-e", 'console.log("start"); setInterval(() => {}, 1000)'], {
      silence: 700,
    });
    await expect(hangs).rejects.toThrow(/said nothing for 0.7 seconds and was ended/);
  });

  test("that is missing, or fails, is named with its last words", async () => {
    await expect(runCommand("no-such-program-here", [])).rejects.toThrow(
      /no-such-program-here does not start/,
    );
    await expect(
      runCommand(process.execPath, ["-e", 'console.error("last words"); process.exit(3)']),
    ).rejects.toThrow(/ended with code 3:\nlast words/);
  });
});

test.each([
  ["VAENB_HOME wins", { VAENB_HOME: "/x", XDG_DATA_HOME: "/y" }, "linux", "/x"],
  ["XDG on Linux", { XDG_DATA_HOME: "/y" }, "linux", join("/y", "vaenb")],
  ["the convention on Linux", {}, "linux", join("/home/me", ".local", "share", "vaenb")],
  ["Library on macOS", {}, "darwin", join("/home/me", "Library", "Application Support", "vaenb")],
  ["AppData on Windows", { LOCALAPPDATA: "/app" }, "win32", join("/app", "vaenb")],
])("the data folder: %s", (_, environment, platform, expected) => {
  expect(dataFolder(environment, platform, "/home/me")).toBe(expected);
});
