import bytes from "./optimizers.wasm";

/** The WebAssembly functions of assembly/optimizers.ts over one memory; pointers are byte offsets into it. */
export interface OptimizerKernels {
  adam(
    pointers: readonly [weight: number, gradient: number, mean: number, variance: number],
    count: number,
    factors: readonly [
      scale: number,
      beta1: number,
      beta2: number,
      rate: number,
      epsilon: number,
      keep: number,
    ],
  ): void;
  sgd(
    pointers: readonly [weight: number, gradient: number, velocity: number],
    count: number,
    factors: readonly [scale: number, rate: number, momentum: number, nesterov: number],
  ): void;
  rmsprop(
    pointers: readonly [weight: number, gradient: number, square: number, velocity: number],
    count: number,
    factors: readonly [scale: number, rate: number, decay: number, epsilon: number, momentum: number],
  ): void;
  /** Values of at most this size become zero; a NaN stays. */
  forget(values: number, count: number, smallest: number): void;
  sumOfSquares(values: number, count: number): number;
  rowsToBlocks(source: number, target: number, matrix: BlockedMatrix): void;
  blocksToRows(source: number, target: number, matrix: BlockedMatrix): void;
}

/** How large a matrix is, and how many of its columns are a block. */
export interface BlockedMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly block: number;
}

let compiled: WebAssembly.Module | undefined;

export function optimizerKernels(memory: WebAssembly.Memory): OptimizerKernels {
  compiled ??= new WebAssembly.Module(bytes);
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  const kernel = (name: string): ((...values: readonly number[]) => unknown) => {
    const found = exports[name];
    if (typeof found !== "function") throw new Error(`the optimizer module has no function "${name}"`);
    return (...values) => Reflect.apply(found, undefined, values) as unknown;
  };
  const adam = kernel("adam");
  const sgd = kernel("sgd");
  const rmsprop = kernel("rmsprop");
  const [forget, sumOfSquares] = [kernel("forget"), kernel("sumOfSquares")];
  const [rowsToBlocks, blocksToRows] = [kernel("rowsToBlocks"), kernel("blocksToRows")];
  return {
    adam: (pointers, count, factors) => adam(...pointers, count, ...factors),
    sgd: (pointers, count, factors) => sgd(...pointers, count, ...factors),
    rmsprop: (pointers, count, factors) => rmsprop(...pointers, count, ...factors),
    forget: (values, count, smallest) => void forget(values, count, smallest),
    sumOfSquares: (values, count) => Number(sumOfSquares(values, count)),
    rowsToBlocks: (source, target, { rows, columns, block }) =>
      rowsToBlocks(source, target, rows, columns, block),
    blocksToRows: (source, target, { rows, columns, block }) =>
      blocksToRows(source, target, rows, columns, block),
  };
}
