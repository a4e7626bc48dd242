import type { Dataset } from "../data/dataset";
import { percent, significant } from "../figures/format";
import type { Definition } from "../models/definition";

/** Below this, pixels that were to lie in [0, 1] have been divided by 255 twice. */
const darkBelow = 1 / 200;
/** Beyond this many standard deviations from zero, a Gaussian's first variance is far from what the values vary by. */
const farFromZero = 30;

/** What is odd about data that a model of this likelihood can be trained on: said, not refused. */
export function dataDoubt(
  { name, range: { min, max } }: Pick<Dataset, "name" | "range">,
  { likelihood, firstVariance }: Pick<Definition, "likelihood" | "firstVariance">,
): string | undefined {
  if (likelihood === "bernoulli" && max > 0 && max < darkBelow)
    return `The largest value of ${name} is ${significant(max)}, so every picture is all but black. If the values were divided by 255 twice, leave out one .scale(1 / 255).`;
  if (firstVariance !== undefined && Math.max(-min, max) > farFromZero * Math.sqrt(firstVariance))
    return `${name} holds values from ${significant(min)} to ${significant(max)}, and the Gaussian's variance begins at ${significant(firstVariance)}: losses begin in the thousands and may diverge. Bring the values near [-1, 1] first, ${min >= 0 && max <= 255 ? "with .scale(1 / 255)" : "such as by their mean and standard deviation"}.`;
  return undefined;
}

/** Fewer values than this may all fall between 0.5 and 0.73 by chance. */
const enoughValues = 32;
/** The sigmoid of 0 and of 1: between them lie the sigmoids of probabilities. */
const [ofZero, ofOne] = [0.5, 1 / (1 + Math.exp(-1))];

/** Points to try a decoder at, `count` in `latent` dimensions: far enough apart that a picture's logits differ. */
export const trialPoints = (latent: number, count: number): Float32Array =>
  Float32Array.from({ length: count * latent }, (_, index) => 2 * Math.sin(1 + index * 2.4));

/** Of what ends with a relu, at least this share is cut off. */
const cutOff = 0.1;

/**
 * What is odd about a decoder of the person's own, from the means of what it decodes: whether it gives probabilities
 * where a Bernoulli likelihood takes logits, and puts them through a sigmoid a second time; or whether a relu keeps
 * its logits from being negative.
 */
export function decoderDoubt(means: Float32Array, hasOwnLoss: boolean): string | undefined {
  if (means.length < enoughValues) return undefined;
  const cut = means.filter((mean) => mean === ofZero).length;
  if (means.every((mean) => mean >= ofZero) && cut >= cutOff * means.length && cut < means.length)
    return `Your decode seems to end with a relu: no logit that was tried is negative, and ${percent(cut / means.length)} of them are 0, which a Bernoulli likelihood reads as a probability of 0.5. No pixel could become darker than that. Return the last layer's values as they are, without tf.relu.`;
  if (!means.every((mean) => mean > ofZero && mean < ofOne)) return undefined;
  const loss = hasOwnLoss
    ? " and let your loss take them, as tf.losses.sigmoidCrossEntropy does"
    : ", as the likelihood takes them";
  return `Your decode seems to give probabilities: all that was tried lie between 0 and 1. A Bernoulli likelihood applies the sigmoid itself, and a second one leaves only 0.5 to 0.73 in every reconstruction. Return the logits, without tf.sigmoid at the end of decode${loss}.`;
}
