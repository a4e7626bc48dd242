import { readFileSync } from "node:fs";
import path from "node:path";
import { inspect } from "node:util";
import { CommonJsFiles, isCommonJs } from "./commonJs";
import { type Compiled, compileModule } from "./compile";
import { exportsType } from "./exportedTypes";
import { CodeError, SourceError } from "./failure";
import { type LocalFiles, stampOf } from "./localFiles";
import { missingExport } from "./missing";
import { ModuleGraph } from "./moduleGraph";
import type { ModuleForm, ReExport } from "./moduleForm";
import { type Namespace, readable } from "./packages";
import type { Units } from "./unit";

/** What a module's compiled code calls besides what cells call. */
export interface ModuleParts {
  /** Called first: hands out the exports, so that a cycle finds functions that can be called already. */
  readonly exports: (getters: Readonly<Record<string, () => unknown>>) => void;
  /** Called second: loads what the module needs, in the order of its source. */
  readonly modules: () => Promise<readonly Namespace[]>;
}
export type RunModule = (compiled: Compiled<ModuleForm>, parts: ModuleParts) => Promise<void>;
type Import = (specifier: string, from: string) => Promise<Namespace>;

interface LoadedModule {
  /** Of the file, and of what it required: Node keeps that by itself, beside the modules here. */
  stamp: string;
  required: readonly string[];
  readonly namespace: Namespace;
  readonly done: Promise<void>;
  isLoading: boolean;
}

/**
 * The modules of the notebook's own folder: TypeScript, JavaScript and JSON, evaluated once, and again when they or
 * anything that they need changed.
 */
export class LocalModules {
  private readonly modules = new Map<string, LoadedModule>();
  /** Which file needs which. */
  private readonly needs = new ModuleGraph();
  /** Which file waits for which to be loaded. */
  private readonly waits = new ModuleGraph();
  private readonly commonJs: CommonJsFiles;
  private versions = 0;

  constructor(
    private readonly files: LocalFiles,
    private readonly units: Units,
    private readonly run: RunModule,
    private readonly importFrom: Import,
    require: NodeJS.Require,
  ) {
    this.commonJs = new CommonJsFiles(require);
  }

  /** The exports of `file`, for the notebook or for another module. */
  async import(file: string, from: string): Promise<Namespace> {
    const importer = this.modules.get(from);
    if (importer) this.needs.add(from, file);
    if (!importer?.isLoading) this.forgetChanged();
    const module = this.modules.get(file) ?? this.load(file);
    // In a cycle nobody waits: its members meet each other's exports as they are filled.
    if (!module.isLoading || (importer?.isLoading && this.waits.reaches(file, from))) return module.namespace;
    this.waits.add(from, file);
    try {
      await module.done;
    } finally {
      this.waits.remove(from, file);
    }
    return module.namespace;
  }

  /** Files that changed go, with all that was built on them. */
  private forgetChanged(): void {
    for (const [file, { stamp, required, isLoading }] of this.modules)
      if (!isLoading && stamp !== stampOf(file, ...required)) this.forget(file);
  }

  private forget(file: string): void {
    for (const one of this.needs.above(file)) {
      this.modules.delete(one);
      this.needs.removeFrom(one);
    }
  }

  private load(file: string): LoadedModule {
    const namespace = emptyNamespace();
    const done = this.evaluate(file, namespace).then(
      (required) => {
        if (required.length > 0) Object.assign(module, { required, stamp: stampOf(file, ...required) });
        module.isLoading = false;
      },
      (error: unknown) => {
        this.forget(file);
        throw error;
      },
    );
    done.catch(() => {}); // Whoever imports it awaits it; in a cycle nobody may.
    const module: LoadedModule = { stamp: stampOf(file), required: [], namespace, done, isLoading: true };
    this.modules.set(file, module);
    return module;
  }

