// A plugin of the editor's TypeScript server, which loads it as it is here. The server takes every cell for a program of its
// own: it greys what only a later cell uses, and calls everything of an earlier cell, or of the library, `any`. What it knows
// for certain (names of the same cell, JavaScript's own objects, syntax) stays; where it can only guess, the kernel answers.

/** The server's names for cells: `^/vscode-notebook-cell/authority/folder/first-vae.vaenb#W0sZmlsZQ==.ts`, for example. */
const cell = /vscode-notebook-cell.*\.vaenb(#|\?|$)/i;

/** `(alias) const data: any`, `const model: any`, `(parameter) x: any`; not `JSON.parse(text: string): any`. */
const variableOfAnyType = /^(\([a-z ]+\) )?(const |let |var )?[\w$.]+: any$/;

/** @param {string} shown the first line of a hover */
const knowsNothing = (shown) =>
  shown === "any" || shown.startsWith("import ") || variableOfAnyType.test(shown);

/**
 * @param {import("typescript/lib/tsserverlibrary").LanguageService} service
 * @returns {import("typescript/lib/tsserverlibrary").LanguageService}
 */
function withoutGuesses(service) {
  // As TypeScript advises: what the service does now, bound to it. A plugin after this one may change the result in place.
  const { getSuggestionDiagnostics, getQuickInfoAtPosition, ...rest } = Object.fromEntries(
    Object.entries(service).map(([name, member]) => [
      name,
      typeof member === "function" ? member.bind(service) : member,
    ]),
  );
  return {
    ...rest,
    /** Hints such as "declared but never read": of a name that the next cell reads. */
    getSuggestionDiagnostics(fileName) {
      return cell.test(fileName) ? [] : getSuggestionDiagnostics(fileName);
    },
    getQuickInfoAtPosition(fileName, ...more) {
      const info = getQuickInfoAtPosition(fileName, ...more);
      if (!info || !cell.test(fileName)) return info;
      const text = (info.displayParts ?? []).map((part) => part.text).join("");
      return knowsNothing(text.split("\n")[0]) ? undefined : info;
    },
  };
}

module.exports = () => ({
  create: ({ languageService }) => withoutGuesses(languageService),
});
