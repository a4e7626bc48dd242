import { dimensionName } from "../figures/format";
import type { NonFinite } from "./diagnose";
import type { HistoryPoint, Losses, TrainingWarning } from "./history";

/** What was found out about a loss that is no number. */
export interface NanFindings {
  /** Steps done before it. */
  readonly step: number;
  readonly found: NonFinite | undefined;
  readonly learningRate: number;
  /** Where the weights are now, and their loss, if one was measured. */
  readonly sane?: { readonly step: number; readonly loss: number };
  readonly clips: boolean;
}

/** No negative log-likelihood of ours goes below this, also where a variance is learned. */
const endlessBelow = -1e6;
const wrongSign =
  "A reconstruction and a KL cannot become that small: look for a wrong sign in your loss, whose reconstruction is the negative log-likelihood.";

/** Says that the loss is no number, where that began, what the weights are now, and what to try. */
export function nanWarning({ step, found, learningRate, sane, clips }: NanFindings): TrainingWarning {
  const where = found
    ? `The first tensor that is not finite is ${found.tensor} (${found.what}).`
    : `Every tensor of that step is finite on tfjs; the update with learning rate ${learningRate} made a weight infinite.`;
  const functions = "look for a log, an exp or a division in your own functions";
  if (!sane)
    return {
      kind: "nan",
      step,
      text: `The loss is no number in ${step === 0 ? "the very first step" : `step ${step + 1}`}. ${where} The weights are as they were; ${functions}, or make the model anew.`,
    };
  const which = sane.step < step - 1 ? "from before the loss ran away" : "the last ones that gave a loss";
  const whose = sane.step === 0 ? "from before the first step" : `after step ${sane.step}`;
  if (sane.loss < endlessBelow)
    return {
      kind: "nan",
      step,
      text: `The loss fell without end, to ${amount(sane.loss)} nats per example, until it was no number. ${where} The weights are again those ${whose}. ${wrongSign}`,
    };
  const clip = clips ? "" : " or clipNorm: 1";
  return {
    kind: "nan",
    step,
    text: `The loss is no number any more. ${where} The weights are again those ${whose}, ${which} (${amount(sane.loss)} nats per example). The learning rate was ${learningRate}: try learningRate: ${smallerRate(learningRate)}${clip}, and ${functions}.`,
  };
}

/** Says what a person's Stop leaves behind. */
export const stoppedNote = (step: number): TrainingWarning => ({
  kind: "other",
  step,
  text: "Stopped. The weights of this step are kept; fit called again goes on from them.",
});

/** Says which weights a run left as they were: the gradient never reached them. */
export function untouchedWarning(step: number, names: readonly string[]): TrainingWarning | undefined {
  if (names.length === 0) return undefined;
  const which = names.length === 1 ? `The weight ${names[0]} has` : `The weights ${names.join(", ")} have`;
  return {
    kind: "other",
    step,
    text: `${which} not changed at all: none of your functions uses ${names.length === 1 ? "it" : "them"}, or no gradient comes through. Only what a function gets as weights is trained, not a tf.variable from outside.`,
  };
}

/** Below this many nats a dimension tells nothing about the example. */
const collapsedBelow = 0.01;

/** "z[1]", "z[1], z[3] and z[4]". */
function listed(dimensions: readonly number[]): string {
  const names = dimensions.map(dimensionName);
  return [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" and ");
}

/** Says in which dimensions, by the names that figures give them, the posterior has become the prior. */
export function collapseWarning(
  step: number,
  klPerDimension: readonly number[],
  beta: number,
  hasOwnLoss = false,
): TrainingWarning | undefined {
  const collapsed = klPerDimension.flatMap((kl, dimension) => (kl < collapsedBelow ? [dimension] : []));
  if (collapsed.length === 0) return undefined;
  const everywhere = collapsed.length === klPerDimension.length;
  const where = everywhere ? "in every dimension" : `in ${listed(collapsed)}`;
  const warmUp = "KL warm-up (beta: warmUp({ epochs: 5 }))";
  const remedy =
    beta > 1
      ? `a smaller beta (it is ${beta}; that of the ELBO is 1), ${warmUp} or free bits`
      : beta > 0
        ? `${warmUp}, free bits or a smaller beta`
        : "a smaller latent";
  const text = everywhere
    ? `KL is 0 ${where}: the posterior has collapsed to the prior, so the code says nothing about the example. Check that z depends on mean and variance${hasOwnLoss ? ", and that your reconstruction is summed over an example's values: a tf.mean weighs so little that KL wins" : ""}; ${remedy} can help.`
    : `KL is 0 ${where}: the posterior has collapsed there, and the model uses ${klPerDimension.length - collapsed.length} of ${klPerDimension.length} dimensions. If that is too few, ${remedy} can help.`;
  return { kind: "posterior-collapse", step, text };
}

