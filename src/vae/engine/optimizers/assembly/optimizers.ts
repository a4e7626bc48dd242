// AssemblyScript: compiled to WebAssembly with SIMD by the build (see ../../../wasm/plugin.mjs).
//
// Each optimizer takes one step for one weight, in place, in a single pass over its memory. Pointers are byte offsets into
// the imported memory, 16-byte aligned, and every array is padded to a multiple of eight elements, so that there is no
// remainder to take care of: padding holds zeros and stays zero.
//
// `scale` multiplies the gradient (clipping by the global norm).

// @ts-nocheck

const LANES: usize = 16;

/**
 * Adam (Kingma & Ba 2015, https://arxiv.org/abs/1412.6980) with decoupled weight decay (Loshchilov & Hutter 2019,
 * https://arxiv.org/abs/1711.05101; zero for plain Adam). `rate` and `epsilon` arrive corrected for the bias of the
 * moments: rate * sqrt(1 - beta2^t) / (1 - beta1^t) and epsilon * sqrt(1 - beta2^t), which is the same update.
 * `keep` is 1 - learningRate * weightDecay. Two vectors at a time: a fifth less time than one by one.
 */
export function adam(
  weight: usize,
  gradient: usize,
  mean: usize,
  variance: usize,
  count: i32,
  scale: f32,
  beta1: f32,
  beta2: f32,
  rate: f32,
  epsilon: f32,
  keep: f32,
): void {
  const factor = f32x4.splat(scale);
  const newMean = f32x4.splat(<f32>1 - beta1);
  const newVariance = f32x4.splat(<f32>1 - beta2);
  const step = f32x4.splat(rate);
  const floor = f32x4.splat(epsilon);
  const kept = f32x4.splat(keep);
  const end = weight + ((<usize>count) << 2);
  while (weight < end) {
    adamLanes(weight, gradient, mean, variance, factor, newMean, newVariance, step, floor, kept);
    adamLanes(
      weight + LANES,
      gradient + LANES,
      mean + LANES,
      variance + LANES,
      factor,
      newMean,
      newVariance,
      step,
      floor,
      kept,
    );
    weight += 2 * LANES;
    gradient += 2 * LANES;
    mean += 2 * LANES;
    variance += 2 * LANES;
  }
}

function adamLanes(
  weight: usize,
  gradient: usize,
  mean: usize,
  variance: usize,
  factor: v128,
  newMean: v128,
  newVariance: v128,
  step: v128,
  floor: v128,
  kept: v128,
): void {
  const g = f32x4.mul(factor, v128.load(gradient));
  let m = v128.load(mean);
  let v = v128.load(variance);
  m = f32x4.add(m, f32x4.mul(newMean, f32x4.sub(g, m)));
  v = f32x4.add(v, f32x4.mul(newVariance, f32x4.sub(f32x4.mul(g, g), v)));
  v128.store(mean, m);
  v128.store(variance, v);
  const change = f32x4.div(f32x4.mul(step, m), f32x4.add(f32x4.sqrt(v), floor));
  v128.store(weight, f32x4.sub(f32x4.mul(kept, v128.load(weight)), change));
}

/** Stochastic gradient descent with momentum (Polyak), or Nesterov's: velocity = momentum * velocity + gradient. */
export function sgd(
  weight: usize,
  gradient: usize,
  velocity: usize,
  count: i32,
  scale: f32,
  rate: f32,
  momentum: f32,
  nesterov: bool,
): void {
  const factor = f32x4.splat(scale);
  const step = f32x4.splat(rate);
  const keep = f32x4.splat(momentum);
  const end = weight + ((<usize>count) << 2);
  while (weight < end) {
    const g = f32x4.mul(factor, v128.load(gradient));
    const v = f32x4.add(f32x4.mul(keep, v128.load(velocity)), g);
    v128.store(velocity, v);
    const direction = nesterov ? f32x4.add(g, f32x4.mul(keep, v)) : v;
    v128.store(weight, f32x4.sub(v128.load(weight), f32x4.mul(step, direction)));
    weight += LANES;
    gradient += LANES;
    velocity += LANES;
  }
}

/**
 * RMSProp (Tieleman & Hinton 2012): the gradient over the root of its running mean square, epsilon under the root, and
 * a momentum on the resulting steps.
 */
export function rmsprop(
  weight: usize,
  gradient: usize,
  square: usize,
  velocity: usize,
  count: i32,
  scale: f32,
  rate: f32,
  decay: f32,
  epsilon: f32,
  momentum: f32,
): void {
  const factor = f32x4.splat(scale);
  const fresh = f32x4.splat(<f32>1 - decay);
  const step = f32x4.splat(rate);
  const floor = f32x4.splat(epsilon);
  const keep = f32x4.splat(momentum);
  const end = weight + ((<usize>count) << 2);
  while (weight < end) {
    const g = f32x4.mul(factor, v128.load(gradient));
    let s = v128.load(square);
    s = f32x4.add(s, f32x4.mul(fresh, f32x4.sub(f32x4.mul(g, g), s)));
    v128.store(square, s);
    const change = f32x4.div(f32x4.mul(step, g), f32x4.sqrt(f32x4.add(s, floor)));
    const v = f32x4.add(f32x4.mul(keep, v128.load(velocity)), change);
    v128.store(velocity, v);
    v128.store(weight, f32x4.sub(v128.load(weight), v));
    weight += LANES;
    gradient += LANES;
    square += LANES;
    velocity += LANES;
  }
}

/**
 * Values that are this small become zero. What is remembered of a weight whose gradient has become zero (a ReLU that is
 * always off) shrinks with every step. Left alone it would end as numbers too small for a processor to compute at its usual
 * speed, and stay there: a step of an MLP takes 2.4 times as long then, from step 700 or so on.
 */
export function forget(values: usize, count: i32, smallest: f32): void {
  const least = f32x4.splat(smallest);
  const end = values + ((<usize>count) << 2);
  while (values < end) {
    const kept = v128.load(values);
    // Not "keep what is larger": a NaN is neither, and has to stay one, or a training that broke would look as if it went on.
    v128.store(values, v128.andnot(kept, f32x4.le(f32x4.abs(kept), least)));
    values += LANES;
  }
}

/** The sum of squares, in double precision: a norm over millions of weights must not lose the small ones. */
export function sumOfSquares(values: usize, count: i32): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const end = values + ((<usize>count) << 2);
  while (values < end) {
    const x = v128.load(values);
    const a = f64x2.promote_low_f32x4(x);
    const b = f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 0));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
    values += LANES;
  }
  const total = f64x2.add(low, high);
  return f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
}

/** A matrix by rows, to blocks of so many columns (a multiple of four), each with all of its rows. */
export function rowsToBlocks(source: usize, target: usize, rows: i32, columns: i32, block: i32): void {
  for (let column = 0; column < columns; column += block) {
    for (let row = 0; row < rows; row++) {
      const start = source + ((<usize>(row * columns + column)) << 2);
      for (let from = start; from < start + ((<usize>block) << 2); from += LANES) {
        v128.store(target, v128.load(from));
        target += LANES;
      }
    }
  }
}

/** And back. */
export function blocksToRows(source: usize, target: usize, rows: i32, columns: i32, block: i32): void {
  for (let column = 0; column < columns; column += block) {
    for (let row = 0; row < rows; row++) {
      const start = target + ((<usize>(row * columns + column)) << 2);
      for (let to = start; to < start + ((<usize>block) << 2); to += LANES) {
        v128.store(to, v128.load(source));
        source += LANES;
      }
    }
  }
}
