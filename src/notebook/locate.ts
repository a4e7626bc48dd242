import type { JsonPath } from "./json";

/**
 * Where in `text` the value at `path` begins, or, for the target "key", the key before it. The text is valid JSON and
 * has this path: this is for messages about files that are JSON but no notebook, so that parsing need not keep places.
 */
export function locate(text: string, path: JsonPath, target: "key" | "value" = "value"): number {
  const scanner = new Scanner(text);
  let key = scanner.offset;
  for (const step of path) key = scanner.enter(step);
  return target === "key" ? key : scanner.offset;
}

/** Stands on a token: a bracket, a comma, a colon, a string, or a word. */
class Scanner {
  private readonly tokens: Iterator<RegExpMatchArray, undefined>;
  private token = "";
  offset = 0;

  constructor(text: string) {
    this.tokens = text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g);
    this.next();
  }

  /** From a container's opening bracket to the value of one of its members; returns where that member begins. */
  enter(step: string | number): number {
    this.next();
    for (let index = 0; this.token !== ""; index += 1) {
      const start = this.offset;
      if (typeof step === "string") {
        const key: unknown = JSON.parse(this.token);
        this.next();
        this.next();
        if (key === step) return start;
      } else if (index === step) return start;
      this.skipValue();
      this.next();
    }
    return this.offset;
  }

  private skipValue(): void {
    let depth = 0;
    do {
      if (/^[{[]/.test(this.token)) depth += 1;
      if (/^[}\]]/.test(this.token)) depth -= 1;
      this.next();
    } while (depth > 0 && this.token !== "");
  }

  private next(): void {
    const match = this.tokens.next();
    this.token = match.value?.[0] ?? "";
    this.offset = match.value?.index ?? this.offset;
  }
}
