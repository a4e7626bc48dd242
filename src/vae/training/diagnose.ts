import * as tf from "@tensorflow/tfjs";
import type { Values, WeightSpec } from "../engine/engine";
import type { Definition } from "../models/definition";
import { trainingFunction } from "../models/functions";

/** Where a number stopped being one. */
export interface NonFinite {
  /** "the output of Exp in decode", "the weight hidden", "the gradient of hidden". */
  readonly tensor: string;
  readonly what: "NaN" | "Infinity";
}

/**
 * Takes a step once more on tfjs and looks at every tensor on the way, forwards and backwards: the first one that
 * holds a NaN or an infinity. Slow, and only run when the loss is no number any more.
 */
export function firstNonFinite(
  model: Definition,
  batchSize: number,
  inputs: Values,
  specs: readonly WeightSpec[],
  weights: Values,
): NonFinite | undefined {
  for (const [name, values] of Object.entries(inputs)) {
    const what = nonFinite(values);
    if (what) return { tensor: name === "x" ? "the batch of examples" : `the input ${name}`, what };
  }
  for (const [name, values] of Object.entries(weights)) {
    const what = nonFinite(values);
    if (what) return { tensor: `the weight ${name}`, what };
  }

  let stage = "loss";
  const during = <A extends unknown[], R>(name: string, run: (...given: A) => R) => {
    return (...given: A): R => {
      const outer = stage;
      stage = name;
      try {
        return run(...given);
      } finally {
        stage = outer;
      }
    };
  };
  const staged: Definition = {
    ...model,
    encode: during("encode", (x, pass) => model.encode(x, pass)),
    reparameterize: during("reparameterize", (posterior, noise) => model.reparameterize(posterior, noise)),
    decode: during("decode", (z, pass) => model.decode(z, pass)),
  };
  const step = trainingFunction(staged, batchSize);
  let found: NonFinite | undefined;
  const watched = (kernel: string, results: readonly tf.Tensor[]): void => {
    for (const result of results) {
      const what = found ? undefined : nonFinite(result.dataSync());
      if (what) found = { tensor: `the output of ${kernel} in ${stage}`, what };
    }
  };
  tf.tidy(() =>
    watchingKernels(watched, () => {
      const feeds = Object.entries(step.inputs).map(([name, shape]) => {
        const values = inputs[name] ?? new Float32Array();
        return [name, tf.tensor(values, [...shape])] as const;
      });
      const fixed = specs.filter(({ trainable }) => !trainable);
      const trained = specs.filter(({ trainable }) => trainable);
      const tensorOf = ({ name, shape, initial }: WeightSpec) =>
        [name, tf.tensor(weights[name] ?? initial, [...shape])] as const;
      const constants = fixed.map(tensorOf);
      const gradients = tf.grads((...tensors) => {
        const variables = trained.map(({ name }, index) => [name, tensors[index]] as const);
        const outputs = step.apply(
          Object.fromEntries(feeds),
          Object.fromEntries([...constants, ...variables]) as Record<string, tf.Tensor>,
        );
        const { loss } = outputs;
        if (!loss) throw new Error("The training step has no loss.");
        stage = "the gradient";
        return loss;
      });
      gradients(trained.map((spec) => tensorOf(spec)[1]));
    }),
  );
  return found;
}

/** Runs code while every kernel's results are shown to a watcher. */
function watchingKernels<T>(watch: (kernel: string, results: readonly tf.Tensor[]) => void, run: () => T): T {
  const engine = tf.engine();
  const original = engine.runKernel.bind(engine);
  engine.runKernel = <R extends tf.Tensor | tf.Tensor[]>(...call: Parameters<typeof original>): R => {
    const result = original<R>(...call);
    watch(call[0], Array.isArray(result) ? result : [result]);
    return result;
  };
  try {
    return run();
  } finally {
    engine.runKernel = original;
  }
}

function nonFinite(values: Iterable<number>): NonFinite["what"] | undefined {
  let infinite = false;
  for (const value of values) {
    if (Number.isNaN(value)) return "NaN";
    if (!Number.isFinite(value)) infinite = true;
  }
  return infinite ? "Infinity" : undefined;
}
