import * as tf from "@tensorflow/tfjs";
import { tfjsNodeBackend } from "./tfjsNode";

/**
 * Lets a backend run the operations that it has no kernel for (on wasm, the gradient of a convolution's filter), and
 * those that it gets wrong: each is registered as a kernel that carries its inputs to the cpu backend and the result
 * back. `notice` is told once per operation.
 */
export function borrowKernelsFromCpu(
  backendName: string,
  displayName: string,
  notice: (text: string) => void,
): void {
  const own = new Map(tf.getKernelsForBackend(backendName).map((kernel) => [kernel.kernelName, kernel]));
  for (const kernel of tf.getKernelsForBackend("cpu")) {
    const { kernelName } = kernel;
    const native = own.get(kernelName);
    const isWrong = wrongOn[backendName]?.get(kernelName);
    if (!native) {
      const because = `the ${displayName} backend has no ${kernelName}: this operation runs on the cpu backend, more slowly.`;
      tf.registerKernel(borrowed(kernel, backendName, once(notice, because)));
    } else if (isWrong) {
      const substitute = borrowed(kernel, backendName, () => {});
      tf.unregisterKernel(kernelName, backendName);
      tf.registerKernel({
        ...native,
        kernelFunc: (call) => (isWrong(call.attrs ?? {}) ? substitute : native).kernelFunc(call),
      });
    }
  }
}

const roundsUp = ({ dimRoundingMode }: tf.NamedAttrMap): boolean => dimRoundingMode === "ceil";

type Wrong = ReadonlyMap<string, (attributes: tf.NamedAttrMap) => boolean>;

/** Gradients of resizing, of which tfjs 4.22 takes no notice of half-pixel centres on any backend. */
const wrongResizing = (["ResizeBilinearGrad", "ResizeNearestNeighborGrad"] as const).map(
  (kernelName) => [kernelName, ({ halfPixelCenters }: tf.NamedAttrMap) => halfPixelCenters === true] as const,
);

/**
 * What tfjs 4.22's wasm backend computes wrongly: the gradient of max pooling is zero where the maximum is negative, that
 * of average pooling is too small at padded edges, a cast to bool truncates (0.5 becomes false), and a gather in the rows
 * of a batch reads beyond its memory, as do windows that hang over the edge. Dilations and the gradients of 3D
 * convolutions come out differently from run to run.
 */
const wrongOn: Readonly<Record<string, Wrong>> = {
  [tfjsNodeBackend]: new Map(wrongResizing),
  wasm: new Map([
    ...wrongResizing,
    ["MaxPoolGrad", () => true],
    ["AvgPoolGrad", () => true],
    ["GatherV2", ({ batchDims }) => batchDims !== undefined && batchDims !== 0],
    ["Cast", ({ dtype }) => dtype === "bool"],
    ["Conv3DBackpropInputV2", () => true],
    ["Conv3DBackpropFilterV2", () => true],
    ["Dilation2D", () => true],
    ["Dilation2DBackpropInput", () => true],
    ["Dilation2DBackpropFilter", () => true],
    ["MaxPool", roundsUp],
    ["AvgPool", roundsUp],
  ]),
};

function once(notice: (text: string) => void, text: string): () => void {
  let told = false;
  return () => {
    if (!told) notice(text);
    told = true;
  };
}

function borrowed(kernel: tf.KernelConfig, backendName: string, used: () => void): tf.KernelConfig {
  return {
    kernelName: kernel.kernelName,
    backendName,
    kernelFunc({ inputs, attrs }) {
      used();
      const home = tf.findBackend(backendName);
      const cpu = tf.findBackend("cpu");
      const uploaded: tf.TensorInfo[] = [];
      const carry = (from: tf.KernelBackend, to: tf.KernelBackend, info: tf.TensorInfo): tf.TensorInfo => ({
        dataId: to.write(valuesOf(from, info), info.shape, info.dtype),
        shape: info.shape,
        dtype: info.dtype,
      });
      const toCpu = (info: tf.TensorInfo): tf.TensorInfo => {
        const copy = carry(home, cpu, info);
        uploaded.push(copy);
        return copy;
      };
      // Operations over lists, such as Concat, have an array here, and read its length.
      const carried: typeof inputs = Array.isArray(inputs) ? Object.assign([], inputs) : { ...inputs };
      for (const [name, input] of Object.entries(inputs)) if (input) carried[name] = toCpu(input);
      const result = kernel.kernelFunc({ inputs: carried, attrs, backend: cpu });
      const results = Array.isArray(result) ? result : [result];
      const returned = results.map((info) => carry(cpu, home, info));
      for (const { dataId } of [...uploaded, ...results]) cpu.disposeData(dataId);
      return Array.isArray(result) ? returned : (returned[0] ?? []);
    },
  };
}

/** A backend may keep its values in another kind of array than the type says: a cast from bool in bytes, for example. */
function valuesOf(backend: tf.KernelBackend, { dataId, dtype }: tf.TensorInfo): tf.BackendValues {
  const values = backend.readSync(dataId);
  return dtype === "string" ? values : tf.util.toTypedArray(values, dtype);
}
