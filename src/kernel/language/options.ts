import type { Scope } from "../cells/scope";
import type { Documentation, Option } from "../documentation/documentation";
import { LONGEST_CHAIN } from "./brackets";
import { optionAt } from "./optionAt";
import type { NamePath } from "./path";

/** The texts that an option takes whose value begins here with a quote: `activation: "|`. */
export function valuesAt(
  code: string,
  cursor: number,
  scope: Scope,
  documentation: Documentation,
): { readonly start: number; readonly values: readonly string[] } | undefined {
  const before = code.slice(Math.max(0, cursor - LONGEST_CHAIN), cursor);
  const written = /(?<key>[\p{ID_Continue}$]+)\s*:\s*["'](?<text>[\w-]*)$/u.exec(before);
  if (!written?.groups) return undefined;
  const { key = "", text = "" } = written.groups;
  const start = cursor - written[0].length;
  const path = { parents: [], name: "", start, end: start };
  const option = optionsAt(path, code, scope, documentation)?.options.find(({ name }) => name === key);
  const values = [...(option?.type ?? "").matchAll(/"([^"]*)"/g)].map(([, value = ""]) => value);
  return values.length > 0 ? { start: cursor - text.length, values } : undefined;
}

/** The options that can be named here: those of the parameter of a documented function. */
export function optionsAt(
  path: NamePath,
  code: string,
  scope: Scope,
  documentation: Documentation,
): { readonly options: readonly Option[]; readonly written: readonly string[] } | undefined {
  const place = path.parents.length === 0 ? optionAt(code, path.start) : undefined;
  if (!place) return undefined;
  const entry = documentation.entryOf(scope, place.callee, code);
  let options = entry?.options?.[place.argument];
  for (const name of place.within) options = options?.find((one) => one.name === name)?.options;
  return options && { options, written: place.written };
}
