import { describe, expect, it } from "vitest";
import { plot } from "../../../src/vae/figures";
import { dimensionStatistics } from "../../../src/vae/figures/latentStatistics";
import { normalQuantile } from "../../../src/vae/figures/normalQuantile";
import type { Numbers, ScaledNumbers } from "../../../src/vae/figures/numbers";
import { principalComponents, project } from "../../../src/vae/figures/principalComponents";
import { answer, display } from "../../../src/vae/host";
import type { TrainedModel } from "../../../src/vae/models/model";
import { stream } from "../../../src/vae/random";
import { ailing, pictures, toLatent, toPixel, transparentModel } from "./fakes";
import { readAll } from "../../../src/vae/data/readExamples";
import { fromArray } from "../../../src/vae/data/fromArray";

const bytesOf = ({ bdata }: Numbers): Uint8Array => new Uint8Array(Buffer.from(bdata, "base64"));
const none: Numbers = { dtype: "i4", bdata: "" };
const unscaled = ({ low, high, values }: ScaledNumbers): number[] =>
  Array.from(new Uint16Array(bytesOf(values).buffer), (step) => low + ((high - low) * step) / 65_535);

/** The decoded picture in an answer. */
function answeredPixels(result: unknown): Uint8Array {
  if (typeof result !== "object" || result === null || !("images" in result)) throw new Error("no images");
  const images: unknown = result.images;
  if (typeof images !== "object" || images === null || !("pixels" in images)) throw new Error("no pixels");
  const pixels: unknown = images.pixels;
  if (typeof pixels !== "object" || pixels === null || !("bdata" in pixels)) throw new Error("no bytes");
  return new Uint8Array(Buffer.from(String(pixels.bdata), "base64"));
}

