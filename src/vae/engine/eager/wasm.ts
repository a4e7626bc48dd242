import * as tf from "@tensorflow/tfjs";

/**
 * Starts tfjs's wasm backend. Its .wasm file is read from beside the code that runs: the package's folder, or dist/,
 * where the build copies it; there is no download.
 *
 * tfjs would make a backend the current one *before* it has started, and an operation that a cell runs meanwhile
 * would fail. So it is started by hand here and registered when it is ready.
 */
export async function startWasm(): Promise<void> {
  await import("@tensorflow/tfjs-backend-wasm");
  const start = tf.findBackendFactory("wasm");
  const backend = await withoutNewCrashHandlers(async () => start());
  tf.removeBackend("wasm");
  tf.registerBackend("wasm", () => backend, 2);
}

const crashEvents = ["uncaughtException", "unhandledRejection"] as const;

/**
 * Emscripten's start code adds process listeners that throw what they hear, so that a cell's unhandled rejection would end
 * the process. Removes the listeners of that form that were added meanwhile.
 */
async function withoutNewCrashHandlers<T>(start: () => Promise<T>): Promise<T> {
  const before = crashEvents.map((event) => new Set(process.rawListeners(event)));
  try {
    return await start();
  } finally {
    crashEvents.forEach((event, index) => {
      for (const listener of process.rawListeners(event)) {
        const source = listener.toString();
        const onlyThrows = source.length < 150 && /throw \w+/.test(source);
        if (onlyThrows && !before[index]?.has(listener)) process.off(event, listener as () => void);
      }
    });
  }
}
