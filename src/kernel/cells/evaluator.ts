import { isBuiltin } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import type { CellForm, ImportRequest } from "./cellForm";
import { type Compiled, compileCell } from "./compile";
import { exportsType } from "./exportedTypes";
import { Interrupt } from "./failure";
import { isRelative, LocalFiles } from "./localFiles";
import { LocalModules, type ModuleParts } from "./localModules";
import { mayBeType, missingExport, missingFile } from "./missing";
import type { ModuleForm } from "./moduleForm";
import { type Namespace, Packages } from "./packages";
import type { Run } from "./run";
import { Scope } from "./scope";
import type { StackTraces } from "./stackTrace";
import type { Stop } from "./stop";
import type { Units } from "./unit";
import { type Unit } from "./unit";

/** Modules that the kernel itself gives to cells, loaded when a cell asks; one instance for all. */
export interface OfferedModules {
  readonly names: readonly string[];
  get(specifier: string, names: readonly string[]): Namespace | undefined;
}

/** The value of a cell's last expression; `undefined` where there is none or it ended in `;`. */
export type Outcome = { readonly value: unknown } | undefined;

/** Runs cells against one scope, with the imports of one folder. */
export class Evaluator {
  readonly scope = new Scope();
  private readonly files: LocalFiles;
  private readonly packages: Packages;
  private readonly modules: LocalModules;
  private readonly require: NodeJS.Require;
  private compilations = 0;

  constructor(
    private readonly folder: string,
    private readonly offered: OfferedModules,
    private readonly stop: Stop,
    private readonly units: Units,
    private readonly traces: StackTraces,
  ) {
    this.files = new LocalFiles(folder);
    this.packages = new Packages(folder, offered.names);
    this.require = this.offering(this.packages.require);
    this.modules = new LocalModules(
      this.files,
      units,
      (compiled, parts) => this.runModule(compiled, parts),
      (specifier, from) => this.import(specifier, ["*"], from, {}),
      this.packages.require,
    );
  }

  /** Compiles a cell for the session as it is now; throws a `CodeError` before anything ran. */
  async compile(cell: string, title: string, source: string): Promise<Compiled<CellForm>> {
    const identity = { file: `vaenb:${cell}?${++this.compilations}`, title, cell };
    const compiled = await compileCell(source, identity, this.scope, {
      compilerOptions: this.files.compilerOptions(),
    });
    this.units.add(compiled.unit, cell);
    return compiled;
  }

  /** Runs a compiled cell to its end. Call inside of the run's async context. */
  async run({ code, unit, form }: Compiled<CellForm>, run: Run): Promise<Outcome> {
    this.scope.declare(form.declared);
    for (const request of form.imports) await this.bindImport(request, form.mentioned, unit, run);
    run.throwIfStopped();
    const body = this.functionOf(code, unit);
    const start = (): unknown =>
      Reflect.apply(body, undefined, [
        this.scope.values,
        this.stop.words,
        this.cellApi(unit, this.anchor),
        this.require,
        this.anchor,
        this.folder,
      ]);
    const result = await enterBreakable(start);
    return Array.isArray(result) && result[0] !== undefined ? { value: result[0] } : undefined;
  }

  private get anchor(): string {
    return path.join(this.folder, "notebook.ts");
  }

  private functionOf(code: string, unit: Unit): (...args: unknown[]) => unknown {
    return new vm.Script(code, { filename: unit.file }).runInThisContext() as (...args: unknown[]) => unknown;
  }

  private async bindImport(
    request: ImportRequest,
    mentioned: ReadonlySet<string>,
    unit: Unit,
    run: Run,
  ): Promise<void> {
    const { specifier, bindings } = request;
    run.throwIfStopped();
    const namespace = await this.load(request, unit, run);
    for (const binding of bindings) {
      const { imported, local } = binding;
      if (imported === "*") this.scope.bind(local, () => namespace);
      else {
        const isType = (): boolean => this.exportsType(specifier, imported);
        const missing = (): Error => missingExport(binding, specifier, namespace, unit, isType());
        // A type without the word `type` is imported like a value. One that nobody uses as a value does no harm.
        const doesNoHarm = (): boolean => !mentioned.has(local) && (mayBeType(imported, local) || isType());
        if (findExport(namespace, imported) === undefined && !doesNoHarm()) throw missing();
        this.scope.bind(local, () => readExport(namespace, imported, missing));
      }
    }
  }

  /** Whether a file beside the notebook exports a type of this name. */
  private exportsType(specifier: string, name: string): boolean {
    const resolve = (wanted: string, from: string): string | undefined => this.files.resolve(wanted, from);
    const file = resolve(specifier, this.anchor);
    return file !== undefined && exportsType(file, name, resolve);
  }

  private async load(
    { specifier, bindings, attributes, offset }: ImportRequest,
    unit: Unit,
    run: Run,
  ): Promise<Namespace> {
    try {
      const names = bindings.map((one) => one.imported);
      return (await run.wait(this.import(specifier, names, this.anchor, attributes))) as Namespace;
    } catch (error) {
      this.traces.passed(error, unit, unit.placeOfOffset(offset));
      throw error;
    }
  }

