import { PassThrough, Readable } from "node:stream";
import { expect, it, vi } from "vitest";
import { TerminalReporter } from "../../src/cli/terminal";
import { report } from "./scriptedKernel";

/** What a person would have before them: all that was written, tagged by its stream. */
function screen({ isTTY = false, input = "" } = {}) {
  const written: string[] = [];
  const stream = (name: string) => ({
    isTTY,
    columns: 40,
    write: (text: string) => written.push(`${name}${text}`),
  });
  return { written, stdout: stream(""), stderr: stream("! "), stdin: Readable.from([input]) };
}
const cell = "a";
const begin = {
  number: 3,
  position: 2,
  total: 9,
  source: "\n  const model = buildAModelWithAVeryLongName();",
};

it("prints what cells print to the stream that they print to", () => {
  const to = screen();
  const reporter = new TerminalReporter(to);
  reporter.cellBegins(begin);
  reporter.shows({ type: "stream", cell, name: "stdout", text: "part" });
  reporter.shows({ type: "stream", cell, name: "stderr", text: "warning\n" });
  reporter.shows({ type: "display", cell, bundle: { "text/plain": "Point { x: 1 }", "text/html": "<b>" } });
  reporter.shows({ type: "display", cell, bundle: { "image/png": Uint8Array.of(1) } });
  reporter.shows({ type: "error", cell, error: report("Error", "no") });
  reporter.cellEnds();
  expect(to.written).toEqual([
    "part",
    "! warning\n",
    "Point { x: 1 }\n",
    "[image/png]\n",
    "! Error: no\n    at Cell 1:1:1\n",
  ]);
});

it("leaves the middle of a cell's many lines out on a terminal, not in a pipe or where all is asked for, and keeps the order", () => {
  const lines = Array.from({ length: 300 }, (_, i) => `${i}\n`);
  const printed = (isTTY: boolean, full = false): string => {
    const to = screen({ isTTY });
    const reporter = new TerminalReporter({ ...to, stderr: screen().stderr }, { full });
    reporter.cellBegins(begin);
    for (const text of lines) reporter.shows({ type: "stream", cell, name: "stdout", text });
    reporter.shows({ type: "display", cell, bundle: { "text/plain": "a value" } });
    reporter.cellEnds();
    return to.written.join("");
  };
  expect(printed(false)).toBe(`${lines.join("")}a value\n`);
  expect(printed(true, true)).toBe(`${lines.join("")}a value\n`);
  expect(printed(true)).toMatch(/^0\n1\n[^]*\n19\n\.\.\. 275 more lines, .*\n295\n[^]*299\na value\n$/);
});

it("prints a value on a line of its own, also behind a line that did not end", () => {
  const to = screen();
  const reporter = new TerminalReporter(to);
  reporter.shows({ type: "stream", cell, name: "stdout", text: "no end" });
  reporter.shows({ type: "display", cell, bundle: { "text/plain": "42" } });
  expect(to.written).toEqual(["no end", "\n42\n"]);
});

it("prints the last state of a display that was redrawn, once, when its cell ends", () => {
  const to = screen();
  const reporter = new TerminalReporter(to);
  reporter.shows({ type: "display", cell, display: "d", bundle: { "text/plain": "0%" } });
  for (const text of ["50%", "100%"])
    reporter.shows({ type: "update", display: "d", bundle: { "text/plain": text } });
  reporter.cellEnds();
  expect(to.written).toEqual(["0%\n", "100%\n"]);
});

it("says in the line of progress how far what is redrawn has come", () => {
  vi.useFakeTimers();
  try {
    const to = screen({ isTTY: true });
    const reporter = new TerminalReporter(to);
    reporter.cellBegins(begin);
    const told = "Training of a model\nepoch 2 of 10\nloss 3";
    reporter.shows({ type: "update", display: "d", bundle: { "text/plain": told } });
    vi.advanceTimersByTime(1_000);
    expect(to.written.at(-1)).toBe("! \r\u001b[2K1 s [2/9] epoch 2 of 10");
    reporter.cellEnds();
    expect(to.written.slice(-2)).toEqual(["! \r\u001b[2K", `${told}\n`]);
  } finally {
    vi.useRealTimers();
  }
});

it("draws a line of progress on a terminal, takes it away for what is printed, and leaves nothing behind", () => {
  const to = screen({ isTTY: true });
  const reporter = new TerminalReporter(to);
  reporter.cellBegins(begin);
  reporter.shows({ type: "stream", cell, name: "stdout", text: "epoch 1\n" });
  reporter.cellEnds();
  expect(to.written).toEqual([
    "! \r\u001b[2K[2/9] Cell 3: const model = buildAModel",
    "! \r\u001b[2K",
    "epoch 1\n",
  ]);
});

it("prints errors only when it is to be quiet", () => {
  const to = screen({ isTTY: true });
  const reporter = new TerminalReporter(to, { quiet: true });
  reporter.cellBegins(begin);
  reporter.shows({ type: "stream", cell, name: "stdout", text: "x\n" });
  reporter.shows({ type: "error", cell, error: report("Error", "no") });
  expect(to.written).toEqual(["! Error: no\n    at Cell 1:1:1\n"]);
});

it("answers questions with the lines of its input, and with none when that has ended", async () => {
  const to = screen({ input: "Ada\nLovelace\n" });
  const reporter = new TerminalReporter(to);
  expect(await reporter.asks("First?", false)).toBe("Ada");
  expect(await reporter.asks("Last?", false)).toBe("Lovelace");
  expect(await reporter.asks("Born?", false)).toBeUndefined();
  reporter.close();
  expect(to.written[0]).toBe("! First? ");
});

/** A terminal's keyboard: what is typed, and whether the terminal shows it. */
function keyboard() {
  const modes: boolean[] = [];
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (on: boolean) => modes.push(on),
  });
  const type = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) {
      input.write(key);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  return { input, type, isHidden: () => modes.at(-1) === true };
}

it("hides a password while it is typed on a terminal, and only then", async () => {
  const { input, type, isHidden } = keyboard();
  const reporter = new TerminalReporter({ ...screen(), stdin: input });
  const name = reporter.asks("Name?", false);
  expect(isHidden()).toBe(false);
  await type("Ada\n");
  expect(await name).toBe("Ada");
  const word = reporter.asks("Password?", true);
  expect(isHidden()).toBe(true);
  await type("x", "\u0015", "sé", "\u001b[D", "d", "\u007f", "crèt", "\r");
  expect([await word, isHidden()]).toEqual(["sécrèt", false]);
  const again = reporter.asks("Again?", false);
  await type("seen\n");
  expect(await again).toBe("seen");
  reporter.close();
});

it("takes Ctrl-C for a stop while a password is typed, and gives the terminal back", async () => {
  const { input, type, isHidden } = keyboard();
  let interruptions = 0;
  const reporter = new TerminalReporter({ ...screen(), stdin: input }, {}, () => (interruptions += 1));
  void reporter.asks("Password?", true).then(() => (interruptions = NaN));
  await type("half", "\u0003");
  expect([isHidden(), interruptions]).toEqual([false, 1]);
  void reporter.asks("Password?", true);
  reporter.close();
  expect(isHidden()).toBe(false);
});