describe("plot.latentSpace", () => {
  const data = pictures(300, [4, 4]);
  const values = readAll(data);
  const firstPixels = (dimension: number): number[] =>
    Array.from({ length: data.size }, (_, i) => values[i * 16 + dimension] ?? NaN);

  it("puts each example at its posterior mean, with its label", async () => {
    const { data: view } = await plot.latentSpace(transparentModel(2, [4, 4]), data);
    expect(view.axes.map(({ name }) => name)).toEqual(["z[0]", "z[1]"]);
    view.axes.forEach((axis, dimension) =>
      unscaled(axis.points).forEach((value, i) =>
        expect(value).toBeCloseTo(toLatent(values[i * 16 + dimension] ?? NaN), 3),
      ),
    );
    expect(view.labels?.names).toEqual(["zero", "one", "two"]);
    expect([...bytesOf(view.labels?.of ?? { dtype: "u1", bdata: "" })].slice(0, 4)).toEqual([0, 1, 2, 0]);
  });

  it("decodes the point that is pointed at", async () => {
    const made = await plot.latentSpace(transparentModel(2, [4, 4]), data);
    const pixels = answeredPixels(
      await made[answer]("decodePlane", { axes: ["z[0]", "z[1]"], at: [[1, -1]] }),
    );
    expect([pixels[0], pixels[1]]).toEqual([toPixel(1), toPixel(-1)].map((value) => Math.round(value * 255)));
  });

  it("keeps the dimensions off the plane at their average", async () => {
    const made = await plot.latentSpace(transparentModel(3, [4, 4]), data);
    const average = firstPixels(1).reduce((sum, value) => sum + value, 0) / data.size;
    const pixels = answeredPixels(
      await made[answer]("decodePlane", { axes: ["z[2]", "z[0]"], at: [[0.5, 1.5]] }),
    );
    expect(pixels[2]).toBe(Math.round(toPixel(0.5) * 255));
    expect(pixels[0]).toBe(Math.round(toPixel(1.5) * 255));
    expect(Math.abs((pixels[1] ?? 0) - average * 255)).toBeLessThanOrEqual(1);
  });

  it("decodes a point of the plane of two principal components to where it projects back", async () => {
    const model = transparentModel(3, [4, 4]);
    const made = await plot.latentSpace(model, data);
    expect(made.data.axes.slice(0, 3).map(({ name }) => name)).toEqual(["PC 1", "PC 2", "PC 3"]);
    const pixels = answeredPixels(
      await made[answer]("decodePlane", { axes: ["PC 1", "PC 2"], at: [[0.6, -0.4]] }),
    );
    const { mean } = await model.posterior(data);
    const components = principalComponents(mean, 3);
    const point = Float32Array.from(pixels.subarray(0, 3), (byte) => toLatent(byte / 255));
    const coordinates = components.directions.map(
      (direction) => project(point, components, direction)[0] ?? NaN,
    );
    [0.6, -0.4, 0].forEach((expected, c) =>
      expect(Math.abs((coordinates[c] ?? NaN) - expected)).toBeLessThan(0.03),
    );
  });

  it("shows an example beside its reconstruction", async () => {
    const made = await plot.latentSpace(transparentModel(2, [4, 4]), data);
    const pixels = answeredPixels(await made[answer]("example", { index: 7 }));
    expect(pixels).toHaveLength(32);
    expect(pixels[0]).toBe(Math.round((firstPixels(0)[7] ?? NaN) * 255));
    expect(pixels[16]).toBe(pixels[0]);
  });

  it("says what it was asked wrong", async () => {
    const made = await plot.latentSpace(transparentModel(2, [4, 4]), data);
    await expect(made[answer]("divine", {})).rejects.toThrow(
      'no answer to "divine". It answers: decodePlane, example, axis',
    );
    await expect(made[answer]("example", { index: 300 })).rejects.toThrow(
      "There is no example 300: pictures has 300.",
    );
    await expect(made[answer]("decodePlane", { axes: ["z[0]", "z[9]"], at: [[0, 0]] })).rejects.toThrow(
      'no axis "z[9]"',
    );
    await expect(made[answer]("decodePlane", { at: [[0, NaN]] })).rejects.toThrow("finite numbers");
  });

  it("lets the axes be chosen, and names them where there is no such one", async () => {
    const model = transparentModel(4, [4, 4]);
    const { data: view } = await plot.latentSpace(model, data, { axes: [3, "PC 2"] });
    expect(view.axes.slice(0, 2).map(({ name }) => name)).toEqual(["z[3]", "PC 2"]);
    await expect(plot.latentSpace(model, data, { axes: [4, 0] })).rejects.toThrow(
      'no axis "4". There are PC 1, PC 2',
    );
  });

  it("draws a single dimension against the posterior's standard deviation", async () => {
    const { data: view } = await plot.latentSpace(transparentModel(1, [4, 4]), data);
    expect(view.axes.map(({ name }) => name)).toEqual(["z[0]", "posterior standard deviation"]);
    expect(view.axes[1]?.points.low).toBeCloseTo(0.5, 5);
  });

  it.each([NaN, Infinity, -Infinity])(
    "leaves out examples that the encoder gives %d for, and says how many, in all its faces",
    async (instead) => {
      const model = transparentModel(3, [4, 4]);
      const [sound, sick] = [
        await plot.latentSpace(
          model,
          data.filter(({ index }) => index >= 2),
        ),
        await plot.latentSpace(ailing(model, [0, 1], instead), data),
      ];
      const missing = "2 of 300 examples not shown: the encoder gives NaN or infinity there.";
      expect(sound.text).not.toContain("not shown");
      expect(sick.text).toContain(missing);
      const face = JSON.stringify(sick[display]()["application/vnd.plotly.v1+json"]);
      expect(face).toContain(missing);
      // What is left is where it would be without them.
      expect(sick.data.axes.map(({ name, kl }) => [name, kl])).toEqual(
        sound.data.axes.map(({ name, kl }) => [name, kl]),
      );
      sick.data.axes.forEach((axis, a) => {
        expect([...new Int32Array(bytesOf(axis.points.missing ?? none).buffer)]).toEqual([0, 1]);
        expect(unscaled(axis.points).slice(2)).toEqual(unscaled(sound.data.axes[a]?.points ?? axis.points));
      });
      expect(sick.text.split("\n").slice(3)).toEqual(sound.text.split("\n").slice(2));
    },
  );

  it("says that no example can be shown when the model diverged", async () => {
    const everyone = Array.from({ length: 300 }, (_, i) => i);
    const made = await plot.latentSpace(ailing(transparentModel(3, [4, 4]), everyone), data);
    expect(made.text).toContain("300 of 300 examples not shown");
    expect(made.data.axes[0]).toMatchObject({ points: { low: 0, high: 0 } });
  });

  it("keeps 60,000 points in ten dimensions below 2 MB, and gives the axes left out when asked", async () => {
    const latent = 10;
    const means = stream(3, "means").fillNormal(new Float32Array(60_000 * latent), 0);
    const model: TrainedModel = {
      ...transparentModel(latent, [4, 4]),
      posterior: () => Promise.resolve({ mean: means, logVariance: new Float32Array(means.length) }),
    };
    const many = fromArray(new Uint8Array(60_000 * 16), {
      name: "many",
      shape: [4, 4],
      labels: Array.from({ length: 60_000 }, (_, i) => i % 10),
    });
    const made = await plot.latentSpace(model, many);
    expect(JSON.stringify(made[display]()).length).toBeLessThan(2_000_000);
    const [left] = made.data.moreAxes;
    const result = await made[answer]("axis", { name: left });
    expect(result).toMatchObject({ axis: { name: left, kind: "dimension" } });
  });
});

