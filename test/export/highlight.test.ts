import fc from "fast-check";
import { expect, it } from "vitest";
import { highlight } from "../../src/export/html/highlight";

const plain = (text: string): string =>
  text
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");

const kindsIn = (source: string): Record<string, string> =>
  Object.fromEntries(
    [...highlight(source).text.matchAll(/<span class="t-(\w+)">([^<]*)</g)].map(
      ([, kind = "", text = ""]) => [plain(text), kind],
    ),
  );

it("keeps every character of any source", () => {
  const pieces = fc.constantFrom(
    "const ",
    "`a${",
    "}`",
    '"',
    "'",
    "//",
    "/*",
    "*/",
    "\n",
    "<",
    "&",
    "/x/g",
    "type ",
    ":",
    "(",
    "é",
    "\ud83d",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 30 }), (parts) => {
      const source = parts.join("");
      expect(plain(highlight(source).text)).toBe(source);
    }),
  );
});

it("tells keywords, names, types and properties apart", () => {
  const source = `import { data } from "vaenb";
type Sizes = Record<string, number>;
interface Run { readonly epochs: number }
const from = data.digits({ train: 20_000, /* half */ test: 1 }) as Sizes;
for await (const x of rows) x.type = new Map<string, Float32Array>();
export const f = async <T extends object>(of: T) => /a+/u.test(\`\${of}\`);`;
  expect(kindsIn(source)).toMatchObject({
    import: "keyword",
    type: "property",
    Sizes: "type",
    Record: "type",
    string: "type",
    number: "type",
    readonly: "keyword",
    epochs: "property",
    digits: "function",
    train: "property",
    test: "function",
    "20_000": "number",
    "/* half */": "comment",
    as: "keyword",
    Map: "type",
    Float32Array: "type",
    extends: "keyword",
    object: "type",
    "/a+/u": "regexp",
  });
});
