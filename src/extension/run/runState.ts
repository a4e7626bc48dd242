import { type ExecuteResult, unreachable } from "../../protocol/messages";

/** What one notebook's kernel does, as the status bar says it. */
export type Phase = "none" | "starting" | "idle" | "busy" | "restarting" | "dead";

export interface RunState {
  readonly phase: Phase;
  /** The cell that the kernel runs now. */
  readonly running?: string;
  /** The cells that wait, in their order. */
  readonly queue: readonly string[];
  /** How many cells this kernel has run: the next one's number is one more. */
  readonly count: number;
}
export const atRest: RunState = { phase: "none", queue: [], count: 0 };

export type RunEvent =
  | { readonly type: "run"; readonly cells: readonly string[] }
  | { readonly type: "kernelReady" }
  | { readonly type: "cellEnded"; readonly cell: string; readonly result: ExecuteResult }
  /** Not by our own hand: a restart or a shutdown tells nothing more of the kernel that it ends. */
  | { readonly type: "kernelDied"; readonly text: string }
  | { readonly type: "unresponsive" }
  | { readonly type: "cellRemoved"; readonly cell: string }
  | { readonly type: "stop" }
  | { readonly type: "restart" }
  | { readonly type: "shutDown" };

/** How a cell ended, for the mark beside it. `cancelled`: it never ran. */
export type Ending = "ok" | "failed" | "stopped" | "cancelled";

export type RunCommand =
  | { readonly type: "startKernel" }
  /** Ends the kernel's process; what it still says is not heard. */
  | { readonly type: "endKernel" }
  | { readonly type: "interrupt" }
  | { readonly type: "queueCell"; readonly cell: string }
  | { readonly type: "startCell"; readonly cell: string; readonly order: number }
  | { readonly type: "endCell"; readonly cell: string; readonly ending: Ending; readonly order?: number }
  | { readonly type: "tellDeath"; readonly text: string; readonly cell?: string }
  | {
      readonly type: "offerRestart";
      readonly because: "death" | "unresponsive";
      readonly text: string;
      readonly cell?: string;
    };

export type Step = readonly [RunState, readonly RunCommand[]];

/** What happens during runs: events in, commands out. Knows no editor and no process. */
export function step(state: RunState, event: RunEvent): Step {
  switch (event.type) {
    case "run":
      return run(state, event.cells);
    case "kernelReady":
      return startNext({ ...state, phase: "idle", count: 0 });
    case "cellEnded":
      return cellEnded(state, event.cell, event.result);
    case "kernelDied":
      return died(state, event.text);
    case "unresponsive":
      return state.running === undefined
        ? [state, []]
        : [state, [{ type: "offerRestart", because: "unresponsive", text: stuck }]];
    case "cellRemoved":
      return removed(state, event.cell);
    case "stop":
      return stop(state);
    case "restart":
      return [
        { phase: "restarting", queue: [], count: 0 },
        [...dropAll(state), { type: "endKernel" }, { type: "startKernel" }],
      ];
    case "shutDown":
      return [atRest, [...dropAll(state), { type: "endKernel" }]];
    default:
      return unreachable(event);
  }
}

const stuck =
  "The cell does not stop: native code holds the kernel. Wait for it, or restart the kernel; a restart loses its variables.";

function run(state: RunState, cells: readonly string[]): Step {
  const isPending = (cell: string): boolean => cell === state.running || state.queue.includes(cell);
  const added = [...new Set(cells)].filter((cell) => !isPending(cell));
  if (added.length === 0) return [state, []];
  const queued: RunState = { ...state, queue: [...state.queue, ...added] };
  const marks = added.map((cell) => ({ type: "queueCell", cell }) as const);
  switch (state.phase) {
    case "none":
    case "dead":
      return [{ ...queued, phase: "starting" }, [...marks, { type: "startKernel" }]];
    case "idle": {
      const [next, commands] = startNext(queued);
      return [next, [...marks, ...commands]];
    }
    case "starting":
    case "restarting":
    case "busy":
      return [queued, marks];
    default:
      return unreachable(state.phase);
  }
}

function startNext(state: RunState): Step {
  const [cell, ...queue] = state.queue;
  if (cell === undefined) return [{ phase: "idle", queue, count: state.count }, []];
  const order = state.count + 1;
  return [{ phase: "busy", running: cell, queue, count: order }, [{ type: "startCell", cell, order }]];
}

function cellEnded(state: RunState, cell: string, { status, executionCount }: ExecuteResult): Step {
  if (cell !== state.running) return [state, []];
  const ending = endings[status];
  const order = executionCount > 0 ? { order: executionCount } : {};
  const ended = { type: "endCell", cell, ending, ...order } as const;
  const count = Math.max(state.count, executionCount);
  if (ending === "ok") {
    const [next, commands] = startNext({ ...state, count });
    return [next, [ended, ...commands]];
  }
  return [{ phase: "idle", queue: [], count }, [ended, ...cancel(state.queue)]];
}

const endings = {
  ok: "ok",
  error: "failed",
  interrupted: "stopped",
  aborted: "cancelled",
} as const satisfies Record<ExecuteResult["status"], Ending>;

function died(state: RunState, text: string): Step {
  const { running, queue } = state;
  const isStarting = state.phase === "starting" || state.phase === "restarting";
  const where = running ?? (isStarting ? queue[0] : undefined);
  const rest = queue.filter((cell) => cell !== where);
  return [
    { phase: "dead", queue: [], count: 0 },
    [
      { type: "tellDeath", text, ...(where === undefined ? {} : { cell: where }) },
      ...(where === undefined ? [] : [{ type: "endCell", cell: where, ending: "failed" } as const]),
      ...cancel(rest),
      { type: "offerRestart", because: "death", text, ...(running === undefined ? {} : { cell: running }) },
    ],
  ];
}

function stop(state: RunState): Step {
  const cancelled = cancel(state.queue);
  // In an idle kernel a training or a timer may go on that its cell did not wait for.
  if (state.running === undefined && state.phase !== "idle") return [{ ...state, queue: [] }, cancelled];
  return [{ ...state, queue: [] }, [...cancelled, { type: "interrupt" }]];
}

function removed(state: RunState, cell: string): Step {
  if (cell === state.running) return [state, [{ type: "interrupt" }]];
  if (!state.queue.includes(cell)) return [state, []];
  return [{ ...state, queue: state.queue.filter((one) => one !== cell) }, cancel([cell])];
}

const cancel = (cells: readonly string[]): RunCommand[] =>
  cells.map((cell) => ({ type: "endCell", cell, ending: "cancelled" }));

/** The running cell ends with its kernel, and what waits does not run. */
const dropAll = ({ running, queue }: RunState): RunCommand[] => [
  ...(running === undefined ? [] : [{ type: "endCell", cell: running, ending: "stopped" } as const]),
  ...cancel(queue),
];
