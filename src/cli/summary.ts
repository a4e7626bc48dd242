import type { RunResult } from "./runNotebook";

/** A run in one line for the person who waited for it. The error that ended it stands above, so it is not said again. */
export function summary(
  { outcome, cellsRun, cellsLeft, allowedFailures }: Omit<RunResult, "notebook">,
  seconds: number,
  written: string | undefined,
): string {
  const took = `${seconds.toFixed(1)} s`;
  const left = cellsLeft === 0 ? "" : `; ${cells(cellsLeft)} behind it did not run`;
  const ran = `${cells(cellsRun)} ran in ${took}`;
  const wrote = written === undefined ? "" : ` Wrote ${written}.`;
  switch (outcome.kind) {
    case "completed":
      return `${ran}${allowed(allowedFailures)}.${wrote}`;
    case "failed":
      return `cell ${outcome.cell} failed after ${took}${left}.${wrote}`;
    case "stopped":
      return `stopped after ${took}${cellsLeft === 0 ? "" : `; ${cells(cellsLeft)} did not run`}.${wrote}`;
    case "failedTraining":
      return `cell ${outcome.cell} has a training without a result: ${sentence(outcome.reason)} ${ran}.${wrote}`;
    case "strayError":
      return `cell ${outcome.cell} left an error that nobody awaited: ${sentence(outcome.reason)} ${ran}.${wrote}`;
  }
}

const cells = (count: number): string => `${count} ${count === 1 ? "cell" : "cells"}`;

const allowed = (failures: number): string =>
  failures === 0
    ? ""
    : `, ${failures} of them with ${failures === 1 ? "an error that was" : "errors that were"} allowed`;

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
