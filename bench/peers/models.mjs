/** The models that are trained side by side. `matrices`: [rows, columns] of each weight matrix, times how often per example; `compiledWithin`: milliseconds. */
export const models = {
  "mlp 784-400-20": {
    kind: "mlp",
    batch: 128,
    pixels: 784,
    hidden: [400],
    latent: 20,
    likelihood: "bernoulli",
    examples: 12_800,
    atLeast: { "pytorch, fused Adam": 1.15, pytorch: 1.15 },
    compiledWithin: 500,
  },
  "the article's 100-32-16-2": {
    kind: "mlp",
    batch: 64,
    pixels: 100,
    hidden: [32, 16],
    latent: 2,
    likelihood: "gaussian",
    examples: 12_800,
    atLeast: { "pytorch, fused Adam": 4, pytorch: 4 },
    compiledWithin: 500,
  },
  "conv 32-64-16, z 2": {
    kind: "conv",
    batch: 128,
    pixels: 784,
    latent: 2,
    likelihood: "bernoulli",
    examples: 2_560,
    atLeast: { "pytorch, fused Adam": 1, pytorch: 1 },
    compiledWithin: 2_000,
  },
};

/** What every model is asked to beat the other TensorFlow.js engines by. */
export const everywhere = { "tfjs-node": 5, "tfjs wasm": 25 };

/**
 * Floating-point operations of one training step in products of matrices: 2 per multiplication forwards, and twice that
 * backwards (weights, inputs), except that nobody needs the gradient of the data.
 */
export function flopsPerStep({ kind, batch, pixels, hidden, latent }) {
  const dense = (from, to) => 2 * from * to;
  if (kind === "mlp") {
    const widths = [pixels, ...hidden];
    const encoder = widths.slice(1).map((width, index) => dense(widths[index], width));
    const decoder = [latent, ...widths.toReversed()];
    const rest = [
      2 * dense(widths.at(-1), latent),
      ...decoder.slice(1).map((width, index) => dense(decoder[index], width)),
    ];
    const forwards = [...encoder, ...rest].reduce((sum, each) => sum + each, 0);
    return batch * (3 * forwards - encoder[0]);
  }
  const conv = (size, from, to) => 2 * size * size * 9 * from * to;
  const first = conv(14, 1, 32);
  const forwards =
    first +
    conv(7, 32, 64) +
    dense(3136, 16) +
    2 * dense(16, latent) +
    dense(latent, 3136) +
    conv(7, 64, 64) +
    conv(14, 64, 32) +
    conv(28, 32, 1);
  return batch * (3 * forwards - first);
}
