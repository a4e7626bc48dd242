import { type JsonObject, JsonError, type JsonValue, parseJson } from "./json";
import type { CellType } from "./notebook";
import { PercentHeaderError } from "./percentHeaderError";
import { readPairs, startOfPairs } from "./percentPairs";
import { printJsonLine } from "./printJson";

/**
 * What the line above a cell says: `// %% A title [markdown] {"tags": ["solution"]}`, each part optional. Metadata may
 * also be written in Jupytext's way, `tags=["solution"]`.
 */
export interface PercentHeader {
  readonly type: CellType;
  readonly metadata: JsonObject;
}

const header = /^\/\/ ?%%(?=\s|$)(.*)$/s;
export const isHeader = (line: string): boolean => header.test(line);

const types = new Map<string, CellType>([
  ["code", "code"],
  ["markdown", "markdown"],
  ["md", "markdown"],
  ["raw", "raw"],
]);

const typeAtEnd = /\[(code|markdown|md|raw)\]$/;
const typeAtStart = /^\[(code|markdown|md|raw)\]/;

export function readHeader(line: string): PercentHeader {
  const [, rest = ""] = header.exec(line) ?? [];
  const [words, metadata] = splitMetadata(rest.trimEnd(), line.length - rest.length);
  const [bracketed = "", name = ""] = typeAtEnd.exec(words) ?? typeAtStart.exec(words) ?? [];
  const type = types.get(name) ?? "code";
  const title = words.replace(bracketed, "").trim();
  if (title === "") return { type, metadata };
  if (Object.hasOwn(metadata, "title")) {
    throw new PercentHeaderError(
      "the title is here twice: once in words and once in the metadata; delete one",
      0,
    );
  }
  return { type, metadata: { ...metadata, title } };
}

/**
 * Metadata is JSON from the first brace to the line's end, or pairs from the first one to there; it is never taken for a
 * part of the title.
 */
function splitMetadata(rest: string, start: number): [words: string, metadata: JsonObject] {
  const brace = rest.indexOf("{");
  const pairs = startOfPairs(rest);
  if (pairs !== undefined && (brace < 0 || pairs < brace)) {
    const text = rest.slice(pairs);
    try {
      return [rest.slice(0, pairs).trim(), readPairs(text, start + pairs)];
    } catch (error) {
      // Without tags it is a title after all: `Sweep sizes=[200, 400]: compare`.
      if (!(error instanceof PercentHeaderError) || /(?<!\S)tags=/.test(text)) throw error;
    }
  }
  if (brace < 0) return [rest.trim(), {}];
  const metadata = readMetadata(rest.slice(brace), start + brace);
  return [rest.slice(0, brace).trim(), metadata];
}

export function readMetadata(text: string, start: number): JsonObject {
  try {
    const value = parseJson(text);
    if (isObject(value)) return value;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const hint = 'what begins with "{" is the cell\'s metadata, as JSON up to the end of the line';
    const problem = error.offset >= text.length ? 'the metadata has no "}" at its end' : error.problem;
    throw new PercentHeaderError(`${problem} (${hint})`, start + error.offset);
  }
  throw new PercentHeaderError("the metadata must be an object", start);
}

export function printHeader(cell: PercentHeader): string {
  const { title, ...others } = cell.metadata;
  // A title that would not be read back as it is goes into the metadata.
  if (typeof title === "string" && title !== "") {
    const line = compose(title, cell.type, others);
    if (readsAs(line, cell)) return line;
  }
  return compose("", cell.type, cell.metadata);
}

function compose(title: string, type: CellType, metadata: JsonObject): string {
  const name = type === "code" ? "" : `[${type}]`;
  const json = Object.keys(metadata).length === 0 ? "" : printJsonLine(metadata);
  return ["// %%", title, name, json].filter((part) => part !== "").join(" ");
}

function readsAs(line: string, cell: PercentHeader): boolean {
  if (line.includes("\n") || !isHeader(line)) return false;
  try {
    const read = readHeader(line);
    return read.type === cell.type && printJsonLine(read.metadata) === printJsonLine(cell.metadata);
  } catch (error) {
    if (error instanceof PercentHeaderError) return false;
    throw error;
  }
}

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
