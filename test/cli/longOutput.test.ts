import { expect, it } from "vitest";
import { LongOutput } from "../../src/cli/longOutput";

const numbered = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `${from + i}\n`).join("");

it("shows what is short as it comes", () => {
  const output = new LongOutput();
  expect(output.take("a")).toBe("a");
  expect(output.take("b\nc\n")).toBe("b\nc\n");
  expect([output.flush(), output.latest]).toEqual(["", undefined]);
});

it("shows the first lines, how many follow, and the last ones", () => {
  const output = new LongOutput();
  expect(output.take(numbered(0, 30)) + output.take(numbered(30, 1000))).toBe(numbered(0, 20));
  expect(output.latest).toBe("999");
  expect(output.flush()).toBe(
    `... 975 more lines, which the notebook of --output has ...\n${numbered(995, 1000)}`,
  );
});

it("leaves nothing out where that would save a few lines only", () => {
  const output = new LongOutput();
  expect(output.take(numbered(0, 35)) + output.flush()).toBe(numbered(0, 35));
});

it("takes text in any pieces, and keeps a line that has not ended", () => {
  const pieces = new LongOutput();
  const text = `${numbered(0, 100)}the end`;
  let shown = "";
  for (const character of text) shown += pieces.take(character);
  const whole = new LongOutput();
  expect(shown + pieces.flush()).toBe(whole.take(text) + whole.flush());
  expect(shown + pieces.flush()).not.toContain("the end");
});

it("counts anew what comes behind something else", () => {
  const output = new LongOutput();
  output.take(numbered(0, 200));
  output.flush();
  expect(output.take("more\n") + output.flush()).toBe("more\n");
});

it("tells how far a line is that is written again and again, and keeps its last state", () => {
  const output = new LongOutput();
  output.take(numbered(0, 20));
  for (let percent = 0; percent <= 100; percent += 50) output.take(`\r${percent} %`);
  expect(output.latest).toBe("100 %");
  output.take("\r\n");
  for (const bar of ["#..\r", "##.\r"]) output.take(bar);
  expect(output.latest).toBe("##.");
  expect(output.flush()).toBe("100 %\r\n##.\r");
});
