import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Shape } from "../engine/engine";
import { written } from "../options";
import { saveFile } from "../training/atomicFile";
import type { Definition } from "./definition";
import type { Machine } from "./machine";
import { decodeSafetensors, encodeSafetensors } from "./safetensors";

/** How far a model's training has come. */
export interface Progress {
  readonly stepsTrained: number;
  readonly runs: number;
}

/** What a saved model says of itself: how it was made, as far as that is data, and which functions have to be given again. */
export interface Architecture extends Progress {
  readonly kind: "parts" | "functions";
  readonly name: string;
  readonly input: Shape;
  readonly latent: number;
  readonly options: Readonly<Record<string, unknown>>;
  readonly functions: readonly string[];
}

const formatName = "vaenb-model-1";

/** The architecture of a model: its options without what JSON cannot hold. */
export function architectureOf(
  { name, input, latent }: Definition,
  options: unknown,
  progress: Progress,
): Architecture {
  const entries = Object.entries(typeof options === "object" && options !== null ? options : {});
  const functions = entries.flatMap(([key, value]) => (typeof value === "function" ? [key] : []));
  const isDefined = functions.includes("encode");
  const data = entries.filter(([key]) => !functions.includes(key) && !(isDefined && key === "weights"));
  return {
    kind: isDefined ? "functions" : "parts",
    name,
    input,
    latent,
    options: Object.fromEntries(data),
    functions,
    ...progress,
  };
}

/** @throws if what should be the name of a file is something else */
function requirePath(method: string, path: unknown): void {
  if (typeof path === "string" && path !== "") return;
  throw new TypeError(
    `${method} needs the name of a file: ${method}("mine.vae"), but got ${path === undefined ? "none" : written(path)}.`,
  );
}

export async function saveModel(path: string, architecture: Architecture, machine: Machine): Promise<void> {
  requirePath("model.save", path);
  const tensors = Object.fromEntries(
    machine.specs.map(({ name, shape }) => [name, { shape, values: machine.read(name) }]),
  );
  const metadata = { format: formatName, architecture: JSON.stringify(architecture) };
  await saveFile(resolve(path), encodeSafetensors({ metadata, tensors }));
}

export interface SavedModel {
  readonly architecture: Architecture;
  readonly tensors: ReturnType<typeof decodeSafetensors>["tensors"];
}

/** @throws if the file is missing, damaged or not a model of ours */
export async function readModel(path: string): Promise<SavedModel> {
  requirePath("vae.load", path);
  const bytes = await read(resolve(path));
  const { metadata, tensors } = naming(path, () => decodeSafetensors(bytes));
  if (metadata.format !== formatName || metadata.architecture === undefined)
    throw new Error(
      `${path} is a safetensors file, but not of a model saved here: its metadata has no architecture. Make the model and use model.setWeights.`,
    );
  return { architecture: naming(path, () => parseArchitecture(metadata.architecture ?? "")), tensors };
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      throw new Error(`There is no file ${path}. model.save("...") writes one.`, { cause: error });
    throw error;
  }
}

function naming<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function parseArchitecture(text: string): Architecture {
  const value: unknown = JSON.parse(text);
  if (!isArchitecture(value)) throw new Error("its metadata does not describe a model.");
  // Files of an earlier version do not say how many runs there were.
  return { ...value, runs: value.runs ?? 0 };
}

const isArchitecture = (value: unknown): value is Omit<Architecture, "runs"> & Partial<Progress> =>
  typeof value === "object" &&
  value !== null &&
  "kind" in value &&
  (value.kind === "parts" || value.kind === "functions") &&
  "name" in value &&
  typeof value.name === "string" &&
  "options" in value &&
  typeof value.options === "object" &&
  value.options !== null &&
  "functions" in value &&
  Array.isArray(value.functions) &&
  "stepsTrained" in value &&
  typeof value.stepsTrained === "number";
