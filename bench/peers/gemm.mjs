// The machine's limit: what ONNX Runtime reaches on one large product of matrices, in GFLOPS.
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { build } from "esbuild";
import { esbuildOptimizers } from "../../src/vae/engine/optimizers/plugin.mjs";

const root = path.resolve(import.meta.dirname, "../..");
const cache = path.join(root, ".cache", "bench-training");
mkdirSync(cache, { recursive: true });
const outfile = path.join(cache, "gemm.cjs");
await build({
  stdin: {
    contents: `export * as tf from "@tensorflow/tfjs"; export { createCompiledEngine } from "./src/vae/engine/compiled";`,
    resolveDir: root,
  },
  bundle: true,
  platform: "node",
  target: "node20",
  outfile,
  plugins: [esbuildOptimizers],
  external: ["onnxruntime-node"],
  logLevel: "error",
});
const { tf, createCompiledEngine } = createRequire(import.meta.url)(outfile);
const size = 1024;
const engine = createCompiledEngine();
const inputs = { a: [size, size], b: [size, size] };
const apply = ({ a, b }) => ({ c: tf.sum(tf.matMul(a, b)) });
const product = await engine.evaluator({ name: "product", inputs, apply }, engine.weights([]));
const values = { a: new Float32Array(size * size).fill(0.5), b: new Float32Array(size * size).fill(0.25) };
let best = Infinity;
for (let repeat = 0; repeat < 15; repeat++) {
  const began = performance.now();
  await product.run(values);
  best = Math.min(best, performance.now() - began);
}
console.log(JSON.stringify({ gemmLimit: (2 * size ** 3) / best / 1e6 }));
process.exit(0);