  /** Fills the namespace. Returns the person's own files that Node loaded for it. */
  private async evaluate(file: string, namespace: Namespace): Promise<readonly string[]> {
    const source = readFileSync(file, "utf8");
    if (path.extname(file) === ".json") {
      exportAll(namespace, parseJson(file, source));
      return [];
    }
    if (isCommonJs(file, source)) {
      exportAll(namespace, this.commonJs.load(file));
      return this.commonJs.requiredBy(file);
    }
    const compiled = await this.compile(file, source);
    const { imports, reExports } = compiled.form;
    await this.run(compiled, {
      exports: (getters) => {
        for (const [name, get] of Object.entries(getters)) define(namespace, name, get);
      },
      modules: async () => {
        const modules: Namespace[] = [];
        for (const { specifier } of imports) modules.push(await this.importFrom(specifier, file));
        checkNames(compiled, modules, (specifier, name) => this.exportsType(specifier, name, file));
        reExport(namespace, reExports, modules);
        return modules;
      },
    });
    return [];
  }

  /** Whether a file beside the importing one has a type of this name, which is gone by now and no value. */
  private exportsType(specifier: string, name: string, from: string): boolean {
    const resolve = (wanted: string, importer: string): string | undefined =>
      this.files.resolve(wanted, importer);
    const file = resolve(specifier, from);
    return file !== undefined && exportsType(file, name, resolve);
  }

  private async compile(file: string, source: string): Promise<Compiled<ModuleForm>> {
    const identity = { file: `vaenb:${file}?${++this.versions}`, title: path.basename(file), path: file };
    try {
      const compiled = await compileModule(source, identity, {
        compilerOptions: this.files.compilerOptions(),
      });
      this.units.add(compiled.unit, file);
      return compiled;
    } catch (error) {
      if (error instanceof CodeError) throw new SourceError(error, { ...identity, source });
      throw error;
    }
  }
}

/** Looks like a real one to code, and to a person who shows it. */
const emptyNamespace = (): Namespace =>
  Object.create(null, {
    [Symbol.toStringTag]: { value: "Module" },
    [inspect.custom]: { value: asShown },
  }) as Namespace;

/** Its exports as values: that they are getters is our own affair. */
function asShown(this: Namespace): Module {
  const shown = new Module();
  for (const name of Object.keys(this).sort()) Reflect.set(shown, name, readable(this, name));
  return shown;
}

/** For its name, which a reader sees. */
class Module {}

function define(namespace: Namespace, name: string, get: () => unknown): void {
  Object.defineProperty(namespace, name, { get, enumerable: true, configurable: true });
}

/** A CommonJS module or JSON as a namespace: the value itself is the default, its properties are names. */
function exportAll(namespace: Namespace, value: unknown): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    for (const name of Object.keys(value)) define(namespace, name, () => Reflect.get(value, name));
  define(namespace, "default", () => value);
}

function parseJson(file: string, source: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${file} is not valid JSON: ${reason}`, { cause: error });
  }
}

function reExport(namespace: Namespace, reExports: readonly ReExport[], modules: readonly Namespace[]): void {
  for (const one of reExports) {
    const from = modules[one.from];
    if (!from) continue;
    if ("everything" in one) {
      for (const name of Object.keys(from))
        if (name !== "default" && !(name in namespace)) define(namespace, name, () => from[name]);
    } else if (one.imported === "*") define(namespace, one.exported, () => from);
    else if (one.imported in from) define(namespace, one.exported, () => from[one.imported]);
  }
}

/** A name that a module does not export is an error where it is imported, as in Node; types are gone by now. */
function checkNames(
  { unit, form }: Compiled<ModuleForm>,
  modules: readonly Namespace[],
  isType: (specifier: string, name: string) => boolean,
): void {
  form.imports.forEach(({ specifier, bindings }, i) => {
    const namespace = modules[i];
    // In a cycle, a module that has not handed out its exports yet cannot be asked.
    if (!namespace || Object.keys(namespace).length === 0) return;
    for (const binding of bindings)
      if (
        binding.imported !== "*" &&
        !(binding.imported in namespace) &&
        !isType(specifier, binding.imported)
      )
        throw missingExport(binding, specifier, namespace, unit);
  });
}
