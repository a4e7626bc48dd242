import type { Requests } from "../../protocol/messages";
import type { Scope } from "../cells/scope";
import type { Documentation } from "../documentation/documentation";
import { bracketsUpTo, LONGEST_CHAIN, namesBefore } from "./brackets";
import { valueAt } from "./path";
import { isNative, signatureOf } from "./signature";

/** A call whose arguments are being written: `model.fit(digits.train, |`. */
interface Call {
  readonly callee: readonly string[];
  /** The place of the argument at the cursor. */
  readonly argument: number;
}

/** How the function is called whose arguments are being written, and which of its parameters is at the cursor. */
export function signatureAt(
  code: string,
  cursor: number,
  scope: Scope,
  documentation: Documentation,
): Requests["signature"]["result"] {
  const call = callAt(code, cursor);
  if (!call) return {};
  const name = call.callee.at(-1) ?? "";
  const entry = documentation.entryOf(scope, call.callee, code);
  const value = valueAt(scope, call.callee)?.value;
  // Of a function of this very cell, and of JavaScript's own, the editor's TypeScript also knows the types.
  const isOfThisCell = call.callee.length === 1 && isDeclaredIn(code, name);
  const known =
    typeof value === "function" && !isOfThisCell && !isNative(value) ? signatureOf(name, value) : undefined;
  const label = entry?.signature ?? known;
  if (label === undefined) return {};
  const parameters = parametersOf(label);
  const last = parameters.at(-1);
  const isRest = last !== undefined && label.startsWith("...", last.start);
  const parameter = isRest ? Math.min(call.argument, parameters.length - 1) : call.argument;
  return { signature: { label, parameters, parameter, ...(entry?.doc ? { documentation: entry.doc } : {}) } };
}

/** What stands before a parenthesis that calls nothing. */
const keywords =
  /(^|[^.\p{ID_Continue}$])(if|for|while|switch|catch|return|await|typeof|function|super|in|of)$/u;
const declaration = /\bfunction\s*\*?\s*[\p{ID_Continue}$]+$/u;

const isDeclaredIn = (code: string, name: string): boolean =>
  [...code.matchAll(/\b(?:function\s*\*?|class|const|let|var)\s+([\p{ID_Continue}$]+)/gu)].some(
    ([, declared]) => declared === name,
  );

function callAt(code: string, cursor: number): Call | undefined {
  const open = bracketsUpTo(code.slice(0, cursor)) ?? [];
  for (const bracket of open.toReversed()) {
    // The body of a function among the arguments is code of its own.
    if (bracket.kind === "{" && /(=>|\))$/.test(bracket.before)) return undefined;
    if (bracket.kind !== "(") continue;
    const before = bracket.before.slice(-LONGEST_CHAIN);
    if (declaration.test(before)) return undefined;
    if (keywords.test(before)) continue;
    const callee = namesBefore(bracket);
    if (callee) return { callee, argument: bracket.commas };
    // What `f(x).map(` or `list[0](` calls is not known; only a parenthesis that calls nothing is looked behind.
    if (/[\p{ID_Continue}$)\]]$/u.test(before)) return undefined;
  }
  return undefined;
}

/** Where the parameters of `name(a: string, b = [1, 2]): Result` stand. */
function parametersOf(signature: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  let start = signature.indexOf("(") + 1;
  if (start === 0) return found;
  const take = (end: number): void => {
    const text = signature.slice(start, end);
    const from = start + text.length - text.trimStart().length;
    if (text.trim() !== "") found.push({ start: from, end: from + text.trim().length });
    start = end + 1;
  };
  let depth = 1;
  for (let i = start; i < signature.length; i++) {
    const character = signature.charAt(i);
    const isArrow = character === ">" && signature.charAt(i - 1) === "=";
    if ("([{<".includes(character)) depth += 1;
    else if (")]}>".includes(character) && !isArrow) depth -= 1;
    if (depth === 0 || (depth === 1 && character === ",")) take(i);
    if (depth === 0) return found;
  }
  return found;
}
