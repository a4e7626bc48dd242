import { expect, it } from "vitest";
import { withoutNotices } from "../../src/client/nativeNotices";

const begins = "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n";
const oneDnn =
  "I0000 00:00:1795483669.942514   15499 port.cc:153] oneDNN custom operations are on. You may see slightly different numerical results.\n";

it.each([
  ["notices alone", begins + oneDnn, ""],
  ["what stands between them", `a\n${begins}b\n${oneDnn}c`, "a\nb\nc"],
  ["warnings and errors of the same log", oneDnn.replace("I0000", "E0000"), oneDnn.replace("I0000", "E0000")],
  ["a line that has not ended", oneDnn.trimEnd(), oneDnn.trimEnd()],
  [
    "what a program of the person's own logs",
    "I1124 02:16:31.123456   12345 main.go:53] pod web-1 is ready\n",
    "I1124 02:16:31.123456   12345 main.go:53] pod web-1 is ready\n",
  ],
  ["a line that only mentions one", `see: ${oneDnn}`, `see: ${oneDnn}`],
])("leaves %s as it should", (_what, text, shown) => {
  expect(withoutNotices(text)).toBe(shown);
});
