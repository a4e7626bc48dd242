import type { HistoryPoint, TrainingWarning } from "./history";

/** Below this many nats a dimension tells nothing about the example. */
const collapsedBelow = 0.01;

const listed = (dimensions: readonly number[]): string =>
  dimensions.length === 1
    ? `dimension ${dimensions[0]}`
    : `dimensions ${dimensions.slice(0, -1).join(", ")} and ${dimensions.at(-1)}`;

/** Says in which dimensions (counted from 0) the posterior has become the prior. */
export function collapseWarning(
  step: number,
  klPerDimension: readonly number[],
  beta: number,
): TrainingWarning | undefined {
  const collapsed = klPerDimension.flatMap((kl, dimension) => (kl < collapsedBelow ? [dimension] : []));
  if (collapsed.length === 0) return undefined;
  const everywhere = collapsed.length === klPerDimension.length;
  const where = everywhere ? "in every dimension" : `in ${listed(collapsed)} of ${klPerDimension.length}`;
  const remedy =
    beta > 0 ? "KL warm-up (beta: warmUp({ epochs: 5 })), free bits or a smaller beta" : "a smaller latent";
  const text = everywhere
    ? `KL is 0 ${where}: the posterior has collapsed to the prior, so the code says nothing about the example. Check that z depends on mean and variance; ${remedy} can help.`
    : `KL is 0 ${where}: the posterior has collapsed there, and the model uses ${klPerDimension.length - collapsed.length}. If that is too few, ${remedy} can help.`;
  return { kind: "posterior-collapse", step, text };
}

/** Says that the loss runs away, as long as it is still a number. */
export function divergenceWarning(history: readonly HistoryPoint[]): TrainingWarning | undefined {
  const first = history[0];
  const last = history.at(-1);
  if (!first || !last || history.length < 3) return undefined;
  const best = Math.min(...history.map(({ train }) => train.loss));
  const scale = Math.max(Math.abs(first.train.loss), Math.abs(best));
  if (last.train.loss - best < 2 * scale) return undefined;
  return {
    kind: "divergence",
    step: last.step,
    text: `The loss diverges: ${amount(best)} nats per example at its best, ${amount(last.train.loss)} now. The learning rate ${last.learningRate} is probably too large; try ${Number((last.learningRate / 10).toPrecision(2))}, or clipNorm: 1.`,
  };
}

const risingEpochs = 3;

/** Says that the validation loss has been rising for some epochs while the training loss falls. */
export function overfittingWarning(history: readonly HistoryPoint[]): TrainingWarning | undefined {
  const epochs = history.flatMap(({ step, epoch, train, validation }) =>
    validation ? [{ step, epoch, train: train.loss, validation: validation.loss }] : [],
  );
  const recent = epochs.slice(-risingEpochs - 1);
  const [lowest, ...after] = recent;
  const last = recent.at(-1);
  if (!lowest || !last || after.length < risingEpochs) return undefined;
  const rises = after.every(({ validation }, index) => validation > (recent[index]?.validation ?? Infinity));
  if (!rises || last.train >= lowest.train) return undefined;
  return {
    kind: "overfitting",
    step: last.step,
    text: `The validation loss has risen for ${risingEpochs} epochs, from ${amount(lowest.validation)} to ${amount(last.validation)} nats per example, while the training loss falls: the model is learning the training examples by heart. Stop here (earlyStopping: { patience: 3 }), or use more data or a smaller model.`,
  };
}

const amount = (nats: number): string =>
  Math.abs(nats) < 1e5 ? nats.toFixed(1) : nats.toExponential(1).replace("e+", "e");
