import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { parse } from "acorn";
import type { Message, TransformOptions } from "esbuild";
import { CodeError, type Place } from "./failure";
import { forEachChild, type Node, type Program } from "./syntax";
import { endsTooEarly, unfinished } from "./unfinished";

/** JavaScript with the types gone. No `map`: the code is the source itself. */
export interface Stripped {
  readonly code: string;
  readonly program: Program;
  readonly map: string | undefined;
}

export interface StripOptions {
  readonly file: string;
  /**
   * Keep imports that this source does not use: in a notebook, a later cell may. In a module they may be types, which
   * do not exist at run time.
   */
  readonly keepUnusedImports: boolean;
  /** `compilerOptions` of the folder's tsconfig that change how code runs. */
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
}

/** Removes types, and lowers what this engine cannot run yet (enums, namespaces, decorators, `using`). Checks no types. */
export async function stripTypes(source: string, options: StripOptions): Promise<Stripped> {
  const plain = asPlainJavaScript(source);
  if (plain) return { code: source, program: plain, map: undefined };
  const { code, map } = await lower(source, options);
  if (code.includes("__commonJS") && !source.includes("__commonJS"))
    throw new CodeError(noReturn, placeOfReturn(source));
  return { code, program: parseLowered(code, map), map };
}

const noReturn =
  "`return` and `export =` have no meaning here: a cell shows the value of its last expression";

function placeOfReturn(source: string): Place {
  const before = source.slice(0, Math.max(0, source.search(/^\s*(return\b|export\s*=)/m)));
  return { line: before.split("\n").length, column: 1 };
}

/** What the compiler lets pass and the language does not, such as an invalid regular expression. */
function parseLowered(code: string, map: string): Program {
  try {
    return parse(code, syntax);
  } catch (error) {
    const at = error instanceof SyntaxError && "loc" in error ? (error.loc as Place) : { line: 1, column: 0 };
    const found = originalPositionFor(new TraceMap(map), at);
    const message = error instanceof Error ? error.message.replace(/ \(\d+:\d+\)$/, "") : String(error);
    throw new CodeError(message, { line: found.line ?? 1, column: (found.column ?? 0) + 1 });
  }
}

// What Node 20 can run; `using` and decorators are newer and go the other way.
const syntax = {
  ecmaVersion: 2025,
  sourceType: "module",
  allowAwaitOutsideFunction: true,
  allowHashBang: true,
} as const;

/** Most cells have no types in them, and parsing one costs a twentieth of a trip through the compiler. */
function asPlainJavaScript(source: string): Program | undefined {
  try {
    const program = parse(source, syntax);
    return mayMeanTypes(program) ? undefined : program;
  } catch {
    return undefined;
  }
}

/** `f<T>(x)` is a call in TypeScript, and two comparisons in JavaScript. */
function mayMeanTypes(program: Program): boolean {
  const search = (node: Node): boolean => {
    if (node.type === "BinaryExpression" && node.operator === ">" && node.left.type === "BinaryExpression")
      if (node.left.operator === "<") return true;
    let found = false;
    forEachChild(node, (child) => (found ||= search(child)));
    return found;
  };
  return search(program);
}

async function lower(source: string, { file, keepUnusedImports, compilerOptions }: StripOptions) {
  const transform = await compiler();
  const settings: TransformOptions = {
    loader: "ts",
    format: "esm",
    target: "node20",
    sourcemap: "external",
    sourcesContent: false,
    sourcefile: file,
    logLevel: "silent",
    supported: { "top-level-await": true },
    tsconfigRaw: { compilerOptions: { ...compilerOptions, verbatimModuleSyntax: keepUnusedImports } },
  };
  try {
    return await transform(source, settings);
  } catch (error) {
    const [first] = messagesOf(error);
    if (!first) throw error;
    const isJsx = await transform(source, { ...settings, loader: "tsx" }).then(
      () => true,
      () => false,
    );
    const isCut = !isJsx && endsTooEarly(first.text);
    throw (isCut ? unfinished(source) : undefined) ?? asCodeError(first, isJsx);
  }
}

/** The compiler is a process of its own; where it was killed, another one is started. */
async function compiler() {
  const { stop, transform } = await import("esbuild");
  return async (source: string, settings: TransformOptions) => {
    try {
      return await transform(source, settings);
    } catch (error) {
      if (messagesOf(error).length > 0) throw error; // The source is at fault.
      await stop();
      return await transform(source, settings);
    }
  };
}

function messagesOf(error: unknown): readonly Message[] {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors)
    ? (error.errors as Message[])
    : [];
}

const inOurWords = (text: string): string =>
  text
    .replace(/ with the "esm" output format due to strict mode$/, ", because cells are strict code")
    .replace(/:$/, "");

function asCodeError({ text, location, notes }: Message, isJsx: boolean): CodeError {
  const placeOf = (at: Message["location"]) => ({ line: at?.line ?? 1, column: (at?.column ?? 0) + 1 });
  return new CodeError(
    isJsx
      ? "JSX is not supported: cells are TypeScript. Build the elements with function calls instead"
      : inOurWords(text),
    placeOf(location),
    Math.max(1, location?.length ?? 1),
    isJsx ? [] : notes.map((note) => ({ text: note.text, place: placeOf(note.location) })),
  );
}
