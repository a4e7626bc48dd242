import {
  anything,
  array,
  boolean,
  type Guard,
  type Guarded,
  literal,
  nothing,
  number,
  object,
  optional,
  ProtocolError,
  string,
} from "./guard";
import { mimeBundle } from "./mime";

/**
 * Everything that a front end and a kernel say to each other. Requests go from the front end to the kernel and are each
 * answered once; events come from the kernel at any time, in the order in which things happened.
 *
 * One thing is no message: Stop. It must arrive while the kernel's main thread is busy, so it is four bytes on a line of its
 * own that another thread of the kernel reads (`lines.ts`).
 */

/** A place in a source, for people: lines and columns count from 1. `cell` is missing in files. */
const position = object({ cell: optional(string), file: optional(string), line: number, column: number });
export type Position = Guarded<typeof position>;

const frame = object({
  /** The function, as the engine names it. */
  name: optional(string),
  position: optional(position),
  /** Where the position is not the person's own source: Node's or a package's file. */
  location: optional(string),
});
export type StackFrame = Guarded<typeof frame>;

/** An error as a person meets it. `cause` and the members of an AggregateError nest. */
export interface ErrorReport {
  readonly name: string;
  readonly message: string;
  /** The whole report as text: code frame, stack, causes, further properties. */
  readonly text: string;
  readonly frames: readonly StackFrame[];
}
const errorReport: Guard<ErrorReport> = object({
  name: string,
  message: string,
  text: string,
  frames: array(frame),
});

export const executeResult = object({
  status: literal("ok", "error", "interrupted", "aborted"),
  /** Counts the cells that ran in this kernel, from 1; 0 for a cell that did not start. */
  executionCount: number,
  milliseconds: number,
});
export type ExecuteResult = Guarded<typeof executeResult>;

export const variable = object({
  name: string,
  /** The declaration: "const", "let", "function", "class", "import", ... */
  kind: string,
  /** Its type for people: "Float32Array", "Map", "number". */
  type: string,
  /** Elements, entries or a shape such as "[60000, 784]". */
  size: optional(string),
  preview: string,
});
export type Variable = Guarded<typeof variable>;

const completion = object({
  label: string,
  kind: literal("variable", "function", "class", "property", "method", "module", "keyword", "value"),
  detail: optional(string),
  documentation: optional(string),
});
export type Completion = Guarded<typeof completion>;

/** What a front end asks. Each line: what it sends, and what it gets back. */
export const requests = {
  /** Runs a cell. Cells run one after the other; the answer comes when this one has ended. */
  execute: {
    params: object({
      cell: string,
      code: string,
      /** What the cell is called in messages: "Cell 3". */
      title: optional(string),
      /** When this cell fails, cells that wait behind it do not run. Default true. */
      stopOnError: optional(boolean),
    }),
    result: executeResult,
  },
  complete: {
    params: object({ code: string, cursor: number }),
    /** `start` and `end` bound the text that a completion replaces. */
    result: object({ start: number, end: number, items: array(completion) }),
  },
  inspect: {
    params: object({ code: string, cursor: number }),
    result: object({ found: boolean, bundle: optional(mimeBundle) }),
  },
  /** How the function is called whose arguments are being written at the cursor, with its parameters as parts of `label`. */
  signature: {
    params: object({ code: string, cursor: number }),
    result: object({
      signature: optional(
        object({
          label: string,
          parameters: array(object({ start: number, end: number })),
          /** Which of them is being written; past the last one, none. */
          parameter: number,
          documentation: optional(string),
        }),
      ),
    }),
  },
  variables: { params: nothing, result: object({ variables: array(variable) }) },
  /** The person's answer to an `inputRequest`; no `value`: they dismissed it. */
  inputReply: { params: object({ input: number, value: optional(string) }), result: nothing },
  /** A question that a view asks its figure; answered with whatever the figure answers. */
  viewMessage: {
    params: object({ display: string, question: string, payload: anything }),
    result: object({ payload: anything }),
  },
  shutdown: { params: nothing, result: nothing },
} as const satisfies Record<string, { params: Guard<unknown>; result: Guard<unknown> }>;

export type Requests = {
  [K in keyof typeof requests]: {
    params: Guarded<(typeof requests)[K]["params"]>;
    result: Guarded<(typeof requests)[K]["result"]>;
  };
};
export type RequestName = keyof Requests;

/** What a kernel tells. `cell` is the cell whose code caused it, also after that cell has ended. */
export const events = {
  /** Once, first: the kernel takes requests. */
  ready: object({ node: string, pid: number }),
  status: object({ state: literal("idle", "busy"), cell: optional(string) }),
  stream: object({ cell: string, name: literal("stdout", "stderr"), text: string }),
  /** A new output. `display` names it for updates; `result` marks the value of the cell's last expression. */
  display: object({ cell: string, display: optional(string), bundle: mimeBundle, result: optional(boolean) }),
  /** New content for every output with this name, in whichever cell it is. */
  update: object({ display: string, bundle: mimeBundle }),
  /** Empties a cell's outputs; with `wait`, when its next output comes. */
  clear: object({ cell: string, wait: boolean }),
  error: object({ cell: string, error: errorReport }),
  inputRequest: object({ cell: string, input: number, prompt: string, password: boolean }),
  /** A training has left a checkpoint in this folder: where to look for it when the kernel has died. */
  checkpoint: object({ folder: string }),
  /** What a figure tells its view without being asked. */
  viewMessage: object({ display: string, payload: anything }),
  /** The answer to a request: `result`, or `error` in words. */
  reply: object({ request: number, result: anything, error: optional(string) }),
} as const satisfies Record<string, Guard<unknown>>;

export type Events = { [K in keyof typeof events]: Guarded<(typeof events)[K]> };
export type EventName = keyof Events;
export type Event = { [K in EventName]: { readonly type: K } & Events[K] }[EventName];

/** Where a request stands among the others. */
export interface Origin {
  /** Its number; they count up. */
  readonly request: number;
  /** The execution that had not ended when this one was asked for. If that one fails, this one does not run. */
  readonly behind?: number;
}

/** In this form the compiler sees that a request's parameters are those of its name, also for a union of names. */
export type RequestOf<K extends RequestName> = {
  [N in K]: Origin & { readonly name: N; readonly params: Requests[N]["params"] };
}[K];
export type Request = RequestOf<RequestName>;

const envelope = object({ request: number, behind: optional(number), name: string, params: anything });
const typed = object({ type: string });

const has = <T extends object>(map: T, key: string): key is Extract<keyof T, string> =>
  Object.hasOwn(map, key);

/** Checks what arrived at the kernel. */
export function parseRequest(message: unknown): Request {
  const { name, params, ...origin } = envelope(message, "request");
  if (!has(requests, name)) throw new ProtocolError("request.name", "a known request", name);
  return { ...origin, name, params: requests[name].params(params, `${name}.params`) } as Request;
}

/** Checks what arrived at the front end. */
export function parseEvent(message: unknown): Event {
  const { type } = typed(message, "event");
  if (!has(events, type)) throw new ProtocolError("event.type", "a known event", type);
  return { type, ...events[type](message, type) } as Event;
}

/** For `switch` statements over unions: the compiler reports the case that was forgotten. */
export function unreachable(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
}
