/** How a kernel process ended, in words for the person whose cell was running. */
export interface Death {
  /** The front end asked for it. */
  readonly expected: boolean;
  readonly code: number | null;
  readonly signal: string | null;
  readonly text: string;
}

const signals: Readonly<Record<string, string>> = {
  SIGSEGV: "native code crashed (SIGSEGV)",
  SIGBUS: "native code crashed (SIGBUS)",
  SIGILL: "native code crashed (SIGILL)",
  SIGFPE: "native code crashed (SIGFPE)",
  SIGABRT: "native code gave up (SIGABRT)",
  SIGKILL: "it was killed (SIGKILL), by someone or by a system short of memory",
  SIGTERM: "it was asked to end (SIGTERM)",
};

/** `lastWords` is the end of what the process wrote to stderr by itself: the engine tells there why it gives up. */
export function describeDeath(
  code: number | null,
  signal: string | null,
  lastWords: string,
  expected: boolean,
): Death {
  if (expected) return { expected, code, signal, text: "The kernel was shut down." };
  const ranOut = /JavaScript heap out of memory|Allocation failed|bad_alloc/.test(lastWords);
  const how = ranOut
    ? "it ran out of memory. Keep less in variables, or give it a larger heap: in VS Code by the setting vaenb.kernel.heapMegabytes, elsewhere by NODE_OPTIONS=--max-old-space-size=8192 (megabytes)"
    : signal
      ? (signals[signal] ?? `a signal ended it (${signal})`)
      : code === 0
        ? "its code ended the process (process.exit?)"
        : `its code ended the process with exit code ${code ?? "unknown"} (process.exit?)`;
  return {
    expected,
    code,
    signal,
    text: `The kernel died: ${how}. Its variables are gone; restart it to go on.`,
  };
}
