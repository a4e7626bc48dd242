import { createRequire } from "node:module";
import path from "node:path";
import vm from "node:vm";
import { hasScheme, missingPackage, packageName } from "./missing";

/** A module's exports by name, whether a real namespace object or one like it. */
export type Namespace = Readonly<Record<string, unknown>>;

/** An export's value for whoever looks at a module; one that was not reached yet has none. */
export function readable(namespace: object, name: string): unknown {
  try {
    return Reflect.get(namespace, name);
  } catch {
    return undefined;
  }
}

/**
 * Node's own modules and the packages of the notebook's folder, found and loaded exactly as Node does it for a file in
 * that folder.
 */
export class Packages {
  private readonly importFrom: (specifier: string, options?: ImportCallOptions) => Promise<Namespace>;
  readonly require: NodeJS.Require;

  /** `offered`: the packages that are there without being installed. */
  constructor(
    folder: string,
    private readonly offered: readonly string[],
  ) {
    hideWarning("vm.USE_MAIN_CONTEXT_DEFAULT_LOADER");
    const anchor = path.join(folder, "notebook.mjs");
    // A script that resolves `import()` from the anchor, which need not exist.
    const script = new vm.Script("(specifier, options) => import(specifier, options)", {
      filename: anchor,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    this.importFrom = script.runInThisContext() as typeof this.importFrom;
    const require = createRequire(anchor);
    const explaining = (specifier: string): unknown => {
      try {
        return require(specifier);
      } catch (error) {
        throw this.explain(error, specifier);
      }
    };
    this.require = Object.assign(explaining, require);
  }

  async import(specifier: string, attributes: Readonly<Record<string, string>> = {}): Promise<Namespace> {
    try {
      // JSON inside of packages: Node wants an attribute that TypeScript does not ask for.
      const isJson = specifier.endsWith(".json") && !("type" in attributes);
      return await this.importFrom(specifier, {
        with: isJson ? { ...attributes, type: "json" } : { ...attributes },
      });
    } catch (error) {
      throw this.explain(error, specifier);
    }
  }

  /** What is not there at all is told in our words; a package that is broken inside tells by itself. */
  private explain(error: unknown, specifier: string): unknown {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const isOwn = error instanceof Error && error.message.includes(`'${packageName(specifier)}'`);
    if (!((ofSpecifiers.has(code) && hasScheme(specifier)) || (ofPackages.has(code) && isOwn))) return error;
    return missingPackage(specifier, code, this.require.resolve.paths("package") ?? [], this.offered);
  }
}

const ofPackages = new Set(["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"]);
const ofSpecifiers = new Set(["ERR_UNKNOWN_BUILTIN_MODULE", "ERR_UNSUPPORTED_ESM_URL_SCHEME"]);

/** Node warns once of what this kernel relies on; that is no news for the person whose cell happens to run. */
function hideWarning(about: string): void {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = (warning: string | Error, ...rest: never[]) => {
    if (!String(warning).includes(about)) emitWarning(warning, ...rest);
  };
}
