import { expect, test, vi } from "vitest";
import { resumeCode } from "../../src/extension/run/resume";

vi.mock("vscode", () => ({}));

test.each([
  ["const run = await model.fit(train, {});", "const run = await session.resume();"],
  ["await model.fit(train)", "await session.resume();"],
  [
    'session.folder = "my runs";\nconst run = await model.fit(train);',
    'session.folder = "my runs";\nconst run = await session.resume();',
  ],
])("a cell that resumes %j", (training, resuming) => {
  expect(resumeCode(training)).toBe(`import { session } from "vaenb";\n${resuming}`);
});
