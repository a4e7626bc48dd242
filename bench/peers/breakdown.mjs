import { flopsPerStep } from "./models.mjs";

/** Prints where one of our steps spends its time, how near its products come to what the machine can do, and the time to compile it. */
export function printBreakdown(profile, spec) {
  const { whole, graph, optimizer, data, overhead, gemm, elementwise, movement, gemmLimit, compiling } =
    profile;
  const kernels = gemm + elementwise + movement;
  const part = (label, time) =>
    console.log(
      `    ${label.padEnd(34)} ${time.toFixed(3).padStart(8)} ms  ${((100 * time) / whole).toFixed(0).padStart(3)}%`,
    );
  console.log(`  where our step goes (1 thread, under a profiler: ${whole.toFixed(3)} ms)`);
  part("products of matrices, convolutions", (graph * gemm) / kernels);
  part("elementwise, reductions", (graph * elementwise) / kernels);
  part("moving and reshaping", (graph * movement) / kernels);
  part("optimizer", optimizer);
  part("data and noise", data);
  part("overhead (JavaScript, waiting)", overhead);
  const gflops = (time) => flopsPerStep(spec) / time / 1e6;
  const share = (time) =>
    `${gflops(time).toFixed(1)} GFLOPS, ${((100 * gflops(time)) / gemmLimit).toFixed(0)}%`;
  console.log(
    `  of the ${gemmLimit.toFixed(0)} GFLOPS that one large product reaches here: ` +
      `products ${share((graph * gemm) / kernels)}; the whole step ${share(whole)}`,
  );
  console.log(
    `  a new model's first step, compiled: ${compiling.toFixed(0)} ms  asked: ${spec.compiledWithin} ms  ${compiling < spec.compiledWithin ? "yes" : "NO"}`,
  );
}
