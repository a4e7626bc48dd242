import { isAbsolute, relative } from "node:path";
import type { display, live } from "../host";
import type { HistoryPoint, Losses, TrainingWarning } from "../training/history";
import type { Run, RunStatus } from "../training/run";
import { colourOf } from "./colours";
import { duration, nats, whole } from "./format";
import { finiteOrNull, numbers, type Numbers } from "./numbers";
import { axis, type Chart } from "./plotly";
import { sparkline, textTable } from "./textTable";

/** What is drawn of a run: its record, not the faces that it makes of it. */
export type RunRecord = Omit<Run, typeof display | typeof live>;

/** A run and what the chart calls it: its model's name, or the name that the comparison gives it. */
export interface NamedRun {
  readonly name: string;
  readonly run: RunRecord;
}

export const lossUnit = "nats per example";

export interface LossCurves {
  readonly step: Numbers;
  readonly epoch: Numbers;
  readonly loss: Numbers;
  readonly reconstruction: Numbers;
  readonly kl: Numbers;
}

interface CurveColours {
  readonly training: string;
  readonly validation: string;
}

/** A run alone has a colour for each of its curves; runs that are compared have one each. */
const curveColours = (run: number, runs: number): CurveColours => ({
  training: colourOf(run),
  validation: colourOf(runs === 1 ? 1 : run),
});

export interface TrainingRunData {
  readonly name: string;
  readonly data: string;
  readonly engine: string;
  readonly status: RunStatus;
  readonly colours: CurveColours;
  readonly train: LossCurves;
  readonly validation?: LossCurves;
  readonly progress: {
    readonly step: number;
    readonly steps: number;
    readonly epoch: number;
    readonly epochs: number;
    readonly batchSize: number;
    readonly examplesPerSecond: number | null;
    readonly seconds: number;
    readonly secondsLeft: number | null;
  };
  readonly klPerDimension: Numbers;
  readonly warnings: readonly TrainingWarning[];
}

export interface TrainingData {
  readonly title: string;
  readonly unit: string;
  readonly runs: readonly TrainingRunData[];
}

export function trainingData(title: string, runs: readonly NamedRun[]): TrainingData {
  return { title, unit: lossUnit, runs: runs.map((run, r) => runData(run, curveColours(r, runs.length))) };
}

function runData({ name, run }: NamedRun, colours: CurveColours): TrainingRunData {
  const { train, validation } = curvesOf(run.history);
  return {
    name,
    data: run.data,
    engine: run.engine,
    status: run.status,
    colours,
    train: encoded(train),
    ...(run.validationData !== undefined && { validation: encoded(validation) }),
    progress: {
      step: run.step,
      steps: run.totalSteps,
      epoch: run.epoch,
      epochs: run.totalEpochs,
      batchSize: run.batchSize,
      examplesPerSecond: finiteOrNull(run.examplesPerSecond),
      seconds: run.seconds,
      secondsLeft: finiteOrNull(run.secondsLeft),
    },
    klPerDimension: numbers(Float32Array.from(run.klPerDimension)),
    warnings: run.warnings.map(({ kind, step, text }) => ({ kind, step, text })),
  };
}

/** Curves as columns. */
interface Curves {
  readonly step: Int32Array;
  readonly epoch: Float32Array;
  readonly loss: Float32Array;
  readonly reconstruction: Float32Array;
  readonly kl: Float32Array;
}

const encoded = (curves: Curves): LossCurves => ({
  step: numbers(curves.step),
  epoch: numbers(curves.epoch),
  loss: numbers(curves.loss),
  reconstruction: numbers(curves.reconstruction),
  kl: numbers(curves.kl),
});

/** The curves of training, at each point of the history, and of validation, where it was evaluated. */
export function curvesOf(history: readonly HistoryPoint[]): {
  readonly train: Curves;
  readonly validation: Curves;
} {
  const train = history.map((point) => ({ ...point, losses: point.train }));
  const validation = history.flatMap((point) =>
    point.validation === undefined ? [] : [{ ...point, losses: point.validation }],
  );
  return { train: columns(train), validation: columns(validation) };
}

function columns(
  points: readonly { readonly step: number; readonly epoch: number; readonly losses: Losses }[],
): Curves {
  return {
    step: Int32Array.from(points, (point) => point.step),
    epoch: Float32Array.from(points, (point) => point.epoch),
    loss: Float32Array.from(points, (point) => point.losses.loss),
    reconstruction: Float32Array.from(points, (point) => point.losses.reconstruction),
    kl: Float32Array.from(points, (point) => point.losses.kl),
  };
}

const panels = [
  { key: "loss", title: "loss" },
  { key: "reconstruction", title: "reconstruction" },
  { key: "kl", title: "KL" },
] as const;

