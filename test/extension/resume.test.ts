import { expect, test, vi } from "vitest";
import { resumeCode } from "../../src/extension/run/resume";

vi.mock("vscode", () => ({}));

test.each([
  ["const run = await model.fit(train, {});", undefined, "const run = await session.resume();"],
  ["await model.fit(train)", undefined, "await session.resume();"],
  [
    "session.folder = folderOf(name);\nconst run = await model.fit(train);",
    "my runs",
    'const run = await session.resume({ folder: "my runs" });',
  ],
  ["await model.fit(train)", '/a "b"', 'await session.resume({ folder: "/a \\"b\\"" });'],
])("a cell that resumes %j, whose checkpoints are in %j", (training, folder, resuming) => {
  expect(resumeCode(training, folder)).toBe(`import { session } from "vaenb";\n${resuming}`);
});
