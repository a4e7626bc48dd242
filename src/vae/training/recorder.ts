import { resolve } from "node:path";
import { host } from "../host";
import type { RunDescription, Recorder } from "../models/surroundings";
import { whyUnwritten } from "./atomicFile";
import type { Checkpoint, CheckpointHeader } from "./checkpoint";
import { dataMark } from "./dataMark";
import type { Snapshot } from "./snapshot";

/** Where a recorder puts checkpoints: a folder on the disk, or what a test wants to see. */
export interface CheckpointStore {
  readonly path: string;
  newRun(model: string): string;
  write(checkpoint: Checkpoint): Promise<void>;
  remove(run: string): Promise<void>;
}

const usualSeconds = 15;

/**
 * Writes a run's checkpoints while it trains, one at a time. A checkpoint that cannot be written is a warning of the
 * run, which goes on.
 */
export function recorderOf(
  { model, plan, data, validationData, run, checkpoints, continues }: RunDescription,
  store: CheckpointStore,
): Recorder | undefined {
  if (checkpoints === false) return undefined;
  const { everySteps, everySeconds = everySteps === undefined ? usualSeconds : Infinity } = checkpoints ?? {};
  const header: CheckpointHeader = {
    run: continues ?? store.newRun(model.name),
    process: process.pid,
    architecture: model.architecture,
    plan,
    functions: (["learningRate", "beta"] as const).filter((name) => typeof plan[name] === "function"),
    data: dataMark(data),
    ...(validationData && { validationData: dataMark(validationData) }),
  };
  let writing: Promise<void> | undefined;
  let written = continues !== undefined;
  let lastAt = performance.now();

  const write = (state: Snapshot): void => {
    written = true;
    const before = writing ?? Promise.resolve();
    const mine: Promise<void> = before
      .then(() => store.write({ header, snapshot: state }))
      .then(() => {
        run.checkpoints = store.path;
        host().keeps(resolve(store.path));
      })
      .catch((error: unknown) =>
        run.warn({ kind: "other", step: state.step, text: unwritten(store.path, error) }),
      )
      .finally(() => {
        if (writing === mine) writing = undefined;
        lastAt = performance.now();
      });
    writing = mine;
  };

  return {
    name: header.run,
    keep(step, snapshot, isLast = false) {
      // A run that is over before its first checkpoint was due leaves nothing on the disk.
      if (isLast ? !written : writing) return;
      const due =
        everySteps === undefined
          ? performance.now() - lastAt >= everySeconds * 1000
          : step % everySteps === 0;
      const state = due || isLast ? snapshot() : undefined;
      if (state) write(state);
    },
    async end() {
      await writing;
      const isOver = run.status === "finished" || run.status === "early-stopped";
      if (!isOver || !written) return;
      await store.remove(header.run).catch(() => {});
      delete run.checkpoints;
    },
  };
}

const unwritten = (path: string, error: unknown): string =>
  `A checkpoint could not be written to ${path}: ${whyUnwritten(error)}. Training goes on; if the kernel ends now, what came since the last checkpoint is lost.`;
