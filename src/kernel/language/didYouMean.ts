import { types } from "node:util";
import { suggest } from "../../protocol/suggest";
import type { Place } from "../cells/failure";
import type { Scope } from "../cells/scope";
import { findProperty, pathAt, propertiesOf, valueAt } from "./path";

/** Where an error happened, and what the session knows. */
export interface Circumstances extends Place {
  readonly source: string;
  readonly scope: Scope;
  /** The module of the kernel's own that exports this name, if one does. */
  readonly exporterOf: (name: string) => string | undefined;
}

const ofMembers = [
  /\.(?<name>[\p{ID_Continue}$]+) is not (?:a function|a constructor|iterable)$/u,
  /^Cannot (?:read|set) properties of undefined \((?:reading|setting) '(?<name>[\p{ID_Continue}$]+)'\)$/u,
];
const ofNames = /^(?<name>[\p{ID_Continue}$]+) is not defined$/u;

/**
 * What a person may have meant by a name that is not there, as a sentence. Values are looked at without running code of
 * theirs: getters are not called.
 */
export function didYouMean(message: string, circumstances: Circumstances): string | undefined {
  try {
    const name = ofNames.exec(message)?.groups?.name;
    if (name !== undefined) return aboutName(name, circumstances);
    const member = ofMembers.map((pattern) => pattern.exec(message)?.groups?.name).find(Boolean);
    return member === undefined ? undefined : aboutMember(member, circumstances);
  } catch {
    return undefined; // A value that does not even let itself be looked at.
  }
}

/** What people who come from Python write first. */
const inOtherLanguages = new Map([
  ["print", "console.log(...)"],
  ["len", "values.length"],
  ["range", "Array.from({ length: n }, (_, i) => i)"],
  ["None", "undefined or null"],
  ["True", "true"],
  ["False", "false"],
]);

/** A name of one or two letters is near to many, and none of them is meant. */
const near = (name: string, known: readonly string[]): string | undefined =>
  name.length < 3 ? undefined : suggest(name, known);

function aboutName(name: string, { scope, exporterOf }: Circumstances): string | undefined {
  const exporter = exporterOf(name);
  if (exporter !== undefined) return `It has to be imported first: import { ${name} } from "${exporter}"`;
  const elsewhere = inOtherLanguages.get(name);
  if (elsewhere !== undefined) return `In TypeScript it is ${elsewhere}.`;
  const meant = near(name, [...scope.names(), ...Object.getOwnPropertyNames(globalThis)]);
  return meant === undefined ? undefined : `Did you mean ${meant}?`;
}

/** Follows the chain of names at the error to the first one that is not there. */
function aboutMember(name: string, { source, line, column, scope }: Circumstances): string | undefined {
  const path = pathAt(source, offsetOf(source, { line, column }), true);
  if (path?.name !== name) return undefined;
  const names = [...path.parents, path.name];
  for (let known = 1; known < names.length; known++) {
    const missing = names[known] ?? "";
    const parent = valueAt(scope, names.slice(0, known))?.value;
    if (parent === null || parent === undefined) return undefined;
    if (findProperty(parent, missing)) continue;
    if (types.isPromise(parent))
      return `${names.slice(0, known).join(".")} is a promise: put await before the call that gives it.`;
    const meant = near(missing, firstNames(parent));
    return meant === undefined ? undefined : `Did you mean ${[...names.slice(0, known), meant].join(".")}?`;
  }
  return undefined;
}

const COMPARED = 2_000;

/** A dictionary's hundreds of thousands of keys would cost seconds, and a person mistypes members. */
function firstNames(value: unknown): string[] {
  const names: string[] = [];
  for (const [name] of propertiesOf(value)) {
    if (names.push(name) === COMPARED) break;
  }
  return names;
}

const offsetOf = (source: string, { line, column }: Place): number =>
  source
    .split("\n")
    .slice(0, line - 1)
    .reduce((sum, text) => sum + text.length + 1, 0) +
  column -
  1;
