import { expect, test, vi } from "vitest";
import { takeSteps, watcherOf } from "../../src/extension/file/exportSteps";

/** A task of small steps, each longer than the editor should wait. */
function* steps(count: number): Generator<number, string> {
  for (let i = 1; i <= count; i++) {
    now += 50;
    yield i / count;
  }
  return "done";
}
let now = 0;
vi.spyOn(performance, "now").mockImplementation(() => now);

test("a long export tells the editor how far it is, in percents that are added", async () => {
  const told: number[] = [];
  const watcher = watcherOf(
    { report: ({ increment }) => told.push(increment) },
    { isCancellationRequested: false },
  );
  expect(await takeSteps(steps(4), watcher)).toBe("done");
  expect(told).toEqual([25, 25, 25, 25]);
});

test("Cancel, pressed while it goes on, ends it", async () => {
  let pressed = false;
  const token = {
    // As the editor's token: asked anew each time.
    get isCancellationRequested() {
      return pressed;
    },
  };
  let told = 0;
  const watcher = watcherOf({ report: () => (pressed = ++told === 2) }, token);
  expect(await takeSteps(steps(100), watcher)).toBeUndefined();
  expect(told).toBe(2);
});
