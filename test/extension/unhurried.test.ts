import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { unhurried } from "../../src/extension/parts/unhurried";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("what is asked for often is done once, a moment later, and again when it is asked for again", () => {
  let times = 0;
  const { soon } = unhurried(() => (times += 1));
  soon();
  vi.advanceTimersByTime(50);
  soon();
  expect(times).toBe(0);
  vi.advanceTimersByTime(100);
  expect(times).toBe(1);
  vi.advanceTimersByTime(1_000);
  expect(times).toBe(1);
  soon();
  vi.advanceTimersByTime(200);
  expect(times).toBe(2);
});

test("nothing is done for what is gone", () => {
  let times = 0;
  const { soon, dispose } = unhurried(() => (times += 1));
  soon();
  dispose();
  vi.advanceTimersByTime(1_000);
  expect(times).toBe(0);
});
