import type { KernelListener } from "../client/kernel";
import type { Event, ExecuteResult, Requests } from "../protocol/messages";

/** What running a notebook needs of a kernel; a test gives it one that follows a script. */
export interface KernelPort {
  /** Rejects when the kernel dies. */
  execute(cell: Requests["execute"]["params"]): Promise<ExecuteResult>;
  answerInput(input: number, value: string | undefined): void;
  interrupt(): void;
  kill(): void;
  /** Why the kernel is gone, once it is. */
  died(): Error | undefined;
  /** Resolves when the kernel is gone and all that it said was heard. */
  shutdown(): Promise<void>;
}
export type StartKernel = (listener: Pick<KernelListener, "onEvent" | "onUnresponsive">) => KernelPort;

/** Who is told of a run as it goes. */
export interface Reporter {
  /** Cell `number` of the file begins, the `position`th of `total` that run. */
  cellBegins(cell: {
    readonly number: number;
    readonly position: number;
    readonly total: number;
    readonly source: string;
  }): void;
  /** Something that a cell showed, as it comes. */
  shows(event: Event): void;
  cellEnds(): void;
  /** A word of the program itself. */
  notes(text: string): void;
  /** Undefined: there is no answer. */
  asks(prompt: string, password: boolean): Promise<string | undefined>;
}
