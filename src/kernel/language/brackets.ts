/** The brackets around a place in code, as far as somebody who is still writing can tell. */
export interface Bracket {
  readonly kind: "(" | "[" | "{" | "${";
  /** The code before it. */
  readonly before: string;
  commas: number;
  /** The name whose value is being written; undefined where a name may stand. */
  key: string | undefined;
  readonly keys: string[];
  /** Since the last comma. */
  since: number;
}

const name = /^\s*(?:async\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)/u;
const chain = /([\p{ID_Start}$_][\p{ID_Continue}$]*(?:\s*\??\.\s*[\p{ID_Start}$_][\p{ID_Continue}$]*)*)\s*$/u;

/** Nobody writes a longer chain of names; a cell may hold a text of a megabyte, in which to look for one takes minutes. */
export const LONGEST_CHAIN = 500;

/** The names right before a bracket: `["model", "fit"]` in `await model.fit(`. */
export function namesBefore(bracket: Bracket): readonly string[] | undefined {
  const before = bracket.before.slice(-LONGEST_CHAIN);
  const found = chain.exec(before);
  // `f(x).map(`: what a call gives is not known without calling it.
  if (!found || before.slice(0, found.index).trimEnd().endsWith(".")) return undefined;
  return found[1]?.split(".").map((part) => part.replace("?", "").trim());
}

/** The brackets that are open at the end; undefined inside a string or a comment. */
export function bracketsUpTo(code: string): Bracket[] | undefined {
  const open: Bracket[] = [];
  for (let i = 0; i < code.length; i++) {
    const character = code.charAt(i);
    const two = code.slice(i, i + 2);
    const top = open.at(-1);
    if (two === "//" || two === "/*") {
      const end = two === "//" ? code.indexOf("\n", i) : code.indexOf("*/", i + 2) + 1;
      if (end <= 0) return undefined;
      i = end;
    } else if (character === '"' || character === "'") {
      i = endOfText(code, i, character);
    } else if (character === "`" || (character === "}" && top?.kind === "${")) {
      if (character === "}") open.pop();
      i = endOfText(code, i, "`");
      if (code.startsWith("${", i - 1)) open.push(bracket("${", code, i - 1));
    } else if (character === "(" || character === "[" || character === "{") {
      open.push(bracket(character, code, i));
    } else if (character === ")" || character === "]" || character === "}") {
      open.pop();
    } else if (top && character === ",") {
      top.commas += 1;
      const shorthand = top.key === undefined ? name.exec(code.slice(top.since, i))?.[1] : undefined;
      if (shorthand !== undefined) top.keys.push(shorthand);
      top.key = undefined;
      top.since = i + 1;
    } else if (top && character === ":" && top.key === undefined) {
      top.key = name.exec(code.slice(top.since, i))?.[1] ?? "";
      top.keys.push(top.key);
    }
    if (i >= code.length) return undefined;
  }
  return open;
}

const bracket = (kind: Bracket["kind"], code: string, at: number): Bracket => ({
  kind,
  before: code.slice(0, at).trimEnd(),
  commas: 0,
  key: undefined,
  keys: [],
  since: at + kind.length,
});

/** Where a text ends that begins here; in a template also where its next expression begins. */
function endOfText(code: string, start: number, quote: string): number {
  for (let i = start + 1; i < code.length; i++) {
    if (code.charAt(i) === "\\") i += 1;
    else if (code.charAt(i) === quote) return i;
    else if (quote === "`" && code.startsWith("${", i)) return i + 1;
    else if (quote !== "`" && code.charAt(i) === "\n") return i;
  }
  return code.length;
}
