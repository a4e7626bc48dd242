import { beforeEach, expect, test, vi } from "vitest";
import { StoppedMarks } from "../../src/extension/parts/stoppedMarks";

const { offered, asked } = vi.hoisted(() => ({
  /** For which kinds of notebooks the editor has somebody to ask. */
  offered: [] as string[],
  /** How often it was told to ask again. */
  asked: { times: 0 },
}));
vi.mock("vscode", () => ({
  EventEmitter: class {
    readonly event = () => {};
    readonly fire = () => (asked.times += 1);
    readonly dispose = () => {};
  },
  notebooks: {
    registerNotebookCellStatusBarItemProvider: (type: string) => {
      offered.push(type);
      return { dispose: () => offered.splice(offered.indexOf(type), 1) };
    },
  },
}));

let tell: (session: object) => void;
let sessions: { hasStopped: boolean };
let marks: StoppedMarks;
beforeEach(() => {
  offered.length = 0;
  asked.times = 0;
  const faked = {
    hasStopped: false,
    onDidChange: (listener: typeof tell) => {
      tell = listener;
      return { dispose: () => {} };
    },
  };
  sessions = faked;
  marks = new StoppedMarks(faked as never);
});

test("the editor has nobody to ask for words under cells while no cell was stopped", () => {
  const session = { stoppedVersion: 0 };
  tell(session);
  expect(offered).toEqual([]);
  session.stoppedVersion = 1;
  sessions.hasStopped = true;
  tell(session);
  expect(offered).toEqual(["vaenb", "jupyter-notebook"]);
  // A new one is asked without being told to.
  expect(asked.times).toBe(0);
  session.stoppedVersion = 2;
  sessions.hasStopped = false;
  tell(session);
  expect(offered).toEqual([]);
});

test("it asks again when another cell is stopped, and not for every change", () => {
  const session = { stoppedVersion: 1 };
  sessions.hasStopped = true;
  tell(session);
  tell(session);
  expect(asked.times).toBe(0);
  session.stoppedVersion = 2;
  tell(session);
  expect(asked.times).toBe(1);
  expect(offered).toHaveLength(2);
});

test("it has nobody to ask when the extension ends", () => {
  sessions.hasStopped = true;
  tell({ stoppedVersion: 1 });
  expect(offered).toHaveLength(2);
  marks.dispose();
  expect(offered).toEqual([]);
});
