import { beforeEach, expect, test } from "vitest";
import { Paced } from "../../src/renderer/paced";

/** A page whose frames come every 16 ms, and whose drawings take as long as `costs` says. */
class FakePage {
  time = 0;
  costs = 0;
  readonly drawn: string[] = [];
  private timers: { readonly at: number; readonly then: () => void }[] = [];

  readonly clock = {
    now: () => this.time,
    frame: (then: () => void) => this.at(Math.floor(this.time / 16 + 1) * 16, then),
    after: (milliseconds: number, then: () => void) => this.at(this.time + milliseconds, then),
  };

  readonly draw = (key: string, content: number): void => {
    this.drawn.push(`${key} ${content}`);
    this.time += this.costs;
  };

  at(time: number, then: () => void): void {
    this.timers.push({ at: time, then });
  }

  run(): void {
    for (;;) {
      this.timers.sort((a, b) => a.at - b.at);
      const next = this.timers.shift();
      if (!next) return;
      this.time = Math.max(this.time, next.at);
      next.then();
    }
  }
}

let page: FakePage;
let paced: Paced<number>;
beforeEach(() => {
  page = new FakePage();
  paced = new Paced(page.draw, page.clock);
});

test("what changes ten times a second and is cheap to draw is drawn each time", () => {
  page.costs = 10;
  for (let i = 0; i < 10; i++) page.at(i * 100, () => paced.put("chart", i));
  page.run();
  expect(page.drawn).toEqual(Array.from({ length: 10 }, (_, i) => `chart ${i}`));
});

test("what is slow to draw is drawn half of the time, and ends in its last state", () => {
  page.costs = 150;
  for (let i = 0; i < 20; i++) page.at(i * 100, () => paced.put("chart", i));
  page.run();
  expect(page.drawn.length).toBeLessThanOrEqual(8);
  expect(page.drawn.length).toBeGreaterThanOrEqual(6);
  expect(page.drawn.at(-1)).toBe("chart 19");
});

test("what is cheap to draw is drawn on after the page had to wait for the processor once", () => {
  page.costs = 10;
  for (let i = 0; i < 10; i++)
    page.at(i * 100, () => {
      page.costs = i === 4 ? 90 : 10;
      paced.put("chart", i);
    });
  page.run();
  expect(page.drawn).toEqual(Array.from({ length: 10 }, (_, i) => `chart ${i}`));
});

test("each of several is drawn, once, in its newest state", () => {
  for (let i = 0; i < 3; i++) for (const key of ["a", "b"]) paced.put(key, i);
  page.run();
  expect(page.drawn).toEqual(["a 2", "b 2"]);
});

test("what the editor drew anew meanwhile is not drawn over", () => {
  paced.put("a", 1);
  paced.put("b", 1);
  paced.drop("a");
  page.run();
  expect(page.drawn).toEqual(["b 1"]);
});