/** Three panels over the steps: loss, reconstruction, KL; training drawn through, validation dashed with a mark per epoch. */
export function trainingChart(title: string, runs: readonly NamedRun[]): Chart {
  const single = runs.length === 1;
  const data = runs.flatMap(({ name: runName, run }, r) => {
    const { train, validation } = curvesOf(run.history);
    const colours = curveColours(r, runs.length);
    const kinds = [
      {
        curves: train,
        name: single ? "training" : runName,
        colour: colours.training,
        dash: "solid",
        mode: "lines",
      },
      {
        curves: validation,
        name: single ? "validation" : `${runName}, validation`,
        colour: colours.validation,
        dash: "dash",
        mode: "lines+markers",
      },
    ];
    return kinds
      .filter(({ curves }) => curves.step.length > 0)
      .flatMap(({ curves, name, colour, dash, mode }) =>
        panels.map(({ key, title: panel }, p) => ({
          type: "scatter",
          mode,
          name,
          legendgroup: name,
          showlegend: p === 0,
          x: numbers(curves.step),
          y: numbers(curves[key]),
          xaxis: `x${p === 0 ? "" : p + 1}`,
          yaxis: `y${p === 0 ? "" : p + 1}`,
          line: { color: colour, dash, width: 2 },
          marker: { color: colour, size: 5 },
          hovertemplate: `step %{x}: ${panel} %{y:.2f} ${lossUnit}<extra>${name}</extra>`,
        })),
      );
  });
  const axes = Object.fromEntries(
    panels.flatMap(({ title: panel }, p) => {
      const nth = p === 0 ? "" : String(p + 1);
      return [
        [`xaxis${nth}`, axis("step", { anchor: `y${nth}`, domain: panelDomain(p) })],
        [`yaxis${nth}`, axis(p === 0 ? `${panel} (${lossUnit})` : panel, { anchor: `x${nth}` })],
      ];
    }),
  );
  return {
    data,
    layout: { title: { text: title }, height: 380, legend: { orientation: "h", y: -0.25 }, ...axes },
  };
}

const panelDomain = (panel: number): readonly [number, number] => [panel * 0.36, panel * 0.36 + 0.28];

/** One block of text per run: where it stands, the last losses with their course, and what went wrong. */
export const trainingText = (title: string, runs: readonly NamedRun[]): string =>
  [title, ...runs.map((run) => runText(run, runs.length > 1))].join("\n");

const statusWords: Readonly<Record<RunStatus, string>> = {
  running: "training",
  finished: "finished",
  stopped: "stopped",
  "early-stopped": "stopped early",
  failed: "failed",
};

function runText({ name, run }: NamedRun, named: boolean): string {
  const { train, validation } = curvesOf(run.history);
  const rows = [
    { name: "training", curves: train },
    { name: "validation", curves: validation },
  ].flatMap(({ name: part, curves }) => {
    const last = curves.step.length - 1;
    if (last < 0) return [];
    const cell = (values: Float32Array): string => nats(values[last] ?? NaN);
    return [[part, cell(curves.loss), cell(curves.reconstruction), cell(curves.kl), sparkline(curves.loss)]];
  });
  const table =
    rows.length === 0
      ? "no step yet"
      : `${textTable(
          [
            { name: "", align: "left" },
            { name: "loss", align: "right" },
            { name: "reconstruction", align: "right" },
            { name: "KL", align: "right" },
            { name: "course of the loss", align: "left" },
          ],
          rows,
        )}\nin ${lossUnit}`;
  return [
    `${named ? `${name}: ` : ""}${statusWords[run.status]}, ${progressText(run)}`,
    table,
    ...(run.checkpoints === undefined ? [] : [checkpointText(run.checkpoints, run.status)]),
    ...run.warnings.map((warning) => `! step ${whole(warning.step)}: ${warning.text}`),
  ].join("\n");
}

/** A folder that appears beside a notebook without a word would only be in the way. */
function checkpointText(folder: string, status: RunStatus): string {
  const near = relative(process.cwd(), folder);
  const name = near === "" || near.startsWith("..") || isAbsolute(near) ? folder : near;
  const until = status === "running" ? " until the run has finished" : "";
  return `A checkpoint of this run is kept in ${name}${until}: should the kernel end, session.resume() goes on from there.`;
}

function progressText(run: RunRecord): string {
  const running = run.status === "running";
  const parts = [
    `epoch ${epochText(run.epoch, run.totalEpochs)} of ${epochText(run.totalEpochs, run.totalEpochs)}`,
    `step ${whole(run.step)} of ${whole(run.totalSteps)}`,
    ...(run.examplesPerSecond > 0 ? [`${whole(run.examplesPerSecond)} examples/s`] : []),
    ...(running && run.secondsLeft > 0 ? [`${duration(run.secondsLeft)} left`] : []),
    ...(running ? [] : [`took ${duration(run.seconds)}`]),
    `engine ${run.engine}`,
  ];
  return parts.join(", ");
}

/** With a decimal where there are few epochs, or parts of one; "1,582" of 4,000. */
const epochText = (epoch: number, of: number): string =>
  of < 20 ? String(Math.round(epoch * 10) / 10) : whole(Math.floor(epoch));
