import jsTokens, { type Token } from "js-tokens";

/**
 * The variables that a cell's own statements declare, in patterns too. Read from its tokens: a parser that knows types
 * would be most of the command line. In a pattern, the names in default values are taken along.
 */
export function declaredNames(source: string): readonly string[] {
  const names: string[] = [];
  let depth = 0;
  let place: "outside" | "target" | "type" | "value" = "outside";
  const tokens = [...jsTokens(source)].filter(({ type }) => !trivia.has(type));
  tokens.forEach(({ type, value }, i) => {
    const next = tokens[i + 1]?.value ?? "";
    if (type === "TemplateHead" || opening.has(value)) depth += 1;
    if (type === "TemplateTail" || closing.has(value)) depth -= 1;
    if (place === "type" && value === "<") depth += 1;
    if (place === "type" && /^>+$/.test(value)) depth -= value.length;
    if (depth === 0 && declaring.has(value)) place = next === "enum" ? "outside" : "target";
    else if (depth === 0 && value === ";") place = "outside";
    else if (depth === 0 && value === "," && place !== "outside") place = "target";
    else if (depth === 0 && value === ":" && place === "target") place = "type";
    else if (depth === 0 && value === "=" && place !== "outside") place = "value";
    else if (place === "target" && type === "IdentifierName" && !(depth > 0 && next === ":"))
      names.push(value);
  });
  return names;
}

const declaring: ReadonlySet<string> = new Set(["let", "const", "var"]);
const opening: ReadonlySet<string> = new Set(["(", "[", "{"]);
const closing: ReadonlySet<string> = new Set([")", "]", "}"]);
const trivia: ReadonlySet<Token["type"]> = new Set([
  "WhiteSpace",
  "LineTerminatorSequence",
  "SingleLineComment",
  "MultiLineComment",
]);
