/** `name(parameters)` of a function, from its own text; types are gone when it runs. */
export function signatureOf(name: string, value: (...args: never[]) => unknown): string;
export function signatureOf(name: string, value: object): string;
export function signatureOf(name: string, value: object): string {
  const text = Function.prototype.toString.call(value);
  if (/^class\b/.test(text)) {
    const parameters = /\bconstructor\s*\(/.exec(text);
    return `class ${name}${parameters ? `(${parametersIn(text.slice(parameters.index + parameters[0].length)) ?? ""})` : ""}`;
  }
  const arrow = /^(?:async\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=>/u.exec(text);
  if (arrow) return `${name}(${arrow[1]})`;
  const open = text.indexOf("(");
  const parameters = open < 0 || isNative(value) ? undefined : parametersIn(text.slice(open + 1));
  return `${name}(${parameters ?? ("length" in value && Number(value.length) > 0 ? "..." : "")})`;
}

/** Whether JavaScript's engine brings it: it does not tell its parameters. */
export const isNative = (value: object): boolean =>
  Function.prototype.toString.call(value).endsWith("{ [native code] }");

/** The text up to the parenthesis that closes the parameters, on one line. */
function parametersIn(text: string): string | undefined {
  let depth = 1;
  for (let i = 0; i < text.length && i < 2_000; i++) {
    const character = text.charAt(i);
    if ("([{".includes(character)) depth += 1;
    else if (")]}".includes(character)) depth -= 1;
    if (depth === 0) return text.slice(0, i).replace(/\s+/g, " ").replaceAll("__scope__.", "").trim();
  }
  return undefined;
}
