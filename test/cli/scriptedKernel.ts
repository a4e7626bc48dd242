import type { KernelPort, Reporter, StartKernel } from "../../src/cli/ports";
import { type Notebook, parsePercent } from "../../src/notebook";
import type { ErrorReport, Event, ExecuteResult } from "../../src/protocol/messages";

export interface CellRun {
  readonly cell: string;
  readonly code: string;
  readonly emit: (event: Event) => void;
  /** Resolves when the cell is asked to stop. */
  readonly stopped: Promise<void>;
  /** Rejects when the kernel is killed. */
  readonly killed: Promise<never>;
}

/** A kernel that does what `behaviour` says for each cell's code, in this process. */
export function scriptedKernel(
  behaviour: (run: CellRun) => Promise<ExecuteResult["status"]> | ExecuteResult["status"],
) {
  const asked: string[] = [];
  const answers: (string | undefined)[] = [];
  let listener: Parameters<StartKernel>[0] | undefined;
  let interrupt = (): void => {};
  let kill = (): void => {};
  let interruptions = 0;
  let isShutDown = false;
  let died: Error | undefined;
  const killed = new Promise<never>((_, reject) => {
    kill = () => {
      died = new Error("The kernel died.");
      reject(died);
    };
  });
  killed.catch(() => {});

  const port: KernelPort = {
    async execute({ cell, code }) {
      asked.push(code);
      const stopped = new Promise<void>((resolve) => (interrupt = resolve));
      const emit = (event: Event): void => {
        if (event.type !== "reply") listener?.onEvent(event);
      };
      emit({ type: "status", state: "busy", cell });
      const status = await Promise.race([behaviour({ cell, code, emit, stopped, killed }), killed]);
      emit({ type: "status", state: "idle" });
      return { status, executionCount: asked.length, milliseconds: 1 };
    },
    answerInput: (_, value) => void answers.push(value),
    interrupt: () => {
      interruptions += 1;
      interrupt();
    },
    kill: () => kill(),
    died: () => died,
    shutdown: () => {
      isShutDown = true;
      return Promise.resolve();
    },
  };
  const start: StartKernel = (given) => {
    listener = given;
    return port;
  };
  return {
    start,
    asked,
    answers,
    kill: () => kill(),
    interruptions: () => interruptions,
    isShutDown: () => isShutDown,
  };
}

export const report = (name: string, message: string): ErrorReport => ({
  name,
  message,
  text: `${name}: ${message}\n    at Cell 1:1:1`,
  frames: [],
});

/** Fails a cell as the real kernel does. */
export function fail({ cell, emit }: CellRun, message: string): "error" {
  emit({ type: "error", cell, error: report("Error", message) });
  return "error";
}

export const silent: Reporter = {
  cellBegins: () => {},
  shows: () => {},
  cellEnds: () => {},
  notes: () => {},
  asks: () => Promise.resolve(undefined),
};

export const notebookOf = (...cells: readonly string[]): Notebook =>
  parsePercent(cells.map((cell) => (cell.startsWith("// %%") ? cell : `// %%\n${cell}`)).join("\n\n"));
