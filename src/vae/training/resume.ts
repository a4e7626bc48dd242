import { requireDataset } from "../data/requireDataset";
import type { Dataset } from "../data/dataset";
import type { OptionNames } from "../options";
import type { Architecture } from "../models/saved";
import { VaeModel } from "../models/vaeModel";
import type { Checkpoint, CheckpointHeader, DataMark } from "./checkpoint";
import type { FoundRun } from "./checkpointFolder";
import { dataMark, findMarked } from "./dataMark";
import type { FitOptions } from "./options";
import type { Plan } from "./plan";
import type { Schedule } from "./schedules";

/** What `session.resume` may be given; what is left out is looked for in the session. */
export interface ResumeOptions extends Pick<FitOptions, "callbacks" | "checkpoints"> {
  /** Which run, if not the last one: a name from `session.resumable()`. */
  readonly run?: string;
  /** Where its checkpoints are, if not in `session.folder`. */
  readonly folder?: string;
  readonly data?: Dataset;
  readonly validationData?: Dataset;
  /** Needed again if they were functions. */
  readonly schedule?: Schedule;
  readonly beta?: Schedule;
}

export const resumeOptionNames: OptionNames<ResumeOptions> = {
  run: true,
  folder: true,
  data: true,
  validationData: true,
  schedule: true,
  beta: true,
  callbacks: true,
  checkpoints: true,
};

/**
 * The run to go on with.
 * @throws if there is none, or the process that trains it is still alive and nobody named it
 */
export function chosenRun(found: readonly FoundRun[], folder: string, name?: string): FoundRun {
  // Who names a run means it: the number of a process that ended may belong to another program by now.
  const run = found.find((known) =>
    name === undefined ? !isAlive(known.checkpoint.header) : known.run === name,
  );
  const [alive] = found;
  if (!run && name === undefined && alive)
    throw new Error(
      `${alive.run} is being trained by another kernel (process ${alive.checkpoint.header.process}). If that process is something else by now, name the run: session.resume({ run: "${alive.run}" }).`,
    );
  if (!run)
    throw new Error(
      name === undefined
        ? `There is no run to resume in ${folder}. Runs are kept there from their first checkpoint on, 15 s after their start, until they finish; one that was kept elsewhere is found by session.resume({ folder: "..." }).`
        : `There is no run "${name}" in ${folder}. There are ${found.map((known) => known.run).join(", ") || "none"}.`,
    );
  return run;
}

/** Whether another process that is still there trains this run. */
function isAlive({ process: id }: CheckpointHeader): boolean {
  if (id === process.pid) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}

/** Whether two models are made of the same: the name and the training so far do not count. */
export const sameArchitecture = (a: Architecture, b: Architecture): boolean => {
  const essence = ({ kind, input, latent, options, functions }: Architecture): string =>
    JSON.stringify([kind, input, latent, functions, options]);
  return essence(a) === essence(b);
};

/**
 * The model of a run: the one of the session that it trained, or one that is made of the same and has not been trained
 * otherwise, or a new one if a file can say all about it.
 * @throws if another one was given, or it has functions of the person's own and has not been made again
 */
export function modelFor(
  { header: { run, architecture, plan }, snapshot }: Checkpoint,
  models: readonly VaeModel[],
  given: unknown,
  remake: (architecture: Architecture) => VaeModel,
): VaeModel {
  if (isModel(given)) {
    if (sameArchitecture(given.architecture, architecture)) return given;
    throw new Error(`The run trained another model than ${given.name}: ${architecture.name}.`);
  }
  const here = [0, plan.stepsBefore, plan.stepsBefore + snapshot.step];
  const same = models.filter((model) => sameArchitecture(model.architecture, architecture));
  const known =
    same.findLast((model) => model.carriedOut(run)) ??
    same.findLast((model) => here.includes(model.summary.stepsTrained));
  if (known) return known;
  if (architecture.functions.length === 0) return remake(architecture);
  const [other] = same;
  if (other)
    throw new Error(
      `The run left ${architecture.name} after ${here.at(-1)} steps, and ${other.name} in the session stands at ${other.summary.stepsTrained}: it has been trained otherwise since. Run the cell that makes it again, then session.resume() again.`,
    );
  throw new Error(
    `The run trained ${architecture.name}, a model with functions of your own (${architecture.functions.join(", ")}). Run the cell that makes it, then session.resume() again.`,
  );
}

/**
 * The data of a run: what was given, if it is the same, or what the session has seen.
 * @throws if it is another dataset, or none is known
 */
export function dataFor(
  mark: DataMark,
  option: "data" | "validationData",
  given: Dataset | undefined,
  known: readonly Dataset[],
): Dataset {
  if (given !== undefined) requireDataset("session.resume", given);
  const found = given ?? findMarked(mark, known);
  if (!found)
    throw new Error(
      `The run used ${mark.name} (${mark.size} examples), which is not in the session. Run the cell that makes it, or give it: session.resume({ ${option}: ... }).`,
    );
  if (given && dataMark(given).fingerprint !== mark.fingerprint)
    throw new Error(
      `The run used ${mark.name} (${mark.size} examples); ${given.name} (${given.size} examples) holds other values, and the run would not be the same.`,
    );
  return found;
}

/**
 * The plan of a run with the schedules that a file cannot hold.
 * @throws if one of them was not given again
 */
export function planFor({ plan, functions }: CheckpointHeader, { schedule, beta }: ResumeOptions): Plan {
  const given = { learningRate: schedule, beta };
  const missing = functions.filter(
    (name) => !(name in given && given[name as keyof typeof given] !== undefined),
  );
  if (missing.length > 0) {
    const options = missing.map((name) => (name === "learningRate" ? "schedule" : name)).join(", ");
    throw new Error(
      `The run's ${options} is a function, which a checkpoint does not hold. Give it again: session.resume({ ${options} }).`,
    );
  }
  return {
    ...plan,
    ...(functions.includes("learningRate") && schedule !== undefined && { learningRate: schedule }),
    ...(functions.includes("beta") && beta !== undefined && { beta }),
  };
}

const isModel = (value: unknown): value is VaeModel => value instanceof VaeModel;
