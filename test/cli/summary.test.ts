import { expect, it } from "vitest";
import type { RunResult } from "../../src/cli/runNotebook";
import { summary } from "../../src/cli/summary";

const result = (parts: Partial<RunResult>): Omit<RunResult, "notebook"> => ({
  outcome: { kind: "completed" },
  cellsRun: 8,
  cellsLeft: 0,
  allowedFailures: 0,
  ...parts,
});

it.each([
  [result({}), "8 cells ran in 1.2 s."],
  [result({ allowedFailures: 1 }), "8 cells ran in 1.2 s, 1 of them with an error that was allowed."],
  [result({ outcome: { kind: "failed", cell: 4, reason: "Error: no" } }), "cell 4 failed after 1.2 s."],
  [
    result({ outcome: { kind: "failed", cell: 4, reason: "Error: no" }, cellsRun: 2, cellsLeft: 5 }),
    "cell 4 failed after 1.2 s; 5 cells behind it did not run.",
  ],
  [result({ outcome: { kind: "stopped" }, cellsLeft: 1 }), "stopped after 1.2 s; 1 cell did not run."],
  [
    result({ outcome: { kind: "strayError", cell: 2, reason: "Error: late" } }),
    "cell 2 left an error that nobody awaited: Error: late. 8 cells ran in 1.2 s.",
  ],
  [
    result({ outcome: { kind: "failedTraining", cell: 2, reason: "The loss is no number at step 1." } }),
    "cell 2 has a training without a result: The loss is no number at step 1. 8 cells ran in 1.2 s.",
  ],
])("says in one line how a run ended (%#)", (run, line) => {
  expect(summary(run, 1.234, undefined)).toBe(line);
  expect(summary(run, 1.234, "b.vaenb")).toBe(`${line} Wrote b.vaenb.`);
});
