import jsTokens, { type Token } from "js-tokens";
import { escapeHtml, Html } from "./markup";

/** Above this many characters it is data, and the spans would cost a page more than they tell. */
const longest = 200_000;

/** TypeScript with its parts in spans, whose classes the style sheet colours. Total: any text comes out whole. */
export function highlight(source: string): Html {
  if (source.length > longest) return new Html(escapeHtml(source));
  const tokens = [...jsTokens(source)];
  const significant = tokens.filter(({ type }) => !blank.has(type) && !isComment(type));
  let at = 0;
  let open = "";
  let result = "";
  for (const token of tokens) {
    const kind = blank.has(token.type) ? "" : isComment(token.type) ? "comment" : kindOf(significant, at++);
    if (kind !== open)
      result += (open === "" ? "" : "</span>") + (kind === "" ? "" : `<span class="t-${kind}">`);
    open = kind;
    result += escapeHtml(token.value);
  }
  return new Html(open === "" ? result : `${result}</span>`);
}

type Kind =
  "" | "comment" | "string" | "number" | "regexp" | "keyword" | "constant" | "type" | "function" | "property";

const blank = new Set<Token["type"]>(["WhiteSpace", "LineTerminatorSequence"]);
const isComment = (type: Token["type"]): boolean => type.endsWith("Comment");

function kindOf(tokens: readonly Token[], at: number): Kind {
  const token = tokens[at];
  switch (token?.type) {
    case "StringLiteral":
    case "NoSubstitutionTemplate":
    case "TemplateHead":
    case "TemplateMiddle":
    case "TemplateTail":
      return "string";
    case "RegularExpressionLiteral":
      return "regexp";
    case "NumericLiteral":
      return "number";
    case "PrivateIdentifier":
      return "property";
    case "IdentifierName":
      return kindOfName(token.value, tokens[at - 1]?.value ?? "", tokens[at + 1]);
    default:
      return "";
  }
}

function kindOfName(name: string, before: string, next: Token | undefined): Kind {
  const after = next?.value ?? "";
  const isMember = before === "." || before === "?.";
  if (!isMember && after !== ":") {
    if (keywords.has(name)) return "keyword";
    if (constants.has(name)) return "constant";
    const nameFollows = next?.type === "IdentifierName" || after === "{" || after === "*";
    if (contextual.has(name) && (nameFollows || next?.type === "StringLiteral")) return "keyword";
    if (primitives.has(name) && typeContext.has(before)) return "type";
  }
  if (after === "(" || after === "`" || next?.type === "NoSubstitutionTemplate")
    return isType(name) ? "type" : "function";
  if (!isMember && after === ":" && memberContext.has(before)) return "property";
  return isType(name) ? "type" : isMember ? "property" : "";
}

const isType = (name: string): boolean => /^[A-Z]\w*[a-z]/.test(name);

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(" "));
const keywords = setOf(
  "async await break case catch class const continue debugger default delete do else enum export extends finally for function if implements import in instanceof let new return static switch throw try typeof var void while with yield",
);
/** Words of TypeScript that are names elsewhere. */
const contextual = setOf(
  "abstract as asserts declare from get infer interface is keyof namespace of override private protected public readonly satisfies set type unique using",
);
const constants = setOf("true false null undefined NaN Infinity this super");
const primitives = setOf("any bigint boolean never number object string symbol unknown");
const memberContext = setOf("{ , ; readonly");
const typeContext = setOf(": | & < , as satisfies => [ keyof readonly extends");
