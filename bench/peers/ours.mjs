import { createRequire } from "node:module";
import { models } from "./models.mjs";

const require = createRequire(import.meta.url);
const { conv, convTranspose, data, dense, reshape, session, vae } = require("../../dist/vae.cjs");

/** The library as a notebook uses it: bytes in memory, a model from parts. */
export async function prepare(name, engine) {
  const spec = models[name];
  if (engine) await session.use(engine);
  session.seed(1);
  const bytes = new Uint8Array(spec.examples * spec.pixels).map((_, i) => (i * 7919) % 256);
  const shape = spec.kind === "conv" ? [28, 28, 1] : [spec.pixels];
  const examples = data.fromArray(bytes, { shape }).scale(1 / 255);
  const layers =
    spec.kind === "conv"
      ? {
          encoder: [conv(32), conv(64), dense(16)],
          decoder: [dense(7 * 7 * 64), reshape([7, 7, 64]), convTranspose(64), convTranspose(32)],
        }
      : {
          encoder: spec.hidden.map((units) => dense(units)),
          decoder: spec.hidden.toReversed().map((units) => dense(units)),
        };
  const model = vae({ input: shape, latent: spec.latent, likelihood: spec.likelihood, ...layers });
  const fit = (options) => model.fit(examples, { batchSize: spec.batch, checkpoints: false, ...options });
  return { spec, fit };
}
