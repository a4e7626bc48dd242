import { expect, test } from "vitest";
import {
  cosine,
  cyclic,
  exponential,
  requireSchedule,
  valueAt,
  warmUp,
  type Schedule,
} from "../../../src/vae/training/schedules";

const at = (schedule: Schedule, step: number) =>
  valueAt(schedule, { step, totalSteps: 101, stepsPerEpoch: 10 });

test("a warm-up rises in a straight line, then stays", () => {
  const schedule = warmUp({ epochs: 2, to: 0.5 });
  expect([0, 5, 10, 20, 90].map((step) => at(schedule, step))).toEqual([0, 0.125, 0.25, 0.5, 0.5]);
  expect(at(warmUp({ steps: 4 }), 1)).toBe(0.25);
});

test("a cyclic schedule begins again from 0 in each cycle", () => {
  const schedule = cyclic({ cycles: 2, rise: 0.5 });
  const value = (step: number) => valueAt(schedule, { step, totalSteps: 100, stepsPerEpoch: 10 });
  expect([0, 10, 25, 49, 50, 60, 75].map(value)).toEqual(
    [0, 0.4, 1, 1, 0, 0.4, 1].map((x) => expect.closeTo(x, 10) as number),
  );
});

test("a cosine begins at one end and arrives at the other", () => {
  const schedule = cosine({ from: 1e-3, to: 1e-5 });
  expect(at(schedule, 0)).toBeCloseTo(1e-3, 10);
  expect(at(schedule, 50)).toBeCloseTo((1e-3 + 1e-5) / 2, 10);
  expect(at(schedule, 100)).toBeCloseTo(1e-5, 10);
});

test("an exponential schedule multiplies once per so many epochs", () => {
  const schedule = exponential({ from: 1, rate: 0.5, epochs: 2 });
  expect([0, 20, 40].map((step) => at(schedule, step))).toEqual([1, 0.5, 0.25]);
});

test("a function that takes the step itself is told what it is given", () => {
  const compare = ((step: number) => (step < 100 ? 0 : 1)) as unknown as Schedule;
  expect(() => at(compare, 5)).toThrow("write ({ step }) => ...");
});

test("a learning rate is not warmed up to 1 by leaving out how far", () => {
  expect(() => {
    requireSchedule("learningRate", warmUp({ epochs: 1 }));
  }).toThrow("raises the learning rate to 1. Say how far: warmUp({ epochs: 5, to: 1e-3 })");
  requireSchedule("learningRate", warmUp({ epochs: 1, to: 1e-3 }));
  requireSchedule("beta", warmUp({ epochs: 1 }));
});

test("a function of the moment is a schedule", () => {
  expect(at(({ step, totalSteps }) => step / totalSteps, 101)).toBe(1);
});

test("a warm-up without length is refused", () => {
  expect(() => warmUp({ epochs: 0 })).toThrow("warmUp needs a length above 0, not 0");
});
