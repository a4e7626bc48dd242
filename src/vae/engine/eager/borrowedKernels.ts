import * as tf from "@tensorflow/tfjs";

/**
 * Lets a backend run the operations that it has no kernel for (on wasm, the gradients of convolutions and pooling):
 * each is registered as a kernel that carries its inputs to the cpu backend and the result back. `notice` is told once per operation.
 */
export function borrowKernelsFromCpu(
  backendName: string,
  displayName: string,
  notice: (text: string) => void,
): void {
  const own = new Set(tf.getKernelsForBackend(backendName).map((kernel) => kernel.kernelName));
  for (const kernel of tf.getKernelsForBackend("cpu")) {
    if (!own.has(kernel.kernelName)) tf.registerKernel(borrowed(kernel, backendName, displayName, notice));
  }
}

function borrowed(
  kernel: tf.KernelConfig,
  backendName: string,
  displayName: string,
  notice: (text: string) => void,
): tf.KernelConfig {
  let told = false;
  return {
    kernelName: kernel.kernelName,
    backendName,
    kernelFunc({ inputs, attrs }) {
      if (!told) {
        notice(
          `the ${displayName} backend has no ${kernel.kernelName}: this operation runs on the cpu backend, more slowly.`,
        );
        told = true;
      }
      const home = tf.findBackend(backendName);
      const cpu = tf.findBackend("cpu");
      const uploaded: tf.TensorInfo[] = [];
      const carry = (from: tf.KernelBackend, to: tf.KernelBackend, info: tf.TensorInfo): tf.TensorInfo => ({
        dataId: to.write(from.readSync(info.dataId), info.shape, info.dtype),
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
