import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "acorn";
import { type Compiled, compileModule } from "./compile";
import { CodeError } from "./failure";
import { type LocalFiles, stampOf } from "./localFiles";
import type { ModuleForm, ReExport } from "./moduleForm";
import type { Namespace } from "./packages";
import type { Unit, Units } from "./unit";

/** How a module's compiled code is run; the evaluator knows. */
export type RunModule = (
  compiled: Compiled<ModuleForm>,
  modules: readonly Namespace[],
  exports: ExportTable,
) => Promise<void>;
export type ExportTable = (getters: Readonly<Record<string, () => unknown>>) => void;

/** Imports what a module needs, whatever it is. */
type ImportDependency = (specifier: string, from: string, pass: Pass) => Promise<Namespace>;

interface Loaded {
  readonly path: string;
  readonly stamp: string;
  readonly namespace: Namespace;
  readonly dependencies: { readonly specifier: string; readonly namespace: Namespace }[];
}

/** One import by a cell: each file is looked at once, and a cycle meets the namespace that is being filled. */
export class Pass {
  readonly seen = new Map<string, Namespace>();
}

/**
 * The modules of the notebook's own folder: TypeScript, JavaScript and JSON, evaluated once and again when they or
 * anything below them changed.
 */
export class LocalModules {
  private readonly loaded = new Map<string, Loaded>();
  private versions = 0;

  constructor(
    private readonly files: LocalFiles,
    private readonly units: Units,
    private readonly run: RunModule,
    private readonly importDependency: ImportDependency,
    private readonly require: NodeJS.Require,
  ) {}

  async import(file: string, pass: Pass): Promise<Namespace> {
    const seen = pass.seen.get(file);
    if (seen) return seen;
    const known = this.loaded.get(file);
    const stamp = stampOf(file);
    if (known?.stamp === stamp) {
      pass.seen.set(file, known.namespace);
      if (await this.isCurrent(known, pass)) return known.namespace;
    }
    return this.load(file, stamp, pass);
  }

  /** Whether everything that a module was built on is still what it would get today. */
  private async isCurrent({ dependencies, path: file }: Loaded, pass: Pass): Promise<boolean> {
    for (const { specifier, namespace } of dependencies)
      if ((await this.importDependency(specifier, file, pass)) !== namespace) return false;
    return true;
  }

  private async load(file: string, stamp: string, pass: Pass): Promise<Namespace> {
    this.loaded.delete(file);
    const namespace: Namespace = Object.create(null, {
      [Symbol.toStringTag]: { value: "Module" },
    }) as Namespace;
    pass.seen.set(file, namespace);
    const dependencies =
      path.extname(file) === ".json"
        ? this.loadJson(file, namespace)
        : await this.loadCode(file, namespace, pass);
    this.loaded.set(file, { path: file, stamp, namespace, dependencies });
    return namespace;
  }

  private loadJson(file: string, namespace: Namespace): Loaded["dependencies"] {
    let value: unknown;
    try {
      value = JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
      throw new Error(
        `${file} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    }
    exportAll(namespace, value);
    return [];
  }

  private async loadCode(file: string, namespace: Namespace, pass: Pass): Promise<Loaded["dependencies"]> {
    const source = readFileSync(file, "utf8");
    if (isCommonJs(file, source)) {
      // Node keeps what it loaded; a changed file must be loaded again.
      Reflect.deleteProperty(this.require.cache, file);
      exportAll(namespace, this.require(file));
      return [];
    }
    const identity = { file: `vaenb:${file}?${++this.versions}`, title: path.basename(file), path: file };
    const compiled = await this.compile(source, identity);
    this.units.add(compiled.unit, file);

    const dependencies: Loaded["dependencies"] = [];
    for (const { specifier } of compiled.form.imports)
      dependencies.push({ specifier, namespace: await this.importDependency(specifier, file, pass) });
    checkNames(compiled, dependencies, pass);
    reExport(namespace, compiled.form.reExports, dependencies);
    await this.run(
      compiled,
      dependencies.map((one) => one.namespace),
      (getters) => {
        for (const [name, get] of Object.entries(getters)) define(namespace, name, get);
      },
    );
    return dependencies;
  }

  private async compile(
    source: string,
    identity: { file: string; title: string; path: string },
  ): Promise<Compiled<ModuleForm>> {
    try {
      return await compileModule(source, identity, { compilerOptions: this.files.compilerOptions() });
    } catch (error) {
      if (error instanceof CodeError) throw new ModuleCodeError(error, identity.title, identity.path, source);
      throw error;
    }
  }
}

/** A syntax error in a module, with the source that it is in. */
export class ModuleCodeError extends CodeError {
  constructor(
    error: CodeError,
    readonly title: string,
    readonly path: string,
    readonly source: string,
  ) {
    super(error.message, error.place, error.length, error.notes);
  }
}

function define(namespace: Namespace, name: string, get: () => unknown): void {
  Object.defineProperty(namespace, name, { get, enumerable: true, configurable: true });
}

/** A CommonJS module or JSON as a namespace: the value itself is the default, its properties are names. */
function exportAll(namespace: Namespace, value: unknown): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    for (const name of Object.keys(value)) define(namespace, name, () => Reflect.get(value, name));
  define(namespace, "default", () => value);
}

function reExport(
  namespace: Namespace,
  reExports: readonly ReExport[],
  dependencies: Loaded["dependencies"],
): void {
  for (const one of reExports) {
    const from = dependencies[one.from]?.namespace;
    if (!from) continue;
    if ("everything" in one) {
      for (const name of Object.keys(from)) if (name !== "default") define(namespace, name, () => from[name]);
    } else if (one.imported === "*") define(namespace, one.exported, () => from);
    else if (one.imported in from) define(namespace, one.exported, () => from[one.imported]);
  }
}

/** A name that a module does not export is an error where it is imported, as in Node; types are gone by now. */
function checkNames(
  { unit, form }: Compiled<ModuleForm>,
  dependencies: Loaded["dependencies"],
  pass: Pass,
): void {
  const inProgress = new Set(pass.seen.values());
  form.imports.forEach(({ specifier, bindings, offset }, i) => {
    const namespace = dependencies[i]?.namespace;
    if (!namespace || (inProgress.has(namespace) && Object.keys(namespace).length === 0)) return;
    for (const { imported } of bindings) {
      if (imported === "*" || imported in namespace) continue;
      const error = new CodeError(missingExport(specifier, imported, namespace), placeIn(unit, offset));
      throw new ModuleCodeError(error, unit.title, unit.path ?? unit.title, unit.source);
    }
  });
}

const placeIn = (unit: Unit, offset: number) => unit.placeOfOffset(offset) ?? { line: 1, column: 1 };

export function missingExport(specifier: string, name: string, namespace: Namespace): string {
  const names = Object.keys(namespace);
  const list =
    names.length === 0 ? "nothing" : names.slice(0, 12).join(", ") + (names.length > 12 ? ", ..." : "");
  return `"${specifier}" has no export named "${name}"; it exports ${list}`;
}

/** `.js` files are what their syntax says: one with imports or exports is a module. */
function isCommonJs(file: string, source: string): boolean {
  const extension = path.extname(file);
  if (extension === ".cjs") return true;
  if (extension !== ".js") return false;
  try {
    parse(source, {
      ecmaVersion: 2025,
      sourceType: "script",
      allowHashBang: true,
      allowReturnOutsideFunction: true,
    });
    return true;
  } catch {
    return false;
  }
}
