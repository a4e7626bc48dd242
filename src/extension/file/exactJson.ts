import { type JsonObject, type JsonValue, parseJson } from "../../notebook/json";
import { printJsonLine } from "../../notebook/printJson";

/**
 * JSON on its way through the editor, which knows no integers beyond 2^53 and no negative zero: values travel as text
 * where the editor keeps text (outputs), and with such numbers wrapped where it keeps values (metadata).
 */

export const toText = (value: JsonValue): string => printJsonLine(value);

/** `JSON.parse` is several times faster, and exact unless the text has a number of 16 digits or more. */
export const fromText = (text: string): JsonValue =>
  /\d{16}/.test(text) ? parseJson(text) : asJson(JSON.parse(text));

const EXACT = "$number";

/** What the editor can keep as metadata. */
export type EditorValue = null | boolean | number | string | EditorValue[] | EditorObject;
export interface EditorObject {
  [key: string]: EditorValue;
}

export function wrapNumbers(value: JsonValue): EditorValue {
  if (typeof value === "bigint" || Object.is(value, -0)) return { [EXACT]: toText(value) };
  if (typeof value !== "object" || value === null) return value;
  if (isArray(value)) return value.map(wrapNumbers);
  return wrapObject(value);
}

export const wrapObject = (object: JsonObject): EditorObject =>
  Object.fromEntries(Object.entries(object).map(([key, item]) => [key, wrapNumbers(item)]));

/** Takes what came back from the editor; what JSON cannot say becomes null. */
export function asJson(value: unknown): JsonValue {
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value !== "object" || value === null) return null;
  if (EXACT in value && typeof value[EXACT] === "string" && /^-?\d+(\.0)?$/.test(value[EXACT]))
    return parseJson(value[EXACT]);
  return asJsonObject(value);
}

export const asJsonObject = (value: unknown): JsonObject =>
  typeof value !== "object" || value === null || Array.isArray(value)
    ? {}
    : Object.fromEntries(
        Object.entries(value)
          .filter(([, item]) => item !== undefined)
          .map(([key, item]) => [key, asJson(item)]),
      );

const isArray = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);
