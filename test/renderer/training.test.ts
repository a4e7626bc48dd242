import { describe, expect, it } from "vitest";
import { type Curve, stepsOf, usualRange } from "../../src/renderer/views/trainingCurves";

const curve = (losses: readonly number[], every = 1): Curve => ({
  name: "training",
  validation: false,
  colour: "#000000",
  step: Int32Array.from(losses, (_, i) => (i + 1) * every),
  losses: {
    loss: Float32Array.from(losses),
    reconstruction: Float32Array.from(losses),
    kl: Float32Array.from(losses, () => 1),
  },
});

describe("the range of a loss", () => {
  const falling = Array.from({ length: 1_000 }, (_, i) => 100 + 400 * Math.exp(-i / 8));
  it("leaves out the first steps where they dwarf all that follows", () => {
    const [low, high] = usualRange([curve(falling)], "loss") ?? [NaN, NaN];
    // After 5 % of the steps the loss is within 400 e^(-50 / 8) = 0.77 of its end.
    expect(low).toBeCloseTo(100, 4);
    expect(high).toBeCloseTo(100 + 400 * Math.exp(-50 / 8), 4);
  });
  it("is all of it where nothing stands out, or where there is little yet", () => {
    expect(usualRange([curve(falling.map((_, i) => i))], "loss")).toBeUndefined();
    expect(usualRange([curve(falling.slice(0, 15))], "loss")).toBeUndefined();
    expect(usualRange([curve(falling)], "kl")).toBeUndefined();
    expect(usualRange([], "loss")).toBeUndefined();
  });
  it("holds every curve, and is not lost on what is no number", () => {
    const broken = falling.map((loss, i) => (i > 900 ? NaN : loss));
    const [low, high] = usualRange([curve(broken), curve(falling.map((loss) => loss + 20))], "loss") ?? [
      0, 0,
    ];
    expect(low).toBeCloseTo(100, 4);
    expect(high).toBeCloseTo(120 + 400 * Math.exp(-50 / 8), 4);
  });
});

describe("the steps that can be pointed at", () => {
  it("are those of all runs, each once", () => {
    expect([...stepsOf([curve([1, 1, 1], 2), curve([1, 1, 1, 1], 3), curve([])])]).toEqual([
      2, 3, 4, 6, 9, 12,
    ]);
  });
});
