import { toBlocksOp, type ChannelBlock } from "./blockedConvolutions";
import type { InputNode } from "./graph";
import { lower } from "./lower";
import { operation } from "./operations";
import { encodeModel } from "./onnx/model";
import { createSession, onnxRuntime } from "./session";

let asked: Promise<ChannelBlock> | undefined;

/**
 * How many channels are a block on this machine: 16 with AVX-512, 8 on most others, nothing where ONNX Runtime has no
 * such kernels. It does not say, so it is given one picture of more channels than any block has to put in order, and
 * where the second number ends up tells.
 */
export function channelBlock(): Promise<ChannelBlock> {
  asked ??= ask().catch(() => undefined);
  return asked;
}

async function ask(): Promise<ChannelBlock> {
  const { Tensor } = await onnxRuntime();
  const shape = [1, 64, 1, 2];
  const x: InputNode = { kind: "input", name: "x", shape, dtype: "float32" };
  const y = operation(toBlocksOp, [x], shape, "float32", { channels_last: 0 });
  const model = encodeModel(lower({ inputs: [x], outputs: new Map([["y", y]]) }));
  const session = await createSession(model, {
    threads: 1,
    executionProvider: "cpu",
    notice: () => undefined,
  });
  // Two pixels a channel: its own number and -1. In memory a block's first pixels come first, then its second ones.
  const picture = Float32Array.from({ length: 128 }, (_, i) => (i % 2 === 0 ? i / 2 : -1));
  const results = await session.run({ x: new Tensor("float32", picture, shape) });
  await session.release();
  const values = results.y?.data;
  if (!(values instanceof Float32Array)) return undefined;
  const block = values.indexOf(-1);
  return block > 1 && block < 64 ? block : undefined;
}
