// The machine's limit: what the engine reaches on one large product with a weight, in GFLOPS. Argument: threads.
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { build } from "esbuild";
import { esbuildAssembly } from "../../src/vae/wasm/plugin.mjs";

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
  plugins: [esbuildAssembly],
  external: ["onnxruntime-node"],
  logLevel: "error",
});
const { tf, createCompiledEngine } = createRequire(import.meta.url)(outfile);
const [rows, size] = [512, 2048];
const engine = createCompiledEngine({ threads: Number(process.argv[2] ?? 1) });
const weight = {
  name: "weight",
  shape: [size, size],
  trainable: true,
  initial: new Float32Array(size * size).fill(0.25),
};
const product = await engine.evaluator(
  {
    name: "product",
    inputs: { x: [rows, size] },
    apply: ({ x }, w) => ({ y: tf.sum(tf.matMul(x, w.weight)) }),
  },
  engine.weights([weight]),
);
const values = { x: new Float32Array(rows * size).fill(0.5) };
let best = Infinity;
for (let repeat = 0; repeat < 15; repeat++) {
  const began = performance.now();
  await product.run(values);
  best = Math.min(best, performance.now() - began);
}
console.log(JSON.stringify({ gemmLimit: (2 * rows * size ** 2) / best / 1e6 }));
process.exit(0);
