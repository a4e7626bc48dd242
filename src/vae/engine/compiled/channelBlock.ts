import { blockedConvolution, toBlocks, type ChannelBlock } from "./blockedConvolutions";
import type { InputNode, Node } from "./graph";
import { sizeOf } from "./graph";
import { lower } from "./lower";
import { encodeModel } from "./onnx/model";
import { createSession, onnxRuntime } from "./session";

let asked: Promise<ChannelBlock> | undefined;

/**
 * How many channels are a block on this machine: 16 with AVX-512, 8 on most others, nothing where ONNX Runtime has no
 * such kernels. It does not say, so it is given pictures whose numbers tell where they went; and what is found out
 * has to stand a trial, as a layout of filters that it does not document is never trusted on a processor unseen.
 */
export function channelBlock(): Promise<ChannelBlock> {
  asked ??= ask().catch(() => undefined);
  return asked;
}

async function ask(): Promise<ChannelBlock> {
  // Two pixels a channel: its own number and -1. In memory a block's first pixels come first, then its second ones.
  const x = input("x", [1, 64, 1, 2]);
  const picture = Float32Array.from({ length: 128 }, (_, i) => (i % 2 === 0 ? i / 2 : -1));
  const block = (await run(toBlocks(x, false), new Map([[x, picture]]))).indexOf(-1);
  return block > 1 && block < 64 && (await convolves(block)) ? block : undefined;
}

/** Whether a convolution of one pixel gives the product of matrices that it is. */
async function convolves(block: number): Promise<boolean> {
  const [pixels, channels] = [2, 2 * block];
  const x = input("x", [1, 1, pixels, channels]);
  const filter = input("filter", [1, 1, channels, channels]);
  const values = Float32Array.from({ length: pixels * channels }, (_, i) => ((i * 5) % 7) - 3);
  const weights = Float32Array.from({ length: channels * channels }, (_, i) => ((i * 11) % 13) - 6);
  const size = [1, pixels] as const;
  const windows = {
    input: size,
    output: size,
    kernel: [1, 1],
    strides: [1, 1],
    dilations: [1, 1],
    before: [0, 0],
    after: [0, 0],
  } as const;
  const y = blockedConvolution(x.shape, windows, x, filter, block);
  if (!y) return false;
  const found = await run(
    y,
    new Map([
      [x, values],
      [filter, weights],
    ]),
  );
  return found.every((value, at) => {
    const [pixel, output] = [Math.floor(at / channels), at % channels];
    let sum = 0;
    for (let i = 0; i < channels; i++)
      sum += (values[pixel * channels + i] ?? 0) * (weights[i * channels + output] ?? 0);
    return value === sum;
  });
}

const input = (name: string, shape: readonly number[]): InputNode => ({
  kind: "input",
  name,
  shape,
  dtype: "float32",
});

async function run(y: Node, values: ReadonlyMap<InputNode, Float32Array>): Promise<Float32Array> {
  const { Tensor } = await onnxRuntime();
  const model = encodeModel(lower({ inputs: [...values.keys()], outputs: new Map([["y", y]]) }));
  const session = await createSession(model, {
    threads: 1,
    executionProvider: "cpu",
    notice: () => undefined,
  });
  const feeds = Object.fromEntries(
    [...values].map(([{ name, shape }, data]) => [name, new Tensor("float32", data, shape)]),
  );
  const result = new Float32Array(sizeOf(y.shape));
  await session.run(feeds, { y: new Tensor("float32", result, y.shape) });
  await session.release();
  return result;
}
