// TensorFlow.js as its guides write it: variables, an optimizer, minimize. Arguments: model name, backend, folder of tfjs-node.
import { createRequire } from "node:module";
import { join } from "node:path";
import util from "node:util";
import { models } from "./models.mjs";
import { turn } from "./turns.mjs";

const [, , name, backend, folder] = process.argv;
const spec = models[name];
const require = createRequire(import.meta.url);
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
const tf =
  backend === "tensorflow"
    ? createRequire(join(folder, "package.json"))("@tensorflow/tfjs-node")
    : require("@tensorflow/tfjs");
if (backend === "wasm") require("@tensorflow/tfjs-backend-wasm");
await tf.setBackend(backend);

const { batch, pixels, latent, examples } = spec;
const weight = (...shape) =>
  tf.variable(
    tf.randomNormal(
      shape,
      0,
      1 / Math.sqrt(shape.slice(0, -1).reduce((product, length) => product * length, 1)),
    ),
  );
const bias = (length) => tf.variable(tf.zeros([length]));
const layer = (from, to) => {
  const kernel = weight(from, to);
  const offset = bias(to);
  return (x) => x.matMul(kernel).add(offset);
};
const chain = (layers) => (x) => layers.reduce((value, next) => next(value), x);
const relu = (of) => (x) => tf.relu(of(x));

function denseParts() {
  const widths = [pixels, ...spec.hidden];
  const up = [latent, ...spec.hidden.toReversed()];
  const stack = (sizes) => chain(sizes.slice(1).map((to, index) => relu(layer(sizes[index], to))));
  return {
    shape: [pixels],
    encoder: stack(widths),
    width: widths.at(-1),
    decoder: chain([stack(up), layer(up.at(-1), pixels)]),
  };
}

function convolutionalParts() {
  const down = (from, to) => {
    const [kernel, offset] = [weight(3, 3, from, to), bias(to)];
    return (x) => tf.relu(tf.conv2d(x, kernel, 2, "same").add(offset));
  };
  const up = (from, to, size, stride) => {
    const [kernel, offset] = [weight(3, 3, to, from), bias(to)];
    return (x) => tf.conv2dTranspose(x, kernel, [batch, size, size, to], stride, "same").add(offset);
  };
  return {
    shape: [28, 28, 1],
    width: 16,
    encoder: chain([down(1, 32), down(32, 64), (x) => x.reshape([batch, 3136]), relu(layer(3136, 16))]),
    decoder: chain([
      relu(layer(latent, 3136)),
      (x) => x.reshape([batch, 7, 7, 64]),
      relu(up(64, 64, 14, 2)),
      relu(up(64, 32, 28, 2)),
      up(32, 1, 28, 1),
    ]),
  };
}

const { shape, encoder, width, decoder } = spec.kind === "conv" ? convolutionalParts() : denseParts();
const mean = layer(width, latent);
const logVariance = layer(width, latent);
const pixelLogVariance = spec.likelihood === "gaussian" ? tf.variable(tf.scalar(0)) : undefined;
const data = tf.randomUniform([examples, ...shape]);
const optimizer = tf.train.adam(1e-3);

function loss(x) {
  const h = encoder(x);
  const [mu, lv] = [mean(h), logVariance(h)];
  const out = decoder(mu.add(tf.randomNormal(mu.shape).mul(lv.mul(0.5).exp())));
  const kl = lv
    .add(1)
    .sub(mu.square())
    .sub(lv.exp())
    .sum()
    .mul(-0.5 / batch);
  const reconstruction = pixelLogVariance
    ? x
        .sub(out)
        .square()
        .div(pixelLogVariance.exp())
        .add(pixelLogVariance)
        .add(Math.log(2 * Math.PI))
        .mul(0.5)
    : tf
        .relu(out)
        .sub(out.mul(x))
        .add(tf.log1p(tf.exp(tf.neg(tf.abs(out)))));
  return reconstruction.sum().div(batch).add(kl);
}

let at = examples;
let order;
function step() {
  if (at + batch > examples) {
    order = Int32Array.from(tf.util.createShuffledIndices(examples));
    at = 0;
  }
  tf.tidy(() => {
    const x = tf.gather(data, tf.tensor1d(order.subarray(at, at + batch), "int32"));
    return optimizer.minimize(() => loss(x), true).dataSync()[0];
  });
  at += batch;
}

for (let warm = 0; warm < 3; warm++) step();
let answer = "ready";
for (;;) {
  const limit = await turn(answer);
  const began = performance.now();
  let steps = 0;
  do {
    step();
    steps++;
  } while (performance.now() - began < limit);
  answer = (performance.now() - began) / steps;
}
