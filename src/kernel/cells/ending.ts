import jsTokens from "js-tokens";

const trivia = new Set(["WhiteSpace", "LineTerminatorSequence", "SingleLineComment", "MultiLineComment"]);

/** Whether the source ends in `;`, comments aside: the person does not want to see the last value. */
export function endsInSemicolon(source: string): boolean {
  let last = "";
  for (const token of jsTokens(source)) if (!trivia.has(token.type)) last = token.value;
  return last === ";";
}
