import { expect, test } from "vitest";
import { statusText } from "../../src/extension/parts/statusText";

const facts = { node: "v20.18.0", pid: 42, engine: "compiled, 2 threads" };

test("an idle kernel shows its memory, and in the tooltip its runtime and engine", () => {
  const { text, details, alarming } = statusText({ phase: "idle", queue: [] }, facts, 312_400_000);
  expect(text).toBe("$(circle-large-outline) VAE: idle · 312 MB");
  expect(details).toEqual(["Node 20.18.0, process 42", "Memory: 312 MB", "Engine: compiled, 2 threads"]);
  expect(alarming).toBe(false);
});

test("cells that wait are counted", () => {
  expect(statusText({ phase: "busy", queue: ["a", "b"] }, facts, 2.5e9).text).toBe(
    "$(circle-large-filled) VAE: busy, 2 waiting · 2.5 GB",
  );
});

test("a dead kernel alarms, and says what to do", () => {
  const { alarming, details } = statusText({ phase: "dead", queue: [] }, {}, undefined);
  expect(alarming).toBe(true);
  expect(details.join()).toContain("Restart it");
});

test("before the first cell it says when a kernel starts", () => {
  expect(statusText({ phase: "none", queue: [] }, {}, undefined).details).toEqual([
    "The kernel starts with the first cell that runs.",
  ]);
});
