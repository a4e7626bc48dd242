import { type LiveRun, runFigure, type TrainingFigure, trainingFigure } from "./run";

/**
 * The loss, reconstruction and KL of a run over its steps, or of several runs to compare: `loss({ plain, annealed })`.
 * All in nats per example. While a run trains, its chart follows.
 *
 * @throws TypeError if something given is not a training run, or several are given without names.
 */
export function loss(
  runs: LiveRun | Readonly<Record<string, LiveRun>>,
  ...more: readonly unknown[]
): TrainingFigure {
  if (more.length > 0 || Array.isArray(runs))
    throw new TypeError(
      "plot.loss compares runs by the names that you give them: plot.loss({ plain: run, annealed: other }).",
    );
  if (isRun(runs)) return runFigure(runs);
  if (runs instanceof Promise)
    throw new TypeError("plot.loss got a promise, not a run: put await before model.fit(...).");
  if (!isPlain(runs))
    throw new TypeError(
      `plot.loss takes a run, which model.fit returns, or runs by name, as in { plain: run }. It got ${kindOf(runs)}.`,
    );
  const named = Object.entries(runs).map(([name, run]) => {
    if (!isRun(run)) throw notARun(name, run);
    return { name, run };
  });
  if (named.length === 0) {
    throw new TypeError(
      "plot.loss: there is no run to draw. Pass what model.fit returned, or { name: run }.",
    );
  }
  return trainingFigure(`Training: ${named.map(({ name }) => name).join(", ")}`, named);
}

const isRun = (value: unknown): value is LiveRun =>
  typeof value === "object" && value !== null && "history" in value && Array.isArray(value.history);

/** Not made by a class: cells have a realm of their own, so the prototype's own constructor is not compared. */
function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function kindOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return `the value ${String(value)}`;
  const { name } = value.constructor;
  return `${/^[AEIO]/.test(name) ? "an" : "a"} ${name}`;
}

function notARun(name: string, value: unknown): TypeError {
  const what =
    value instanceof Promise ? "a promise. Put await before model.fit" : `a value of type ${typeof value}`;
  return new TypeError(
    `plot.loss: "${name}" is not a training run but ${what}: pass what model.fit returns.`,
  );
}
