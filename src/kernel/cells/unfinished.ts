import jsTokens, { type Token } from "js-tokens";
import { CodeError } from "./failure";
import { placeAt } from "./unit";

/** Where the compiler can only say that the code came to its end too early. */
export const endsTooEarly = (problem: string): boolean =>
  /end of file|^Unterminated (?:template|string)/.test(problem);

const closing = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);
const closers: ReadonlySet<string> = new Set(closing.values());

interface Opened {
  readonly offset: number;
  readonly what: string;
  readonly closer: string;
}

/**
 * What the source left open: the place where a person would look, where the compiler points behind the last line.
 * Undefined where the brackets do not pair in a way that tells.
 */
export function unfinished(source: string): CodeError | undefined {
  const open: Opened[] = [];
  /** Where the templates begin whose text goes on behind a `}`. */
  const templates: number[] = [];
  let offset = 0;
  let last: { readonly offset: number; readonly text: string } | undefined;
  for (const token of jsTokens(source)) {
    const quote = unclosedQuote(token);
    if (quote !== undefined) {
      const begin = token.type === "TemplateTail" ? (templates.at(-1) ?? offset) : offset;
      return neverClosed(source, { offset: begin, what: quote, closer: quote });
    }
    if (token.type === "TemplateHead") templates.push(offset);
    if (token.type === "TemplateTail") templates.pop();
    if (closesHere(token)) {
      if (open.pop()?.closer !== closerOf(token)) return undefined;
    }
    const opened = opensHere(token);
    if (opened) open.push({ ...opened, offset: offset + token.value.length - opened.what.length });
    if (!trivia.has(token.type)) last = { offset, text: token.value };
    offset += token.value.length;
  }
  const innermost = open.at(-1);
  if (innermost) return neverClosed(source, innermost);
  return (
    last &&
    new CodeError(
      `the code ends here, but something has to follow "${last.text}"`,
      placeAt(source, last.offset),
      last.text.length,
    )
  );
}

const trivia = new Set<Token["type"]>([
  "WhiteSpace",
  "LineTerminatorSequence",
  "SingleLineComment",
  "MultiLineComment",
]);

function neverClosed(source: string, { offset, what, closer }: Opened): CodeError {
  const missing = what === closer ? "it has no partner" : `its ${closer} is missing`;
  return new CodeError(`this ${what} is never closed: ${missing}`, placeAt(source, offset), what.length);
}

function unclosedQuote(token: Token): string | undefined {
  switch (token.type) {
    case "StringLiteral":
      return token.closed ? undefined : token.value.charAt(0);
    case "NoSubstitutionTemplate":
    case "TemplateTail":
      return token.closed ? undefined : "`";
    default:
      return undefined;
  }
}

function opensHere({ type, value }: Token): Omit<Opened, "offset"> | undefined {
  if (type === "TemplateHead" || type === "TemplateMiddle") return { what: "${", closer: "}" };
  const closer = type === "Punctuator" ? closing.get(value) : undefined;
  return closer === undefined ? undefined : { what: value, closer };
}

const closesHere = ({ type, value }: Token): boolean =>
  type === "TemplateMiddle" || type === "TemplateTail" || (type === "Punctuator" && closers.has(value));

const closerOf = ({ type, value }: Token): string =>
  type === "TemplateMiddle" || type === "TemplateTail" ? "}" : value;
