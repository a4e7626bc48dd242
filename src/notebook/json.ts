/**
 * JSON as a notebook file needs it. `JSON.parse` is not enough here: it keeps the last of two equal keys, rounds large
 * integers, and says little about where and why a text is broken. An integer that a double would change is a `bigint`.
 */
export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Keys and indices from the document's root to a value. */
export type JsonPath = readonly (string | number)[];

export class JsonError extends Error {
  override readonly name = "JsonError";
  constructor(
    readonly problem: string,
    readonly offset: number,
    readonly path: JsonPath,
  ) {
    super(problem);
  }
}

/** Deeper than any notebook, and shallow enough for the stack of every reader (Python's stops near 1,000). */
const DEEPEST = 500;

export function parseJson(text: string): JsonValue {
  return new Parser(text).document();
}

class Parser {
  private at = 0;
  private readonly path: (string | number)[] = [];

  constructor(private readonly text: string) {}

  document(): JsonValue {
    this.space();
    const value = this.value();
    this.space();
    if (this.at < this.text.length)
      this.fail(`nothing may follow the notebook's last "}", but ${this.here()} does`);
    return value;
  }

  private value(): JsonValue {
    const character = this.text[this.at];
    if (character === "{") return this.nested(() => this.object());
    if (character === "[") return this.nested(() => this.array());
    if (character === '"') return this.string();
    for (const [word, value] of words) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.number();
  }

  private nested<T>(read: () => T): T {
    if (this.path.length >= DEEPEST) this.fail(`values are nested more than ${DEEPEST} deep here`);
    return read();
  }

  private object(): JsonObject {
    const result: Record<string, JsonValue> = {};
    this.at += 1;
    this.space();
    if (this.skip("}")) return result;
    for (;;) {
      const start = this.at;
      if (this.text[start] !== '"') this.fail(`expected a key in double quotes, found ${this.here()}`);
      const key = this.string();
      if (Object.hasOwn(result, key)) {
        this.fail(`the key ${JSON.stringify(key)} is in this object twice; delete one of the two`, start);
      }
      this.space();
      if (!this.skip(":"))
        this.fail(`expected ":" after the key ${JSON.stringify(key)}, found ${this.here()}`);
      this.space();
      this.path.push(key);
      // Not an assignment: that would change the prototype for the key "__proto__".
      Object.defineProperty(result, key, { value: this.value(), ...plain });
      this.path.pop();
      this.space();
      if (this.skip("}")) return result;
      if (!this.skip(","))
        this.fail(`expected "," or "}" after the value of ${JSON.stringify(key)}, found ${this.here()}`);
      this.space();
    }
  }

  private array(): readonly JsonValue[] {
    const result: JsonValue[] = [];
    this.at += 1;
    this.space();
    if (this.skip("]")) return result;
    for (;;) {
      this.path.push(result.length);
      result.push(this.value());
      this.space();
      const ended = this.skip("]");
      if (!ended && !this.skip(",")) {
        this.fail(`expected "," or "]" after a list's item, found ${this.here()}`);
      }
      this.path.pop();
      if (ended) return result;
      this.space();
    }
  }

  private string(): string {
    const opening = this.at;
    this.at += 1;
    let result = "";
    for (;;) {
      ordinary.lastIndex = this.at;
      ordinary.test(this.text);
      result += this.text.slice(this.at, ordinary.lastIndex);
      this.at = ordinary.lastIndex;
      if (this.skip('"')) return result;
      if (this.text[this.at] === "\\") result += this.escape();
      else if (this.text[this.at] === "\n" || this.text[this.at] === "\r") {
        this.fail(`a text begins here and its line ends before a closing quote`, opening);
      } else if (this.at < this.text.length && this.text.charCodeAt(this.at) >= 0x20) {
        this.fail(`half of a surrogate pair stands alone; write it as an escape such as "\\ud83d"`);
      } else this.fail(`${this.here()} may not stand in a text`);
    }
  }

  private escape(): string {
    const next = this.text[this.at + 1] ?? "";
    const simple = escapes.get(next);
    if (simple !== undefined) {
      this.at += 2;
      return simple;
    }
    const digits = this.text.slice(this.at + 2, this.at + 6);
    if (next === "u" && /^[0-9a-fA-F]{4}$/.test(digits)) {
      this.at += 6;
      return String.fromCharCode(parseInt(digits, 16));
    }
    if (this.at + 6 > this.text.length) this.at = this.text.length;
    return this.fail(
      `${JSON.stringify(`\\${next}`)} is no escape that JSON knows; a backslash is written "\\\\"`,
    );
  }

  private number(): number | bigint {
    numeral.lastIndex = this.at;
    const digits = numeral.exec(this.text)?.[0];
    if (digits === undefined) return this.fail(`expected a value, found ${this.here()}`);
    const value = Number(digits);
    if (!Number.isFinite(value)) this.fail(`${digits} is larger than any number that JSON readers keep`);
    this.at += digits.length;
    // An integer whose digits JavaScript would print differently is kept as it is.
    const exact = Number.isSafeInteger(value) || /[.eE]/.test(digits) || String(value) === digits;
    return exact ? value : BigInt(digits);
  }

  private space(): void {
    whitespace.lastIndex = this.at;
    whitespace.test(this.text);
    this.at = whitespace.lastIndex;
  }

  private skip(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  /** What stands at the current place, in words. */
  private here(): string {
    const code = this.text.codePointAt(this.at);
    if (code === undefined) return "the end of the file";
    if (code < 0x20 || code === 0x7f) return `the control character U+${code.toString(16).padStart(4, "0")}`;
    return JSON.stringify(String.fromCodePoint(code));
  }

  private fail(problem: string, offset = this.at): never {
    // Also in the middle of a word or number.
    if (this.at > 0 && /^[\w.+-]{0,30}$/.test(this.text.slice(this.at, this.at + 31))) {
      throw new JsonError(
        "the file ends here, before its last value does: it was cut off",
        this.text.length,
        this.path,
      );
    }
    const line = this.text.lastIndexOf("\n", offset - 1) + 1;
    if (/^(<{7}|={7}|>{7}|\|{7})/.test(this.text.slice(line, line + 7))) {
      throw new JsonError(
        "a merge conflict is not resolved: keep one side of it and delete its markers",
        line,
        this.path,
      );
    }
    throw new JsonError(problem, offset, this.path);
  }
}

const plain = { writable: true, enumerable: true, configurable: true };
const words = [
  ["null", null],
  ["true", true],
  ["false", false],
] as const;
const whitespace = /[ \t\n\r]*/y;
const numeral = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** What stands for itself in a string. With the flag `u`, a surrogate matches only outside a pair. */
// eslint-disable-next-line no-control-regex -- control characters are what JSON forbids here
const ordinary = /[^"\\\u0000-\u001f\ud800-\udfff]*/uy;
const escapes = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);
