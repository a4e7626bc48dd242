import { createRequire } from "node:module";
import ts from "typescript";
import { describe, expect, test } from "vitest";

interface Plugin {
  create(info: { languageService: ts.LanguageService }): ts.LanguageService;
}
const plugin = createRequire(import.meta.url)("../../src/extension/typescript/index.cjs") as () => Plugin;

const cell = "^/vscode-notebook-cell/ts-nul-authority/home/first.vaenb#W0sZmlsZQ==.ts";
const otherCell = "^/vscode-notebook-cell/ts-nul-authority/home/first.ipynb#W0sZmlsZQ==.ts";
const file = "/home/first.vaenb.ts";

const source = `import { data } from "vaenb";
const digits = data.digits();
const later: number = 1;
const read = JSON.parse("1");
const list: any[] = [];`;

function serviceOver(name: string): ts.LanguageService {
  const host: ts.LanguageServiceHost = {
    getScriptFileNames: () => [name],
    getScriptVersion: () => "1",
    getScriptSnapshot: (asked) => {
      const text = asked === name ? source : ts.sys.readFile(asked);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => "/",
    getCompilationSettings: () => ({ module: ts.ModuleKind.ESNext, types: [], strict: true }),
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (asked) => asked === name || ts.sys.fileExists(asked),
    readFile: (asked) => (asked === name ? source : ts.sys.readFile(asked)),
  };
  return ts.createLanguageService(host);
}

function asked(name: string) {
  const service = plugin().create({ languageService: serviceOver(name) });
  return {
    hover: (word: string) =>
      service
        .getQuickInfoAtPosition(name, source.indexOf(word))
        ?.displayParts?.map(({ text }) => text)
        .join(""),
    hints: () => service.getSuggestionDiagnostics(name).length,
    outline: () => service.getNavigationTree(name).childItems?.length,
  };
}

describe("the editor's TypeScript server in a cell", () => {
  const { hover, hints, outline } = asked(cell);

  test("greys nothing as unused", () => expect(hints()).toBe(0));
  test.each(["data }", "data.", "digits =", "digits("])(
    "says nothing of %s, which the kernel knows",
    (word) => expect(hover(word)).toBeUndefined(),
  );
  test("says what it does know", () => {
    expect(hover("later")).toBe("const later: number");
    expect(hover("list")).toBe("const list: any[]");
    expect(hover("parse")).toMatch(/^\(method\) JSON\.parse\(.*: any$/s);
  });
  test("answers everything else as before", () => expect(outline()).toBeGreaterThan(3));
});

test("a plugin after it that changes the service in place is heard, and hears the service", () => {
  const service = plugin().create({ languageService: serviceOver(cell) });
  const before = service.getQuickInfoAtPosition.bind(undefined);
  const asked: string[] = [];
  service.getQuickInfoAtPosition = (name, ...rest) => {
    asked.push(name);
    return before(name, ...rest);
  };
  const info = service.getQuickInfoAtPosition(cell, source.indexOf("later"));
  expect(info?.displayParts?.map(({ text }) => text).join("")).toBe("const later: number");
  expect(asked).toEqual([cell]);
});

test.each([file, otherCell])("of %s it says all that it would without us", (name) => {
  const { hover, hints } = asked(name);
  expect(hover("digits =")).toBe("const digits: any");
  expect(hints()).toBeGreaterThan(0);
});
