import type { Scope } from "../cells/scope";
import type { Documentation, Option } from "../documentation/documentation";
import { optionAt } from "./optionAt";
import type { NamePath } from "./path";

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
