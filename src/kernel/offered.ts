import path from "node:path";
import { inspect } from "node:util";
import type { MimeBundle } from "../protocol/mime";
import type { connectHost, Host } from "../vae/host";
import type { OfferedModules } from "./cells/evaluator";
import type { Namespace } from "./cells/packages";
import { Documentation, type Table } from "./documentation/documentation";
import { currentRun } from "./cells/run";
import type { DisplayHandle, Displays } from "./output/displays";
import { checkBundle } from "./output/bundle";
import type { Inputs } from "./output/inputs";

/**
 * The modules that the kernel gives to cells, and the one place that knows of the VAE library. The library is loaded
 * when a cell asks for a name of it, not before.
 */
export interface Offered {
  readonly modules: OfferedModules;
  /** The module that exports this name. Loads the library to know. */
  readonly exporterOf: (name: string) => string | undefined;
  readonly documentation: Documentation;
  /** The library's own way to show a value, once it is loaded. */
  readonly present: (value: unknown) => MimeBundle | undefined;
}

/** What the kernel needs of the library's bundle. */
interface Library {
  readonly connectHost: typeof connectHost;
  /** How the library shows values that carry no display of their own, such as tensors. */
  readonly present: (value: unknown) => MimeBundle | undefined;
  readonly tf: object;
}

const tensorflow = new Set([
  "@tensorflow/tfjs",
  "@tensorflow/tfjs-core",
  "@tensorflow/tfjs-node",
  "@tensorflow/tfjs-node-gpu",
]);

export function offerModules(
  displays: Displays,
  inputs: Inputs,
  clear: (wait: boolean) => void,
  { keeps, saves }: Pick<Host, "keeps" | "saves">,
): Offered {
  const tools = notebookTools(displays, inputs, clear);
  let library: Library | undefined;
  let everything: Namespace | undefined;
  let tf: Namespace | undefined;

  const load = (): Library => {
    if (library) return library;
    // Beside this bundle; found at run time, so that starting a kernel does not pay for it.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    library = require(path.join(__dirname, "vae.cjs")) as Library;
    nameAsExported(library);
    library.connectHost({
      announce: (figure) => displays.announce(figure),
      cooperate: (task) => currentRun.getStore()?.cooperate(task) ?? task(new AbortController().signal),
      keeps,
      saves,
    });
    return library;
  };

  const all = (): Namespace => (everything ??= Object.freeze({ ...load(), ...tools }));
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const readTable = (): Table => require(path.join(__dirname, "documentation.cjs")) as Table;

  return {
    documentation: new Documentation(readTable, () => (library ? all() : tools)),
    modules: {
      names: ["vaenb", ...tensorflow],
      get(specifier, names) {
        if (specifier === "vaenb") {
          if (names.every((name) => Object.hasOwn(tools, name))) return tools;
          return all();
        }
        if (tensorflow.has(specifier)) return (tf ??= withDefault(load().tf));
        return undefined;
      },
    },
    exporterOf: (name) => (Object.hasOwn(tools, name) || Object.hasOwn(load(), name) ? "vaenb" : undefined),
    present: (value) => library?.present(value),
  };
}

/**
 * The bundler gives functions names of its own where two modules use the same one: `dense3`. People see them in what they
 * print, so each gets the name back under which it is imported.
 */
function nameAsExported(exported: object): void {
  for (const [name, value] of Object.entries(exported) as [string, unknown][]) {
    if (name === "tf") continue; // TensorFlow.js names its own.
    if (typeof value === "function" && value.name !== name)
      Object.defineProperty(value, "name", { value: name, configurable: true });
    // `plot` and `data` are objects of functions.
    else if (isPlain(value)) nameAsExported(value);
  }
}

const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

const withDefault = (module: object): Namespace => Object.freeze({ ...module, default: module });

function requireText(value: unknown, what: string): string {
  if (typeof value === "string") return value;
  throw new TypeError(`${what} must be a string, not ${inspect(value, { depth: 0 })}`);
}

/** What cells import from "vaenb" to talk to their notebook. */
function notebookTools(displays: Displays, inputs: Inputs, clear: (wait: boolean) => void) {
  const as =
    (mime: string) =>
    (strings: TemplateStringsArray | string, ...values: readonly unknown[]) => {
      const text = typeof strings === "string" ? strings : String.raw({ raw: strings }, ...values);
      return { [Symbol.for("Jupyter.display")]: () => ({ [mime]: text, "text/plain": text }) };
    };
  const tools = {
    /** Shows a value now; the handle's `update` shows another one in its place. */
    display: (value: unknown, { id }: { id?: string } = {}): DisplayHandle =>
      displays.show(value, id === undefined ? {} : { id: requireText(id, "the id of a display") }),
    /** Shows ready-made content: an object from MIME type to content. */
    displayBundle: (bundle: MimeBundle): void => displays.showBundle(checkBundle(bundle)),
    /** Asks the person for a line of text. */
    input: (prompt = "", options: { password?: boolean } = {}): Promise<string> =>
      inputs.ask(requireText(prompt, "the prompt of input"), options.password === true),
    /** Removes the cell's outputs so far; with `wait`, when the next one comes. */
    clearOutput: ({ wait = false }: { wait?: boolean } = {}): void => clear(wait),
    /** HTML that a cell shows: html`<b>${text}</b>`, or html(text). */
    html: as("text/html"),
    /** Markdown that a cell shows: markdown`**loss** ${loss}`, or markdown(text). */
    markdown: as("text/markdown"),
    /** A drawing that a cell shows: svg`<svg>...</svg>`, or svg(text). */
    svg: as("image/svg+xml"),
    /** Shows a value as JSON that unfolds. */
    json: (value: unknown) => ({ [Symbol.for("Jupyter.display")]: () => ({ "application/json": value }) }),
  };
  nameAsExported(tools);
  return Object.freeze(tools);
}