describe("plot.manifold", () => {
  it("decodes quantiles of the prior, the second dimension growing upwards", async () => {
    const { data: view } = await plot.manifold(transparentModel(2, [4, 4]), { size: 5 });
    const pixels = bytesOf(view.images.pixels);
    const corner = (column: number, row: number): readonly number[] =>
      [...pixels.subarray((row * 5 + column) * 16)].slice(0, 2);
    const level = (p: number): number => Math.round(toPixel(normalQuantile(p)) * 255);
    expect(corner(0, 0)).toEqual([level(0.1), level(0.9)]);
    expect(corner(4, 0)).toEqual([level(0.9), level(0.9)]);
    expect(corner(2, 4)).toEqual([level(0.5), level(0.1)]);
    expect(view.across.values[4]).toBeCloseTo(1.2816, 4);
  });

  it("moves the dimensions that it is told to", async () => {
    const { data: view } = await plot.manifold(transparentModel(4, [4, 4]), {
      size: 3,
      dimensions: [3, 1],
      base: [1, 0, -1, 0],
    });
    const pixels = bytesOf(view.images.pixels);
    const outer = Math.round(toPixel(normalQuantile(1 / 6)) * 255);
    expect([...pixels.subarray(0, 4)]).toEqual([191, 255 - outer, 64, outer]);
  });

  it("is a row where there is one dimension", async () => {
    const { data: view } = await plot.manifold(transparentModel(1, [4, 4]), { size: 7 });
    expect(view.images.count).toBe(7);
  });

  it("names the dimensions there are", async () => {
    await expect(plot.manifold(transparentModel(2, [4, 4]), { dimensions: [0, 2] })).rejects.toThrow(
      "transparent 16-2 has no latent dimension 2: they are numbered 0 to 1.",
    );
  });
});

describe("plot.traversals", () => {
  const data = pictures(50, [4, 4]);

  it("moves one dimension per row and leaves the others at the example's posterior mean", async () => {
    const { data: view } = await plot.traversals(transparentModel(3, [4, 4]), data, {
      steps: 3,
      range: 2,
      example: 4,
    });
    const pixels = bytesOf(view.images.pixels);
    const base = readAll(data).slice(4 * 16, 4 * 16 + 3);
    expect(view.values).toEqual([-2, 0, 2]);
    view.dimensions.forEach(({ dimension }, row) =>
      [0, 128, 255].forEach((moved, column) => {
        const expected = Array.from(base, (value, d) => (d === dimension ? moved : Math.round(value * 255)));
        const shown = [...pixels.subarray((row * 3 + column) * 16)].slice(0, 3);
        shown.forEach((level, d) => expect(Math.abs(level - (expected[d] ?? NaN))).toBeLessThanOrEqual(1));
      }),
    );
  });

  it("orders the rows by KL divergence, and starts from the prior's mean without data", async () => {
    const withData = await plot.traversals(transparentModel(3, [4, 4]), data);
    const kls = withData.data.dimensions.map(({ kl }) => kl ?? NaN);
    expect([...kls].sort((a, b) => b - a)).toEqual(kls);
    const without = await plot.traversals(transparentModel(3, [4, 4]));
    expect(without.data).toMatchObject({
      base: [0, 0, 0],
      dimensions: [{ dimension: 0 }, { dimension: 1 }, { dimension: 2 }],
    });
  });

  it("says where there is no point to start from", async () => {
    const sick = ailing(transparentModel(3, [4, 4]), [0]);
    await expect(plot.traversals(sick, data)).rejects.toThrow(
      "plot.traversals: transparent 16-3 gives NaN or infinity for example 0 of pictures, so there is no point to start from.",
    );
  });

  it("answers with any latent point", async () => {
    const made = await plot.traversals(transparentModel(3, [4, 4]), data);
    const pixels = answeredPixels(await made[answer]("decode", { points: [[2, 0, -2]] }));
    expect([...pixels.subarray(0, 3)]).toEqual([255, 128, 0]);
  });
});

