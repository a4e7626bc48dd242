import type { JsonObject, JsonPath, JsonValue } from "./json";
import type { NotebookTrouble } from "./notebookError";

/** JSON that is no notebook. `target` says whether the key or the value at `path` is wrong. */
export class StructureError extends Error {
  override readonly name = "StructureError";
  constructor(
    readonly problem: string,
    readonly path: JsonPath,
    readonly trouble: NotebookTrouble,
    readonly target: "key" | "value",
  ) {
    super(problem);
  }
}

/** A JSON value and where it is, taken as the type that the notebook format says, or else an error. */
export class Item {
  constructor(
    readonly value: JsonValue,
    private readonly path: JsonPath,
  ) {}

  fail(problem: string, trouble: NotebookTrouble = "structure", target: "key" | "value" = "value"): never {
    throw new StructureError(problem, this.path, trouble, target);
  }

  object(what: string): JsonObject {
    return isObject(this.value) ? this.value : this.expected(`an object, which holds ${what}`);
  }

  has(key: string): boolean {
    return isObject(this.value) && Object.hasOwn(this.value, key);
  }

  field(key: string): Item {
    const object = this.object(`"${key}"`);
    const value = Object.hasOwn(object, key) ? object[key] : undefined;
    if (value === undefined) return this.fail(`${this.name()} has no "${key}"`);
    return new Item(value, [...this.path, key]);
  }

  fields(what: string): [string, Item][] {
    return Object.entries(this.object(what)).map(([key, value]) => [
      key,
      new Item(value, [...this.path, key]),
    ]);
  }

  array(): Item[] {
    if (!isArray(this.value)) return this.expected("a list");
    return this.value.map((value, i) => new Item(value, [...this.path, i]));
  }

  string(): string {
    return typeof this.value === "string" ? this.value : this.expected("a text");
  }

  /** A text, or the list of its lines. */
  lines(): string {
    if (typeof this.value === "string") return this.value;
    if (!isArray(this.value)) return this.expected("a text or a list of its lines");
    return this.array()
      .map((line) => line.string())
      .join("");
  }

  integer(): number {
    const isInteger = typeof this.value === "number" && Number.isInteger(this.value) && this.value >= 0;
    return isInteger ? Number(this.value) : this.expected("a whole number");
  }

  count(): number | null {
    return this.value === null ? null : this.integer();
  }

  oneOf<const T extends string>(...allowed: readonly T[]): T {
    const found = allowed.find((one) => one === this.value);
    return found ?? this.expected(allowed.map((one) => `"${one}"`).join(" or "));
  }

  /** The keys of this object that `allowed` does not have. */
  others(allowed: readonly string[]): [string, Item][] {
    return this.fields(this.name()).filter(([key]) => !allowed.includes(key));
  }

  private expected(what: string): never {
    return this.fail(`${this.name()} must be ${what}, but is ${describe(this.value)}`);
  }

  private name(): string {
    const last = this.path.at(-1);
    if (last === undefined) return "a notebook";
    if (typeof last === "string") return `"${last}"`;
    const list = this.path.at(-2);
    return list === "cells" ? "a cell" : list === "outputs" ? "an output" : `each item of "${list}"`;
  }
}

export function expectNothingElse(item: Item, allowed: readonly string[]): void {
  for (const [key, other] of item.others(allowed)) {
    const place = `nbformat knows ${allowed.map((one) => `"${one}"`).join(", ")} here`;
    other.fail(
      `${JSON.stringify(key)} is unknown: ${place}; what is your own belongs into "metadata"`,
      "structure",
      "key",
    );
  }
}

function describe(value: JsonValue): string {
  if (isArray(value)) return "a list";
  if (isObject(value)) return "an object";
  const text = typeof value === "bigint" ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

const isArray = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);
const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