/** How large losses are in a training: that of a Gaussian is often near zero, as the sum of terms that are not. */
const sizeOf = ({ loss, reconstruction, kl }: Losses): number =>
  Math.max(Math.abs(loss), Math.abs(reconstruction) + Math.abs(kl));

/** Whether a loss is farther above the best one than losses of training ever are: by twice the size of the first, or of the best. */
export const hasRunAway = (
  loss: number,
  { first, best }: { readonly first: Losses; readonly best: Losses },
): boolean => !(loss - best.loss <= 2 * Math.max(sizeOf(first), sizeOf(best)));

/** Says that the loss runs away, as long as it is still a number. */
export function divergenceWarning(history: readonly HistoryPoint[]): TrainingWarning | undefined {
  const first = history[0];
  const last = history.at(-1);
  if (!first || !last || history.length < 3) return undefined;
  if (last.train.loss < endlessBelow)
    return {
      kind: "divergence",
      step: last.step,
      text: `The loss falls without end: ${amount(last.train.loss)} nats per example now. ${wrongSign}`,
    };
  const best = history.reduce(
    (lowest, { train }) => (train.loss < lowest.loss ? train : lowest),
    first.train,
  );
  if (!hasRunAway(last.train.loss, { first: first.train, best })) return undefined;
  return {
    kind: "divergence",
    step: last.step,
    text: `The loss diverges: ${amount(best.loss)} nats per example at its best, ${amount(last.train.loss)} now. The learning rate ${last.learningRate} is probably too large; try ${smallerRate(last.learningRate)}, or clipNorm: 1.`,
  };
}

/** Above this, no optimizer of ours trains a VAE: a tenth of a rate far above it would diverge again. */
const largestUsualRate = 0.01;

/** A learning rate to try after one that was too large. */
export const smallerRate = (rate: number): number =>
  Number(Math.min(rate / 10, largestUsualRate).toPrecision(2));

/** How long a validation loss has to stay above its lowest. */
const risenEpochs = 3;
/** Of a loss whose standard error is not known, this part counts as chance. */
const chanceOfLoss = 0.005;

/**
 * Says that the validation loss has risen since its lowest while the training loss falls: that it lay above for some
 * epochs in a row, each time by more than twice its standard error. A new lowest one withdraws that: this is a function
 * of the whole history.
 */
export function overfittingWarning(history: readonly HistoryPoint[]): TrainingWarning | undefined {
  const epochs = history.flatMap((point) =>
    point.validation ? [{ ...point, validation: point.validation }] : [],
  );
  const lowest = epochs.reduce<(typeof epochs)[number] | undefined>(
    (best, point) => (best && best.validation.loss <= point.validation.loss ? best : point),
    undefined,
  );
  if (!lowest) return undefined;
  const { loss, standardError = chanceOfLoss * Math.abs(loss) } = lowest.validation;
  let risen = 0;
  for (const { step, train, validation } of epochs.slice(epochs.indexOf(lowest) + 1)) {
    const overfits = validation.loss > loss + 2 * standardError && train.loss < lowest.train.loss;
    risen = overfits ? risen + 1 : 0;
    if (risen === risenEpochs)
      return {
        kind: "overfitting",
        step,
        text: `The validation loss has risen from ${amount(loss)} nats per example (epoch ${epochNumber(lowest.epoch)}) to ${amount(validation.loss)}, more than chance explains (standard error ${amount(standardError)}), while the training loss falls: the model is learning the training examples by heart. earlyStopping: { patience: ${risenEpochs} } stops there and keeps the best weights; more data or a smaller model helps too.`,
      };
  }
  return undefined;
}

const epochNumber = (epoch: number): string => String(Number(epoch.toFixed(1)));

/** A loss in a sentence: a decimal is enough, two where it is small. */
function amount(nats: number): string {
  const size = Math.abs(nats);
  if (size >= 1e5) return nats.toExponential(1).replace("e+", "e");
  return nats.toFixed(size < 10 ? 2 : 1);
}