describe("plot.interpolation", () => {
  it("goes in even steps from end to end", async () => {
    const { data: view } = await plot.interpolation(transparentModel(2, [4, 4]), [-2, 2], [2, 2], {
      steps: 5,
    });
    const pixels = bytesOf(view.images.pixels);
    expect([0, 1, 2, 3, 4].map((i) => pixels[i * 16])).toEqual([0, 64, 128, 191, 255]);
  });

  it("stays on the circle when it goes along the arc", async () => {
    const model = transparentModel(2, [4, 4]);
    const { data: view } = await plot.interpolation(model, [1, 0], [0, 1], { steps: 3, path: "spherical" });
    const pixels = bytesOf(view.images.pixels);
    const middle = [pixels[16] ?? 0, pixels[17] ?? 0].map((byte) => toLatent(byte / 255));
    expect(Math.hypot(...middle)).toBeCloseTo(1, 1);
  });

  it("says how long a latent point must be", async () => {
    await expect(plot.interpolation(transparentModel(2, [4, 4]), [0, 0, 0], [0, 0])).rejects.toThrow(
      "a latent point of transparent 16-2 has 2 numbers, not 3. Pass data.take(1) for an example.",
    );
  });
});

describe("the numbers behind the figures", () => {
  it("KL of a normal posterior equals its integral", () => {
    const [mean, logVariance] = [0.7, -1.1];
    const deviation = Math.exp(logVariance / 2);
    const density = (x: number, m: number, s: number): number =>
      Math.exp(-(((x - m) / s) ** 2) / 2) / (s * Math.sqrt(2 * Math.PI));
    let integral = 0;
    const step = 1e-3;
    for (let x = -8; x < 8; x += step) {
      const q = density(x, mean, deviation);
      if (q > 0) integral += q * Math.log(q / density(x, 0, 1)) * step;
    }
    const [statistics] = dimensionStatistics(
      { mean: Float32Array.of(mean), logVariance: Float32Array.of(logVariance) },
      1,
    );
    expect(statistics?.kl).toBeCloseTo(integral, 5);
  });

  it("normal quantiles are the ones in every table, far into the tails", () => {
    const table = {
      0.5: 0,
      0.841344746: 1,
      0.975: 1.959963985,
      0.999: 3.090232306,
      1e-6: -4.753424309,
      1e-9: -5.997807015,
    };
    for (const [p, x] of Object.entries(table)) expect(normalQuantile(Number(p))).toBeCloseTo(x, 6);
  });

  it("principal components find the axes of a stretched and turned cloud", () => {
    const noise = stream(5, "cloud").fillNormal(new Float32Array(40_000), 0);
    const [cosine, sine] = [Math.cos(0.5), Math.sin(0.5)];
    const points = Float32Array.from(noise, (_, i) => {
      const [long, short] = [3 * (noise[i - (i % 2)] ?? 0), noise[i - (i % 2) + 1] ?? 0];
      return i % 2 === 0 ? 5 + cosine * long - sine * short : -1 + sine * long + cosine * short;
    });
    const { mean, directions, explained } = principalComponents(points, 2);
    expect(mean[0]).toBeCloseTo(5, 1);
    expect(directions[0]?.[0]).toBeCloseTo(cosine, 2);
    expect(directions[0]?.[1]).toBeCloseTo(sine, 2);
    expect(explained[0]).toBeCloseTo(0.9, 2);
  });

  it("names active dimensions and those that carry nothing", async () => {
    const values = new Float32Array(100 * 16).fill(0.5);
    for (let i = 0; i < 100; i++) values[i * 16] = i / 99;
    const data = fromArray(values, { name: "ramp", shape: [4, 4] });
    const made = await plot.klPerDimension(transparentModel(2, [4, 4]), data);
    expect(made.data.active).toEqual([0]);
    expect(made.text).toMatch(/z\[1\] .* inactive/);
    expect(made.text).toContain("1 of 2 dimensions active");
  });
});