  private async import(
    specifier: string,
    names: readonly string[],
    from: string,
    attributes: Readonly<Record<string, string>>,
  ): Promise<Namespace> {
    const offered = this.offered.get(specifier, names);
    if (offered) return offered;
    const file = this.files.resolve(specifier, from);
    if (file) return this.modules.import(file, from);
    if (isRelative(specifier))
      throw missingFile(specifier, path.dirname(from), from === this.anchor ? undefined : from);
    return this.packages.import(specifier, attributes);
  }

  private async runModule({ code, unit }: Compiled<ModuleForm>, parts: ModuleParts): Promise<void> {
    const file = unit.path ?? this.anchor;
    const api = { ...this.cellApi(unit, file), ...parts };
    await Reflect.apply(this.functionOf(code, unit), undefined, [
      this.stop.words,
      api,
      this.require,
      file,
      path.dirname(file),
    ]);
  }

  /** What compiled code calls; see `instrument.ts` and the forms. */
  private cellApi(unit: Unit, file: string) {
    const { stop, scope, traces } = this;
    const wait = (value: unknown, site: number): unknown => {
      const waited = stop.wait(value);
      if (waited === value || !(waited instanceof Promise)) return waited;
      // A second reaction, so that the trace knows the await; the first one is the cell's own.
      waited.catch((error: unknown) => traces.passedAwait(error, unit, site));
      return waited;
    };
    return {
      stopped: stop.stopped,
      caught: stop.caught,
      // Named as what they stand around: the engine's messages quote them.
      setTimeout: stop.started,
      setInterval: stop.started,
      setImmediate: stop.started,
      await: wait,
      iterate: (iterable: unknown, site: number) => iterate(iterable, (value) => wait(value, site)),
      import: (specifier: unknown, options?: { with?: Readonly<Record<string, string>> }) =>
        this.import(String(specifier), ["*"], file, options?.with ?? {}),
      meta: {
        url: pathToFileURL(file).href,
        filename: file,
        dirname: path.dirname(file),
        resolve: (specifier: string) => {
          const found = this.files.resolve(specifier, file) ?? this.packages.require.resolve(specifier);
          return isBuiltin(found) ? `node:${found.replace(/^node:/, "")}` : pathToFileURL(found).href;
        },
      },
      constants: scope.constants,
      typeOf: (name: string) => scope.typeOf(name),
    };
  }

  /** `require` of the notebook's folder that also knows the offered modules. */
  private offering(require: NodeJS.Require): NodeJS.Require {
    const offering = (specifier: string): unknown => {
      const offered = this.offered.get(specifier, ["*"]);
      if (offered) return offered;
      const file = this.files.resolve(specifier, this.anchor);
      if (file && /\.[mc]?ts$/.test(file))
        throw new Error(`${path.basename(file)} is TypeScript: use import instead of require.`);
      return require(file ?? specifier) as unknown;
    };
    const resolve = (specifier: string, options?: { paths?: string[] }): string =>
      this.files.resolve(specifier, this.anchor) ?? require.resolve(specifier, options);
    return Object.assign(offering, require, { resolve: Object.assign(resolve, require.resolve) });
  }
}

/** Where an export is: in the namespace, or in the default of a CommonJS package whose names Node could not see. */
function findExport(namespace: Namespace, name: string): object | undefined {
  if (name in namespace) return namespace;
  const whole = namespace.default;
  return typeof whole === "object" && whole !== null && name in whole ? whole : undefined;
}

function readExport(namespace: Namespace, name: string, missing: () => Error): unknown {
  const holder = findExport(namespace, name);
  if (holder === undefined) throw missing();
  return Reflect.get(holder, name);
}

/** `for await` whose waits a Stop can end. */
function iterate(iterable: unknown, wait: (value: unknown) => unknown): AsyncIterable<unknown> {
  const source = iterable as Partial<AsyncIterable<unknown> & Iterable<unknown>>;
  const asynchronous = source[Symbol.asyncIterator]?.();
  // The language's own error for what cannot be iterated.
  const iterator = asynchronous ?? (source as Iterable<unknown>)[Symbol.iterator]();
  const settle = async (result: unknown): Promise<IteratorResult<unknown>> => {
    const step = (await wait(result)) as IteratorResult<unknown>;
    return asynchronous ? step : { done: step.done ?? false, value: await wait(step.value) };
  };
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => settle(iterator.next()),
      return: async (value?: unknown) =>
        iterator.return ? settle(iterator.return(value)) : { done: true, value },
    }),
  };
}

const entry = Symbol.for("vaenb.enter");
const breakable = new vm.Script(`globalThis[Symbol.for("vaenb.enter")]()`, { filename: "vaenb:enter" });

/**
 * Calls `start` so that a signal can break even code without checks in it (a package's endless loop, a runaway regular
 * expression), up to its first await.
 */
async function enterBreakable(start: () => unknown): Promise<unknown> {
  Object.defineProperty(globalThis, entry, { value: start, configurable: true, enumerable: false });
  try {
    return await breakable.runInThisContext({ breakOnSigint: true });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED")
      throw new Interrupt();
    throw error;
  } finally {
    Reflect.deleteProperty(globalThis, entry);
  }
}
