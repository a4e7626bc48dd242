import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buildOnWheel } from "./buildOnWheel";
import { CommandError, runCommand, type RunCommand } from "./commands";
import { tfjsNodeFolder } from "./dataFolder";

export interface InstallProgress {
  readonly phase: "package" | "library" | "wheel" | "compile" | "check";
  /** For people: what happens now. */
  readonly text: string;
}

export interface InstallOptions {
  /** Builds the native part on the TensorFlow wheel that pip finds, instead of downloading it. */
  readonly build?: boolean;
  /** A TensorFlow wheel that is already here, instead of what pip downloads. Only with `build`. */
  readonly wheel?: string;
  /** The Python whose pip is asked. Default: `$PYTHON`, else python3. */
  readonly python?: string;
  /** Where it goes. Default: the user's data folder. */
  readonly folder?: string;
  readonly progress?: (progress: InstallProgress) => void;
  readonly run?: RunCommand;
}

export interface Installed {
  readonly folder: string;
  /** What TensorFlow says that it is: "2.9.1". */
  readonly tensorflow: string;
}

const version = "4.22.0";
const packageFolder = join("node_modules", "@tensorflow", "tfjs-node");

/**
 * Installs @tensorflow/tfjs-node into the user's data folder, checks it with a multiplication and a gradient, and only then
 * puts it in the place of the one before. Its package comes from npm, its native library (300 MB) from Google's
 * storage, which many networks block.
 *
 * @throws Error that says which part failed, with the program's last words, and the way out
 */
export async function installTfjsNode(options: InstallOptions = {}): Promise<Installed> {
  const { folder = tfjsNodeFolder(), run = runCommand, progress = () => {} } = options;
  const staging = `${folder}.partial`;
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  try {
    await fetchPackage(staging, run, progress);
    if (options.build) await buildOnWheel(join(staging, packageFolder), { ...options, run, progress });
    else await downloadLibrary(staging, run, progress);
    const tensorflow = await check(staging, run, progress);
    await rm(folder, { recursive: true, force: true });
    await mkdir(dirname(folder), { recursive: true });
    await rename(staging, folder);
    return { folder, tensorflow };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

type Step = (
  staging: string,
  run: RunCommand,
  progress: (progress: InstallProgress) => void,
) => Promise<unknown>;

const fetchPackage: Step = async (staging, run, progress) => {
  progress({ phase: "package", text: `Fetching @tensorflow/tfjs-node ${version} from npm` });
  await writeFile(join(staging, "package.json"), JSON.stringify({ private: true }));
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev"];
  try {
    await run("npm", ["install", ...flags, `@tensorflow/tfjs-node@${version}`], {
      cwd: staging,
      line: (text) => progress({ phase: "package", text }),
    });
  } catch (cause) {
    throw new Error(
      `npm could not fetch @tensorflow/tfjs-node: ${wordsOf(cause)}\nIt needs npm and its registry. ` +
        `Without them, use the engine "compiled" or "wasm".`,
      { cause },
    );
  }
};

const downloadLibrary: Step = async (staging, run, progress) => {
  progress({ phase: "library", text: "Downloading TensorFlow's native library, about 300 MB unpacked" });
  const bin = join(staging, "node_modules", ".bin");
  const separator = process.platform === "win32" ? ";" : ":";
  try {
    await run(process.execPath, [join("scripts", "install.js"), "cpu", "download"], {
      cwd: join(staging, packageFolder),
      // It calls node-pre-gyp by name.
      environment: { PATH: `${bin}${separator}${process.env.PATH ?? ""}`, ELECTRON_RUN_AS_NODE: "1" },
      silence: 60_000,
      line: (text) => progress({ phase: "library", text }),
    });
  } catch (cause) {
    throw new Error(
      `The download of TensorFlow's native library (storage.googleapis.com) failed; this network may block it.\n` +
        `${wordsOf(cause)}\n` +
        `Way out: "vaenb engine install tfjs-node --build" builds it on the TensorFlow wheel that pip finds ` +
        `(Python 3 and a C++ compiler are needed). The engines "compiled" and "wasm" need none of this.`,
      { cause },
    );
  }
};

/** In a process of its own: a library that crashes must not take the caller with it. */
const checkProgram = `
  const util = require("node:util");
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  const tf = require("@tensorflow/tfjs-node");
  const x = tf.tensor2d([[1, 2], [3, 4]]);
  const product = Array.from(tf.matMul(x, x).dataSync());
  const gradient = Array.from(tf.grad((x) => tf.sum(tf.square(x)))(x).dataSync());
  const right = String(product) === "7,10,15,22" && String(gradient) === "2,4,6,8" && tf.getBackend() === "tensorflow";
  if (!right) throw new Error("[[1,2],[3,4]] squared is " + product + ", the gradient of its squares " + gradient);
  console.log("tensorflow=" + tf.backend().binding.TF_Version);
`;

async function check(
  staging: string,
  run: RunCommand,
  progress: (progress: InstallProgress) => void,
): Promise<string> {
  progress({ phase: "check", text: "Checking it with a multiplication and a gradient" });
  try {
    const printed = await run(process.execPath, ["-e", checkProgram], {
      cwd: staging,
      environment: { ELECTRON_RUN_AS_NODE: "1", TF_CPP_MIN_LOG_LEVEL: "2" },
      silence: 120_000,
    });
    return /tensorflow=(\S+)/.exec(printed)?.[1] ?? "unknown";
  } catch (cause) {
    throw new Error(
      `@tensorflow/tfjs-node was put together, but does not compute here, so it was not installed.\n${wordsOf(cause)}`,
      { cause },
    );
  }
}

/** Of a long crash report, the line that says what happened. */
function wordsOf(cause: unknown): string {
  if (!(cause instanceof CommandError)) return cause instanceof Error ? cause.message : String(cause);
  return /^.*Error: .*$/m.exec(cause.output)?.[0].trim() ?? cause.message;
}
