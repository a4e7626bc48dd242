import * as tf from "@tensorflow/tfjs";
import { borrowKernelsFromCpu } from "./eager/borrowedKernels";
import { correctCpuKernels, countAxesFromFront } from "./eager/correctedKernels";
import { findTfjsNode, loadTfjsNode, tfjsNodeBackend } from "./eager/tfjsNode";
import { startWasm } from "./eager/wasm";
import { correctGradients } from "./gradients";

/** The tfjs backends that a session can be told to use, fastest first. */
export const eagerBackends = ["tfjs-node", "wasm", "cpu"] as const;
export type EagerBackend = (typeof eagerBackends)[number];

export interface LoadedBackend {
  /** What tfjs calls it, for `tf.setBackend`. */
  readonly tfjsName: string;
  /** For people: what it is. */
  readonly description: string;
}

const loading = new Map<EagerBackend, Promise<LoadedBackend>>();

/**
 * Makes a backend ready, once. The backend in use stays in use.
 *
 * @param notice takes sentences for the person: an operation that the backend lacks and that runs elsewhere
 * @throws Error where it is not installed or does not load, with the way out
 */
export function loadBackend(
  name: EagerBackend,
  notice: (text: string) => void = () => {},
): Promise<LoadedBackend> {
  listeners.add(notice);
  const begun = loading.get(name) ?? load(name);
  loading.set(name, begun);
  // A failure is not kept: the person may install what is missing and try again.
  begun.catch(() => loading.delete(name));
  return begun;
}

/** Who is told about borrowed operations: everyone who loaded a backend, once each. */
const listeners = new Set<(text: string) => void>();
const tellAll = (text: string): void => {
  for (const listener of listeners) listener(text);
};

async function load(name: EagerBackend): Promise<LoadedBackend> {
  prepareCpu();
  correctGradients();
  correctCpuKernels();
  switch (name) {
    case "cpu":
      return {
        tfjsName: "cpu",
        description: "TensorFlow.js in plain JavaScript, the most portable backend and the slowest",
      };
    case "wasm":
      await startWasm();
      countAxesFromFront("wasm");
      borrowKernelsFromCpu("wasm", "wasm", tellAll);
      return { tfjsName: "wasm", description: "TensorFlow.js on WebAssembly SIMD, one thread" };
    case "tfjs-node":
      return loadNative();
  }
}

/**
 * Gives tfjs a current backend, so that a more capable one is never chosen by itself while it is still starting, and
 * keeps the cpu backend from printing its banner about tfjs-node: what runs and why is the session's to say.
 */
function prepareCpu(): void {
  Object.assign(tf.findBackend("cpu"), { firstUse: false });
  if (!tf.getBackend()) void tf.setBackend("cpu");
}

function loadNative(): LoadedBackend {
  const folder = findTfjsNode();
  if (folder === undefined) {
    throw new Error(
      `@tensorflow/tfjs-node is not installed. "vaenb engine install tfjs-node" installs it (about 300 MB), or use "wasm".`,
    );
  }
  try {
    loadTfjsNode(folder);
  } catch (cause) {
    throw new Error(
      `@tensorflow/tfjs-node in ${folder} does not load: ${cause instanceof Error ? cause.message : String(cause)} ` +
        `"vaenb engine install tfjs-node" installs it anew.`,
      { cause },
    );
  }
  borrowKernelsFromCpu(tfjsNodeBackend, "tfjs-node", tellAll);
  return {
    tfjsName: tfjsNodeBackend,
    description: `TensorFlow's native library through tfjs-node, from ${folder}`,
  };
}
