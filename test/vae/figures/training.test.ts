import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { plot, runFigure } from "../../../src/vae/figures";
import { display, live } from "../../../src/vae/host";
import { fallingRun } from "./fakes";

const floats = ({ bdata }: { readonly bdata: string }): Float32Array =>
  new Float32Array(new Uint8Array(Buffer.from(bdata, "base64")).buffer);

describe("a run's figure", () => {
  it("holds the curves of training and of validation", () => {
    const [run] = runFigure(fallingRun()).data.runs;
    if (run?.validation === undefined) throw new Error("no curves");
    expect(floats(run.train.loss)).toHaveLength(100);
    expect(floats(run.train.loss)[99]).toBeCloseTo(102, 5);
    expect([...floats(run.validation.loss)]).toEqual([109, 107]);
    expect(run.progress).toMatchObject({
      step: 100,
      steps: 500,
      epoch: 2,
      epochs: 10,
      examplesPerSecond: 12_345,
    });
  });

  it("reads as where the run stands, with units", () => {
    const { text } = runFigure(fallingRun());
    expect(text).toContain(
      "training, epoch 2 of 10, step 100 of 500, 12,345 examples/s, 48 s left, engine compiled",
    );
    expect(text).toMatch(/training +102\.00 +92\.00 +10\.00 +█/);
    expect(text).toMatch(/validation +107\.00/);
    expect(text).toContain("in nats per example");
  });

  it("tells epochs as precisely as somebody wants to know them", () => {
    const text = (epoch: number, totalEpochs: number): string =>
      /epoch [^ ]+ of [^ ]+(?=,)/.exec(runFigure(fallingRun({ epoch, totalEpochs })).text)?.[0] ?? "";
    expect(text(1582.1, 4000)).toBe("epoch 1,582 of 4,000");
    expect(text(36.97, 100)).toBe("epoch 36 of 100");
    expect(text(100, 100)).toBe("epoch 100 of 100");
    expect(text(2.53, 10)).toBe("epoch 2.5 of 10");
    expect(text(0.42, 1.5)).toBe("epoch 0.4 of 1.5");
  });

  it("names the folder of the checkpoints, and what they are for", () => {
    const checkpoints = join(process.cwd(), ".vaenb");
    expect(runFigure(fallingRun({ checkpoints })).text).toContain(
      "A checkpoint of this run is kept in .vaenb until the run has finished: should the kernel end, session.resume() goes on from there.",
    );
    const stopped = runFigure(fallingRun({ checkpoints: "/elsewhere/runs", status: "stopped" })).text;
    expect(stopped).toContain("is kept in /elsewhere/runs: should");
    expect(runFigure(fallingRun()).text).not.toContain("checkpoint");
  });

  it("shows warnings at their step, and says how a run ended", () => {
    const warnings = [
      { kind: "posterior-collapse", step: 80, text: "KL is 0 in z[1]: it has collapsed." },
    ] as const;
    const { text, data } = runFigure(fallingRun({ status: "stopped", warnings, secondsLeft: 0 }));
    expect(text).toContain("stopped, epoch 2 of 10");
    expect(text).toContain("took 12 s");
    expect(text).toContain("! step 80: KL is 0 in z[1]: it has collapsed.");
    expect(data.runs[0]?.warnings).toEqual(warnings);
  });

  it("survives a loss that is no number, and a run without a step", () => {
    const [first] = fallingRun().history;
    if (first === undefined) throw new Error("no point");
    const broken = { ...first, train: { loss: NaN, reconstruction: NaN, kl: Infinity } };
    const { text, data } = runFigure(fallingRun({ history: [first, broken], status: "failed" }));
    expect(text).toMatch(/training +NaN +NaN +Infinity/);
    expect(floats(data.runs[0]?.train.loss ?? { bdata: "" })[1]).toBeNaN();
    expect(runFigure(fallingRun({ history: [], step: 0 })).text).toContain("no step yet");
  });

  it("tells its listeners when the run changes, and shows what is there then", () => {
    const listeners = new Set<() => void>();
    const record = fallingRun();
    const state: { history: typeof record.history } = { history: record.history.slice(0, 10) };
    const run = Object.defineProperty(
      {
        ...record,
        [live]: (changed: () => void) => (listeners.add(changed), () => listeners.delete(changed)),
      },
      "history",
      { get: () => state.history },
    );
    const shown = runFigure(run);
    const seen: number[] = [];
    const stop = shown[live](() => seen.push(shown.data.runs[0]?.train.loss.bdata.length ?? 0));
    state.history = record.history;
    for (const changed of listeners) changed();
    expect(seen).toEqual([Math.ceil(400 / 3) * 4]);
    stop();
    expect(listeners.size).toBe(0);
  });

  it("stays small: a few hundred points are well under 100 KB", () => {
    expect(JSON.stringify(runFigure(fallingRun())[display]()).length).toBeLessThan(30_000);
  });
});

describe("plot.loss", () => {
  it("compares runs under their names", () => {
    const { data, text } = plot.loss({
      right: fallingRun(),
      "ignores the posterior": fallingRun({ status: "finished" }),
    });
    expect(data.runs.map(({ name }) => name)).toEqual(["right", "ignores the posterior"]);
    expect(text).toContain("ignores the posterior: finished");
  });

  it("names the axes of its chart with their unit, and has no background of its own", () => {
    const chart = plot.loss(fallingRun())[display]()["application/vnd.plotly.v1+json"];
    expect(chart).toMatchObject({
      layout: {
        yaxis: { title: { text: "loss (nats per example)" } },
        xaxis: { title: { text: "step" } },
        paper_bgcolor: "rgba(0, 0, 0, 0)",
        plot_bgcolor: "rgba(0, 0, 0, 0)",
      },
    });
  });

  it("refuses what is no run", () => {
    const wrong: unknown = { run: Promise.resolve(1) };
    // A person's cell is not type-checked when it runs.
    const call = plot.loss as (...runs: unknown[]) => unknown;
    expect(() => call(wrong)).toThrow(
      '"run" is not a training run but a promise. Put await before model.fit',
    );
    expect(() => call({})).toThrow("there is no run to draw");
    expect(() => call(Promise.resolve())).toThrow("put await before model.fit");
    expect(() => call(fallingRun(), fallingRun())).toThrow("plot.loss({ plain: run, annealed: other })");
    expect(() => call([fallingRun()])).toThrow("compares runs by the names that you give them");
  });
});
