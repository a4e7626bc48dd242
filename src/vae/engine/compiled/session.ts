import type * as Ort from "onnxruntime-node";

/** ONNX Runtime, loaded when the first model is compiled: a program that uses none of it does not pay for it. */
let loading: Promise<typeof Ort> | undefined;

export async function onnxRuntime(): Promise<typeof Ort> {
  loading ??= import("onnxruntime-node").then((module) => {
    const ort = "default" in module ? module.default : module;
    // What goes wrong comes as an error; it need not be printed a second time.
    ort.env.logLevel = "fatal";
    return ort;
  });
  return loading;
}

/** Where ONNX Runtime computes, by the names that people know. */
export type ExecutionProvider = "cpu" | "cuda" | "dml" | "coreml" | "webgpu";

export interface SessionOptions {
  /** Threads inside one operation. */
  readonly threads: number;
  readonly executionProvider: ExecutionProvider;
  /** Told in a sentence when something else runs than what was asked for. */
  readonly notice: (message: string) => void;
}

export async function createSession(
  model: Uint8Array,
  options: SessionOptions,
): Promise<Ort.InferenceSession> {
  const ort = await onnxRuntime();
  const create = (providers: readonly ExecutionProvider[]): Promise<Ort.InferenceSession> =>
    ort.InferenceSession.create(model, {
      executionProviders: [...providers],
      intraOpNumThreads: options.threads,
      interOpNumThreads: 1,
      executionMode: "sequential",
      graphOptimizationLevel: "all",
      logSeverityLevel: 4,
      // A thread that waits for the next operation's share spins for this long before it sleeps: waking one up takes as
      // long, and on two quiet cores the steps of an MLP are 7% faster than with none. ONNX Runtime's own, without
      // such an end, takes the time of those that work as soon as an editor runs beside; this little costs 5% there.
      extra: { session: { intra_op: { allow_spinning: "1", spin_duration_us: "50" } } },
    });
  const { executionProvider } = options;
  if (executionProvider === "cpu") return create(["cpu"]);
  try {
    return await create([executionProvider, "cpu"]);
  } catch (error) {
    const [reason = ""] = String(error instanceof Error ? error.message : error).split("\n");
    options.notice(
      `ONNX Runtime cannot use "${executionProvider}" here (${reason}). The CPU is used instead.`,
    );
    return create(["cpu"]);
  }
}
