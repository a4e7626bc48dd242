import { bracketsUpTo, namesBefore } from "./brackets";

/** Where a name of an object of options is being written: `fit(data, { ep|`. */
export interface OptionPlace {
  /** The chain of names that is called. */
  readonly callee: readonly string[];
  /** The place of the object among the arguments. */
  readonly argument: number;
  /** The names on the way down to it: `["checkpoints"]` in `fit(data, { checkpoints: { ev|`. */
  readonly within: readonly string[];
  /** What is written there before the cursor. */
  readonly written: readonly string[];
}

/** Reads the brackets up to `start`, where the name under the cursor begins. */
export function optionAt(code: string, start: number): OptionPlace | undefined {
  const open = bracketsUpTo(code.slice(0, start));
  const last = open?.at(-1);
  if (!open || last?.kind !== "{" || last.key !== undefined) return undefined;
  if (code.slice(last.since, start).trim() !== "") return undefined;
  const within: string[] = [];
  for (let i = open.length - 1; i > 0; i--) {
    const [outer, inner] = [open[i - 1], open[i]];
    if (inner?.kind !== "{" || !outer) return undefined;
    if (outer.kind === "{" && outer.key !== undefined && inner.before.endsWith(":")) {
      within.unshift(outer.key);
      continue;
    }
    const callee = outer.kind === "(" ? namesBefore(outer) : undefined;
    if (callee === undefined || !/[(,]$/.test(inner.before)) return undefined;
    return { callee, argument: outer.commas, within, written: last.keys };
  }
  return undefined;
}
