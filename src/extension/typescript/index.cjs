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
  const changed = {
    /** Hints such as "declared but never read": of a name that the next cell reads. */
    getSuggestionDiagnostics(fileName) {
      return cell.test(fileName) ? [] : service.getSuggestionDiagnostics(fileName);
    },
    getQuickInfoAtPosition(fileName, ...rest) {
      const info = service.getQuickInfoAtPosition(fileName, ...rest);
      if (!info || !cell.test(fileName)) return info;
      const text = (info.displayParts ?? []).map((part) => part.text).join("");
      return knowsNothing(text.split("\n")[0]) ? undefined : info;
    },
  };
  // The rest goes through, with the service itself as `this`.
  return new Proxy(service, {
    get: (target, name) => (Object.hasOwn(changed, name) ? changed[name] : Reflect.get(target, name, target)),
  });
}

module.exports = () => ({
  create: ({ languageService }) => withoutGuesses(languageService),
});
