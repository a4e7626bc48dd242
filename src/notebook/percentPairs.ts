import { JsonError, type JsonObject, type JsonValue, parseJson } from "./json";
import { PercentHeaderError } from "./percentHeaderError";

const key = String.raw`[\w.-]+=`;
const scalar = String.raw`(?:true|false|null|-?\d[\d.eE+-]*)`;
/** In words alone, `lr=0.001` belongs to a title; a list, an object or a quoted text makes metadata of it. */
const first = new RegExp(String.raw`(?<!\S)(?:${key}${scalar}\s+)*(?:${key}(?=["[{])|tags=(?=\S))`);

/** Where Jupytext's way of writing metadata begins in a header, if it does: `tags=["solution"] collapsed=true`. */
export function startOfPairs(text: string): number | undefined {
  const found = first.exec(text);
  return found?.index;
}

/** Reads pairs of a name and a JSON value up to the end of the text, which begins at `start` of its line. */
export function readPairs(text: string, start: number): JsonObject {
  const pairs = new Map<string, JsonValue>();
  const names = new RegExp(String.raw`\s*(${key})`, "y");
  while (names.lastIndex < text.length) {
    const at = names.lastIndex;
    const [whole = "", assigned = ""] = names.exec(text) ?? [];
    if (whole === "") throw new PercentHeaderError("expected name=value here", start + at);
    const name = assigned.slice(0, -1);
    const begin = at + whole.length;
    if (pairs.has(name)) throw new PercentHeaderError(`"${name}" is here twice`, start + at);
    const [value, end] = readValue(text, begin, start, name);
    pairs.set(name, value);
    names.lastIndex = end;
  }
  return Object.fromEntries(pairs);
}

/** A value may hold what looks like the next name, so it is the shortest text up to a name that is JSON. */
function readValue(text: string, begin: number, start: number, name: string): [JsonValue, end: number] {
  if (name === "tags" && text[begin] !== "[") throw tagsAreAList(start + begin - "tags=".length);
  let furthest = new JsonError("expected a value", 0, []);
  for (const end of endsOfValues(text, begin)) {
    try {
      return [parseJson(text.slice(begin, end)), end];
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      if (error.offset >= furthest.offset) furthest = error;
    }
  }
  const hint = `what follows "${name}=" is its value, as JSON`;
  throw new PercentHeaderError(`${furthest.problem} (${hint})`, start + begin + furthest.offset);
}

function endsOfValues(text: string, begin: number): number[] {
  const names = [...text.matchAll(new RegExp(String.raw`\s${key}`, "g"))].map(({ index }) => index);
  return [...names.filter((index) => index > begin), text.length];
}

const tagsAreAList = (offset: number): PercentHeaderError =>
  new PercentHeaderError('tags are a list: tags=["parameters"]', offset);
