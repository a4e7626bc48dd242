import { readdirSync } from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";
import { suggest } from "../../protocol/suggest";
import type { ImportBinding } from "./cellForm";
import { CodeError, SourceError } from "./failure";
import type { Namespace } from "./packages";
import type { Unit } from "./unit";

/** What an import did not find, in words for the person who wrote it: where it was looked for, and what they may have meant. */

/** An export that a module does not have, at the place where it is imported. */
export function missingExport(
  { imported, local, offset }: ImportBinding,
  specifier: string,
  namespace: Namespace,
  unit: Unit,
  isType = false,
): SourceError {
  const names = exportsOf(namespace);
  const near = suggest(imported, names);
  const what = imported === "default" ? "default export" : `export named "${imported}"`;
  const hint = near === undefined ? listed(names) : `Did you mean ${near}?`;
  const type =
    near === undefined || mayBeType(imported, local) ? " If it is a type, import it with: import type." : "";
  const place = unit.placeOfOffset(offset) ?? { line: 1, column: 1 };
  const length = imported === "default" ? local.length : imported.length;
  const text = isType
    ? `"${imported}" is a type in "${specifier}": it is gone when a cell runs, and is no value. Use it in types only.`
    : `"${specifier}" has no ${what}. ${hint}${type}`;
  const error = new CodeError(text, place, length);
  return new SourceError(error, unit);
}

/** Types are gone when a cell runs, and their names begin with a capital letter. */
export const mayBeType = (imported: string, local: string): boolean =>
  /^\p{Lu}/u.test(imported === "default" ? local : imported);

/** The names of a module; those of a CommonJS package that Node could not see from outside are properties of its default. */
function exportsOf(namespace: Namespace): readonly string[] {
  const whole = namespace.default;
  const hidden = typeof whole === "object" && whole !== null ? Object.keys(whole) : [];
  return [...new Set([...Object.keys(namespace), ...hidden])];
}

const LISTED = 12;

function listed(names: readonly string[]): string {
  if (names.length === 0) return "It exports nothing.";
  const more = names.length - LISTED;
  return `It exports ${names.slice(0, LISTED).join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}

/** A package or a module of Node's that is not there. Its `code` is Node's, for code that can do without the package. */
export function missingPackage(
  specifier: string,
  code: string,
  folders: readonly string[],
  offered: readonly string[],
): Error {
  const isPackage = !hasScheme(specifier);
  const name = packageName(specifier);
  const known = isPackage
    ? [...offered, ...installed(folders), ...builtinModules.filter((one) => !one.startsWith("_"))]
    : builtinModules.map((one) => `node:${one}`);
  const near = suggest(name, known);
  const problem = isPackage
    ? `There is no package "${name}" in ${folders[0] ?? "node_modules"}, nor in a folder above it.`
    : `There is no module "${specifier}".`;
  const advice = isPackage ? ` If that is its name, install it beside the notebook: npm install ${name}` : "";
  const hint = near === undefined ? advice : ` Did you mean "${near}"?`;
  return Object.defineProperty(new Error(problem + hint), "code", { value: code });
}

/** As `node:path` and `https://...` do. */
export const hasScheme = (specifier: string): boolean => /^[a-z]+:/.test(specifier);

export const packageName = (specifier: string): string =>
  hasScheme(specifier) ? specifier : specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");

/** The packages in these folders. */
function installed(folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    entries(folder).flatMap((name) =>
      name.startsWith("@")
        ? entries(path.join(folder, name)).map((one) => `${name}/${one}`)
        : name.startsWith(".")
          ? []
          : [name],
    ),
  );
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // Most of the folders above have none.
  }
}

/** A file that is not where an import says. `importer` is the file that imports it; none: the notebook. */
export function missingFile(specifier: string, folder: string, importer: string | undefined): Error {
  const wanted = path.resolve(folder, specifier);
  const { name, ext } = path.parse(wanted);
  const near = suggest(
    name,
    entries(path.dirname(wanted)).map((entry) => path.parse(entry).name),
  );
  const hint =
    near === undefined || near === name
      ? ""
      : ` Did you mean "${specifier.slice(0, specifier.length - name.length - ext.length)}${near}"?`;
  const beside = importer === undefined ? "the notebook" : path.basename(importer);
  return new Error(`Cannot find "${specifier}" beside ${beside}, in ${folder}.${hint}`);
}
