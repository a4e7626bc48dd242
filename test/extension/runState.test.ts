import { describe, expect, test } from "vitest";
import {
  atRest,
  type RunCommand,
  type RunEvent,
  type RunState,
  step,
} from "../../src/extension/run/runState";

/** Follows events from a state, and tells the state they lead to and what the last one commanded. */
function follow(events: readonly RunEvent[], from: RunState = atRest) {
  let state = from;
  let commands: readonly RunCommand[] = [];
  for (const event of events) [state, commands] = step(state, event);
  return { state, commands };
}

const run = (...cells: string[]): RunEvent => ({ type: "run", cells });
const ready: RunEvent = { type: "kernelReady" };
const died: RunEvent = { type: "kernelDied", text: "The kernel died: it was killed." };
const ended = (cell: string, status: "ok" | "error" | "interrupted" = "ok", count = 1): RunEvent => ({
  type: "cellEnded",
  cell,
  result: { status, executionCount: count, milliseconds: 1 },
});
const cancelled = (cell: string): RunCommand => ({ type: "endCell", cell, ending: "cancelled" });

describe("running", () => {
  test("the first cell starts the kernel, and begins when it is ready", () => {
    const first = follow([run("a")]);
    expect(first.state).toEqual({ phase: "starting", queue: ["a"], count: 0 });
    expect(first.commands).toEqual([{ type: "queueCell", cell: "a" }, { type: "startKernel" }]);
    const then = follow([ready], first.state);
    expect(then.state).toEqual({ phase: "busy", running: "a", queue: [], count: 1 });
    expect(then.commands).toEqual([{ type: "startCell", cell: "a", order: 1 }]);
  });

  test("cells run one after the other, in the order in which they were asked for", () => {
    const { state, commands } = follow([run("a", "b"), ready, run("c"), ended("a")]);
    expect(state).toMatchObject({ running: "b", queue: ["c"], count: 2 });
    expect(commands).toEqual([
      { type: "endCell", cell: "a", ending: "ok", order: 1 },
      { type: "startCell", cell: "b", order: 2 },
    ]);
  });

  test("a cell that runs or waits is not queued twice, and may run again once it has ended", () => {
    expect(follow([run("a", "b"), ready, run("a", "b", "b")]).commands).toEqual([]);
    expect(follow([run("a"), ready, ended("a"), run("a")]).state).toMatchObject({ running: "a", count: 2 });
  });

  test("an idle kernel begins at once", () => {
    expect(follow([run("a"), ready, ended("a"), run("b")]).commands).toEqual([
      { type: "queueCell", cell: "b" },
      { type: "startCell", cell: "b", order: 2 },
    ]);
  });

  test("cells behind one that fails do not run", () => {
    const { state, commands } = follow([run("a", "b", "c"), ready, ended("a", "error")]);
    expect(state).toEqual({ phase: "idle", queue: [], count: 1 });
    expect(commands).toEqual([
      { type: "endCell", cell: "a", ending: "failed", order: 1 },
      cancelled("b"),
      cancelled("c"),
    ]);
  });

  test("the end of a cell that does not run any more changes nothing", () => {
    const before = follow([run("a"), ready]).state;
    expect(follow([ended("z")], before)).toEqual({ state: before, commands: [] });
  });
});

describe("Stop", () => {
  test("interrupts the cell that runs, and cancels those that wait", () => {
    const { state, commands } = follow([run("a", "b"), ready, { type: "stop" }]);
    expect(state).toMatchObject({ phase: "busy", running: "a", queue: [] });
    expect(commands).toEqual([cancelled("b"), { type: "interrupt" }]);
    expect(follow([ended("a", "interrupted")], state).commands).toEqual([
      { type: "endCell", cell: "a", ending: "stopped", order: 1 },
    ]);
  });

  test("of a kernel that runs no cell ends what a cell left behind in it", () => {
    const { state } = follow([run("a"), ready, ended("a")]);
    expect(follow([{ type: "stop" }], state)).toEqual({ state, commands: [{ type: "interrupt" }] });
  });

  test("while the kernel starts, nothing runs when it is ready", () => {
    const { state } = follow([run("a"), { type: "stop" }, ready]);
    expect(state).toEqual({ phase: "idle", queue: [], count: 0 });
  });

  test("without effect offers a restart", () => {
    const { state, commands } = follow([run("a"), ready, { type: "stop" }, { type: "unresponsive" }]);
    expect(state).toMatchObject({ phase: "busy", running: "a" });
    expect(commands).toMatchObject([{ type: "offerRestart", because: "unresponsive" }]);
  });
});

describe("a kernel that dies", () => {
  test("tells it in the cell that ran, cancels the others, and offers a restart", () => {
    const { state, commands } = follow([run("a", "b"), ready, died]);
    expect(state).toEqual({ phase: "dead", queue: [], count: 0 });
    expect(commands).toEqual([
      { type: "tellDeath", text: "The kernel died: it was killed.", cell: "a" },
      { type: "endCell", cell: "a", ending: "failed" },
      cancelled("b"),
      { type: "offerRestart", because: "death", text: "The kernel died: it was killed.", cell: "a" },
    ]);
  });

  test("while it starts, tells it in the cell that it was started for", () => {
    expect(follow([run("a", "b"), died]).commands[0]).toMatchObject({ type: "tellDeath", cell: "a" });
  });

  test("while it starts anew, tells it in the first cell that waits for it", () => {
    const { commands } = follow([run("a"), ready, { type: "restart" }, run("a", "b"), died]);
    expect(commands.find(({ type }) => type === "tellDeath")).toMatchObject({ cell: "a" });
  });

  test("while idle, belongs to no cell", () => {
    expect(follow([run("a"), ready, ended("a"), died]).commands[0]).toEqual({
      type: "tellDeath",
      text: "The kernel died: it was killed.",
    });
  });

  test("starts anew with the next cell, and counts from one", () => {
    const { state } = follow([run("a"), ready, died, run("b"), ready]);
    expect(state).toMatchObject({ phase: "busy", running: "b", count: 1 });
  });
});

describe("restart", () => {
  test("ends the cell that runs and those that wait, then the kernel, then starts another", () => {
    const { state, commands } = follow([run("a", "b"), ready, { type: "restart" }]);
    expect(state).toEqual({ phase: "restarting", queue: [], count: 0 });
    expect(commands).toEqual([
      { type: "endCell", cell: "a", ending: "stopped" },
      cancelled("b"),
      { type: "endKernel" },
      { type: "startKernel" },
    ]);
  });

  test("and run all: cells asked for meanwhile wait for the new kernel", () => {
    const { state } = follow([run("a"), ready, { type: "restart" }, run("a", "b"), ready]);
    expect(state).toEqual({ phase: "busy", running: "a", queue: ["b"], count: 1 });
  });

  test("shutting down leaves no kernel", () => {
    const { state, commands } = follow([run("a"), ready, ended("a"), { type: "shutDown" }]);
    expect(state).toEqual(atRest);
    expect(commands).toEqual([{ type: "endKernel" }]);
  });
});

describe("a deleted cell", () => {
  test("that waited is not run, one that runs is stopped, another changes nothing", () => {
    const from = follow([run("a", "b", "c"), ready]).state;
    expect(follow([{ type: "cellRemoved", cell: "b" }], from).state).toMatchObject({ queue: ["c"] });
    expect(follow([{ type: "cellRemoved", cell: "a" }], from).commands).toEqual([{ type: "interrupt" }]);
    expect(follow([{ type: "cellRemoved", cell: "z" }], from)).toEqual({ state: from, commands: [] });
  });
});
