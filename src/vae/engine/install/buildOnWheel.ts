import { existsSync } from "node:fs";
import { mkdir, readdir, rm, symlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { RunCommand } from "./commands";
import type { InstallProgress } from "./tfjsNode";

export interface BuildOptions {
  readonly wheel?: string;
  readonly python?: string;
  readonly run: RunCommand;
  readonly progress: (progress: InstallProgress) => void;
}

/**
 * The native library as Python's wheel has it, and the names under which tfjs-node's build asks for it. Windows wheels have no
 * library to link against.
 */
const libraries: Readonly<
  Record<string, { readonly wheel: string; readonly names: Readonly<Record<string, string>> }>
> = {
  linux: {
    wheel: process.arch === "x64" ? "tensorflow-cpu" : "tensorflow",
    names: {
      "libtensorflow_cc.so.2": "libtensorflow.so",
      "libtensorflow_framework.so.2": "libtensorflow_framework.so",
    },
  },
  darwin: {
    wheel: "tensorflow",
    names: {
      "libtensorflow_cc.2.dylib": "libtensorflow.2.dylib",
      "libtensorflow_framework.2.dylib": "libtensorflow_framework.2.dylib",
    },
  },
};

/**
 * Builds tfjs-node's binding against the TensorFlow of a Python wheel: libraries and headers from the wheel, then node-gyp.
 *
 * @param packageFolder the unpacked npm package, without its native part
 * @throws Error that names the step which failed
 */
export async function buildOnWheel(packageFolder: string, options: BuildOptions): Promise<void> {
  const { run, progress } = options;
  const library = libraries[process.platform];
  if (!library) {
    throw new Error(
      `tfjs-node cannot be built on a TensorFlow wheel on ${process.platform}: the wheel has no library to link against. ` +
        `Use the engine "compiled" or "wasm".`,
    );
  }
  const python = options.python ?? process.env.PYTHON ?? "python3";
  const downloads = join(packageFolder, "wheel");
  const wheel = options.wheel
    ? resolve(options.wheel)
    : await download(library.wheel, python, downloads, options);

  progress({ phase: "wheel", text: "Unpacking TensorFlow's library and headers from the wheel" });
  const deps = join(packageFolder, "deps");
  await run(python, ["-c", unpackProgram, wheel, deps, ...Object.keys(library.names)]);
  for (const [name, linked] of Object.entries(library.names)) {
    await symlink(name, join(deps, "lib", linked));
  }
  await rm(downloads, { recursive: true, force: true });

  progress({ phase: "compile", text: "Compiling the binding (half a minute)" });
  await run(process.execPath, [await nodeGyp(run), "rebuild", ...gypFlags(packageFolder)], {
    cwd: packageFolder,
    environment: { ELECTRON_RUN_AS_NODE: "1" },
    line: (text) => progress({ phase: "compile", text }),
  });
  await rm(join(packageFolder, "build"), { recursive: true, force: true });
}

async function download(
  wheel: string,
  python: string,
  into: string,
  { run, progress }: BuildOptions,
): Promise<string> {
  progress({ phase: "wheel", text: `Asking pip for ${wheel} (about 270 MB)` });
  await mkdir(into, { recursive: true });
  try {
    await run(
      python,
      ["-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--dest", into, wheel],
      {
        line: (text) => progress({ phase: "wheel", text }),
      },
    );
  } catch (cause) {
    throw new Error(
      `pip found no ${wheel} for this Python and machine: ${cause instanceof Error ? cause.message : String(cause)}\n` +
        `Name a wheel that you have with --wheel, or use the engine "compiled" or "wasm".`,
      { cause },
    );
  }
  const file = (await readdir(into)).find((name) => name.endsWith(".whl"));
  if (file === undefined) throw new Error(`pip downloaded no wheel of ${wheel} into ${into}.`);
  return join(into, file);
}

/** Arguments: wheel, destination, library names. Writes lib/ and include/ there; streams, since a library has 790 MB. */
const unpackProgram = `
import os, shutil, sys, zipfile
wheel, deps, libraries = sys.argv[1], sys.argv[2], sys.argv[3:]
include = "tensorflow/include/"
wanted = tuple(include + part for part in ("tensorflow/c/", "tensorflow/core/platform/", "tsl/", "xla/tsl/c/"))
with zipfile.ZipFile(wheel) as archive:
    names = archive.namelist()
    missing = ["tensorflow/" + name for name in libraries if "tensorflow/" + name not in names]
    if missing:
        sys.exit("the wheel has no " + ", ".join(missing))
    targets = {"tensorflow/" + name: os.path.join(deps, "lib", name) for name in libraries}
    for name in names:
        if name.startswith(wanted) and name.endswith(".h"):
            targets[name] = os.path.join(deps, "include", name[len(include):])
    for name, target in targets.items():
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with archive.open(name) as source, open(target, "wb") as file:
            shutil.copyfileobj(source, file, 1 << 20)
`;

/** npm carries node-gyp with it. */
async function nodeGyp(run: RunCommand): Promise<string> {
  const globalModules = (await run("npm", ["root", "--global"])).trim().split("\n").at(-1) ?? "";
  const carried = join("node_modules", "node-gyp", "bin", "node-gyp.js");
  const places = [join(globalModules, "npm"), join(dirname(process.execPath), "node_modules", "npm")];
  const found = places.map((place) => join(place, carried)).find((path) => existsSync(path));
  if (found === undefined) {
    throw new Error(
      `node-gyp was not found beside npm (looked in ${places.join(", ")}); install Node.js with its npm.`,
    );
  }
  return found;
}

function gypFlags(packageFolder: string): string[] {
  const prefix = join(dirname(process.execPath), "..");
  // Headers that came with Node spare node-gyp a download.
  const headers = existsSync(join(prefix, "include", "node", "node_api.h")) ? [`--nodedir=${prefix}`] : [];
  const output = join(packageFolder, "lib", "napi-v8");
  return [...headers, "--module_name=tfjs_binding", `--module_path=${output}`, "--napi_build_version=8"];
}
