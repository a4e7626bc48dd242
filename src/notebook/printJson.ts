import type { JsonObject, JsonValue } from "./json";

/**
 * JSON text as Jupyter's nbformat writes it, so that a notebook saved here and there does not change: keys sorted by
 * code point, one space of indentation, everything but control characters unescaped, numbers as Python prints them.
 */
export function printJson(value: JsonValue): string {
  const parts: string[] = [];
  print(value, "\n", parts);
  return parts.join("");
}

/** The same on one line: `{"tags": ["parameters"]}`. */
export function printJsonLine(value: JsonValue): string {
  if (isObject(value)) {
    return `{${sortedKeys(value)
      .map((key) => `${JSON.stringify(key)}: ${printJsonLine(value[key] ?? null)}`)
      .join(", ")}}`;
  }
  if (isArray(value)) return `[${value.map(printJsonLine).join(", ")}]`;
  return printScalar(value);
}

function print(value: JsonValue, newline: string, parts: string[]): void {
  const inner = `${newline} `;
  if (isObject(value)) {
    const keys = sortedKeys(value);
    if (keys.length === 0) return void parts.push("{}");
    keys.forEach((key, i) => {
      parts.push(i === 0 ? "{" : ",", inner, JSON.stringify(key), ": ");
      print(value[key] ?? null, inner, parts);
    });
    parts.push(newline, "}");
  } else if (isArray(value)) {
    if (value.length === 0) return void parts.push("[]");
    value.forEach((item, i) => {
      parts.push(i === 0 ? "[" : ",", inner);
      print(item, inner, parts);
    });
    parts.push(newline, "]");
  } else parts.push(printScalar(value));
}

function printScalar(value: null | boolean | number | bigint | string): string {
  if (typeof value === "bigint") return value.toString();
  return typeof value === "number" ? printNumber(value) : JSON.stringify(value);
}

/** Python's `repr` of the number. What JSON cannot write (NaN, infinities) becomes null, as in `JSON.stringify`. */
function printNumber(value: number): string {
  if (!Number.isFinite(value)) return "null";
  if (Object.is(value, -0)) return "-0.0";
  if (Number.isInteger(value) || Math.abs(value) >= 1e-4) return String(value);
  const [digits = "", exponent = ""] = value.toExponential().split("e-");
  return `${digits}e-${exponent.padStart(2, "0")}`;
}

/** Keys whose value is undefined are left out, as in `JSON.stringify`. */
const sortedKeys = (value: JsonObject): string[] =>
  Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort(byCodePoint);

/** JavaScript compares UTF-16 units, which puts U+1F600 before U+FF01; Python, and so nbformat, compares code points. */
function byCodePoint(a: string, b: string): number {
  if (!/[\ud800-\uffff]/.test(a + b)) return a < b ? -1 : a > b ? 1 : 0;
  const left = [...a];
  const right = [...b];
  const i = left.findIndex((character, index) => character !== right[index]);
  return i < 0
    ? left.length - right.length
    : (left[i]?.codePointAt(0) ?? -1) - (right[i]?.codePointAt(0) ?? -1);
}

const isArray = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);
const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
