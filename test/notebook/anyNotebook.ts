import fc from "fast-check";
import {
  type Cell,
  type CellId,
  type FileBundle,
  isCellId,
  type JsonObject,
  type JsonValue,
  type Notebook,
  type Output,
} from "../../src/notebook";

/** Texts that break naive readers and writers: every line end, quotes, halves of surrogate pairs, cell headers. */
const piece = fc.oneof(
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.constantFrom(
    "\n",
    "\r\n",
    "\r",
    "\v",
    "\x1c",
    "\x85",
    "\u2028",
    "\0",
    "\ud83d",
    "\udca9",
    "\u{1f600}",
    "\ufeff",
  ),
  fc.constantFrom(
    '"',
    "\\",
    "\\n",
    "// %%",
    "// // %%",
    "//%% [markdown]",
    "%% a",
    "<<<<<<< ours",
    "// ",
    "//",
    " ",
    "{",
    "}",
  ),
  fc.constantFrom("const a = 1;", "console.log(a)", "# heading", "- item"),
);
export const anyText = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));

const anyKey = fc.oneof(
  fc.constantFrom("__proto__", "toString", "1", "10", "9", "tags?", "\uff01", "\u{1f600}", "Z", "a"),
  anyText,
);
const anyObject = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.array(fc.tuple(anyKey, value), { maxLength: 4 }).map((entries) => Object.fromEntries(entries));

const anyNumber = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc
    .bigInt({ min: 2n ** 60n, max: 2n ** 90n })
    .map((big) => (String(Number(big)) === String(big) ? Number(big) : big)),
);
export const anyJson: fc.Arbitrary<JsonValue> = fc.letrec<{ json: JsonValue }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(fc.constant(null), fc.boolean(), anyNumber, anyText),
    fc.array(tie("json"), { maxLength: 3 }),
    anyObject(tie("json")),
  ),
})).json;

const anyMetadata: fc.Arbitrary<JsonObject> = fc
  .tuple(
    anyObject(anyJson),
    fc.option(fc.uniqueArray(fc.constantFrom("parameters", "solution", "raises-exception")), {
      nil: undefined,
    }),
  )
  .map(([others, tags]) => (tags === undefined ? others : { ...others, tags }));

const anyBundle: fc.Arbitrary<FileBundle> = fc.record(
  {
    "text/plain": anyText,
    "text/html": anyText,
    "image/png": anyText,
    "image/svg+xml": anyText,
    "application/json": anyJson,
    "application/vnd.vaenb.figure+json": anyJson,
    "application/x-unknown": anyText,
  },
  { requiredKeys: [] },
);

const anyCount = fc.option(fc.nat(), { nil: null });
const anyOutput: fc.Arbitrary<Output> = fc.oneof(
  fc.record({
    type: fc.constant("stream" as const),
    name: fc.constantFrom("stdout", "stderr"),
    text: anyText,
  }),
  fc.record({ type: fc.constant("display_data" as const), data: anyBundle, metadata: anyObject(anyJson) }),
  fc.record({
    type: fc.constant("execute_result" as const),
    data: anyBundle,
    metadata: anyObject(anyJson),
    executionCount: anyCount,
  }),
  fc.record({
    type: fc.constant("error" as const),
    name: anyText,
    message: anyText,
    traceback: fc.array(anyText, { maxLength: 3 }),
  }),
);

export const anyCellId: fc.Arbitrary<CellId> = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/).filter(isCellId);
const parts = { id: anyCellId, source: anyText, metadata: anyMetadata };
const anyCell: fc.Arbitrary<Cell> = fc.oneof(
  fc.record({
    type: fc.constant("code" as const),
    ...parts,
    executionCount: anyCount,
    outputs: fc.array(anyOutput, { maxLength: 4 }),
  }),
  fc.record(
    { type: fc.constantFrom("markdown", "raw"), ...parts, attachments: anyObject(anyBundle) },
    { requiredKeys: ["type", "id", "source", "metadata"] },
  ),
);

export const anyNotebook: fc.Arbitrary<Notebook> = fc.record({
  metadata: anyObject(anyJson),
  cells: fc.uniqueArray(anyCell, { selector: (cell) => cell.id, maxLength: 5 }),
});
