import { join } from "node:path";
import type { Dataset } from "./data/dataset";
import { isDataset } from "./data/isDataset";
import { Engines, type EngineReport } from "./engine/choose";
import { requireOptions } from "./options";
import { requireParts } from "./training/options";
import { display, host, type Displayable, type MimeBundle } from "./host";
import type { Model } from "./models/model";
import { fromParts, type VaeOptions } from "./models/parts";
import type { Surroundings } from "./models/surroundings";
import { vaeIn } from "./models/vae";
import { VaeModel } from "./models/vaeModel";
import { sessionSeed, setSessionSeed } from "./random/seed";
import { sessionFigure } from "./sessionView";
import { CheckpointFolder, type FoundRun } from "./training/checkpointFolder";
import { recorderOf } from "./training/recorder";
import {
  chosenRun,
  dataFor,
  modelFor,
  planFor,
  resumeOptionNames,
  type ResumeOptions,
} from "./training/resume";
import type { Run } from "./training/run";

/** A run that was cut off, as `session.resumable()` lists it. */
export interface ResumableRun {
  readonly run: string;
  readonly model: string;
  readonly data: string;
  readonly step: number;
  readonly totalSteps: number;
}

/**
 * What lasts from cell to cell: the seed, the engine, and the datasets, models and runs that exist. Models and datasets
 * that nothing refers to any more leave it by themselves.
 */
export class Session implements Displayable {
  private readonly engines = new Engines();
  private readonly aliveModels = new Registry<VaeModel>();
  private readonly aliveDatasets = new Registry<Dataset>();
  private readonly allRuns: Run[] = [];
  /** Ends of runs whose last state is on its way to the disk. */
  private readonly endings = new Set<Promise<void>>();
  private checkpointFolder: string | undefined;

  /** What models and datasets tell the session. */
  readonly surroundings: Surroundings = {
    engines: this.engines,
    adopt: (model) => this.aliveModels.add(model),
    release: (model) => this.aliveModels.remove(model),
    sees: (data) => this.aliveDatasets.add(data),
    starts: (description) => {
      this.allRuns.push(description.run);
      const { checkpoints } = description;
      const folder = (checkpoints === false ? undefined : checkpoints?.folder) ?? this.folder;
      return recorderOf(description, new CheckpointFolder(folder));
    },
    ends: (end) => {
      this.endings.add(end);
      host().saves(end);
      void end.finally(() => this.endings.delete(end));
    },
  };

  /**
   * Sets the seed of everything random that comes after: data, first weights, noise, the order of examples. The same
   * seed and the same calls give the same numbers. Without a number, answers the seed in force (0 at first).
   * @throws if it is not a whole number from 0 to 2^53 - 1
   */
  seed(value?: number): number {
    if (value !== undefined) setSessionSeed(value);
    return sessionSeed();
  }

  /** Which engine runs the models, and why. */
  get engine(): EngineReport {
    return this.engines.report;
  }

  /**
   * Switches the engine: "compiled" (the default), "tfjs-node", "wasm" or "cpu". Models move over with their weights.
   * @throws if there is no such engine, or it is not installed; the engine in force stays
   */
  async use(name: string): Promise<EngineReport> {
    return this.engines.use(name);
  }

  /** Gives `tf` the fastest backend there is. Whoever runs cells awaits it before the first one that uses `tf`. */
  async ready(): Promise<void> {
    await this.engines.prepareCells();
  }

  /** Datasets that were made or used here, oldest first. */
  get datasets(): readonly Dataset[] {
    return this.aliveDatasets.all();
  }

  /** Models that have not been disposed, oldest first. */
  get models(): readonly Model[] {
    return this.aliveModels.all();
  }

  /** Training runs, oldest first. */
  get runs(): readonly Run[] {
    return this.allRuns;
  }

  /** The folder of the checkpoints: `VAENB_SESSION`, or `.vaenb` beside the notebook. Set it to use another one. */
  get folder(): string {
    return this.checkpointFolder ?? process.env.VAENB_SESSION ?? join(process.cwd(), ".vaenb");
  }
  set folder(path: string) {
    this.checkpointFolder = path;
  }

  /** Runs that were cut off (a killed kernel, a Stop) and left a checkpoint in a folder, the latest first. */
  async resumable(folder = this.folder): Promise<readonly ResumableRun[]> {
    const found = await this.runsIn(folder);
    return found.map(({ run, checkpoint: { header, snapshot } }) => ({
      run,
      model: header.architecture.name,
      data: header.data.name,
      step: snapshot.step,
      totalSteps: header.plan.totalSteps,
    }));
  }

  /**
   * Goes on with the last run that was cut off, from its last whole checkpoint to its planned end: to the same weights,
   * to the bit, as if it had not been cut off. Model and data are found in the session, or given.
   * @throws if there is no such run, or its model or data are not there
   */
  async resume(options: ResumeOptions & { readonly model?: Model } = {}): Promise<Run> {
    requireOptions("session.resume", options, { ...resumeOptionNames, model: true });
    requireParts(options);
    const { folder = this.folder } = options;
    const found = await this.runsIn(folder);
    const { run, checkpoint, damaged } = chosenRun(found, folder, options.run);
    const { header, snapshot } = checkpoint;
    const data = dataFor(header.data, "data", options.data, this.datasets);
    const validationData =
      header.validationData &&
      dataFor(header.validationData, "validationData", options.validationData, this.datasets);
    const model = modelFor(checkpoint, this.aliveModels.all(), options.model, (architecture) => {
      const parts = architecture.options as unknown as VaeOptions;
      console.warn(
        `No model of the session stands where this run left ${architecture.name}: the run goes on in a new one, session.models.at(-1).`,
      );
      return new VaeModel(fromParts(parts), parts, this.surroundings, parts.seed);
    });
    const { callbacks, checkpoints } = options;
    for (const { file, why } of damaged)
      console.warn(`${file} is not used: ${why} The checkpoint before it is.`);
    return model.resume(planFor(header, options), snapshot, data, {
      continues: run,
      checkpoints: checkpoints ?? { folder },
      ...(validationData && { validationData }),
      ...(callbacks && { callbacks }),
    });
  }

  /** The same functions, with the session taking note of the datasets that they make. */
  watching<Room extends object>(room: Room): Room {
    const watched = Object.entries(room).map(([name, make]: [string, unknown]) => [
      name,
      typeof make === "function"
        ? (...given: unknown[]): unknown => {
            const made: unknown = Reflect.apply(make, undefined, given);
            if (made instanceof Promise) void made.then((later) => this.sees(later)).catch(() => {});
            else this.sees(made);
            return made;
          }
        : make,
    ]);
    return Object.fromEntries(watched) as Room;
  }

  /** What was kept in a folder, with what is on its way there. */
  private async runsIn(folder: string): Promise<FoundRun[]> {
    await Promise.all(this.endings);
    return new CheckpointFolder(folder).runs();
  }

  private sees(made: unknown): void {
    const parts = isPair(made) ? [made.train, made.test] : [made];
    for (const part of parts) if (isDataset(part)) this.aliveDatasets.add(part);
  }

  [display](): MimeBundle {
    return sessionFigure(this)[display]();
  }

  toString(): string {
    return sessionFigure(this).text;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

const isPair = (value: unknown): value is Readonly<Record<"train" | "test", unknown>> =>
  typeof value === "object" && value !== null && "train" in value && "test" in value;

/** Things that are listed as long as somebody else holds on to them. */
class Registry<T extends object> {
  private references: WeakRef<T>[] = [];

  add(value: T): void {
    if (!this.all().includes(value)) this.references.push(new WeakRef(value));
  }

  remove(value: T): void {
    this.references = this.references.filter((reference) => reference.deref() !== value);
  }

  all(): T[] {
    this.references = this.references.filter((reference) => reference.deref() !== undefined);
    return this.references.flatMap((reference) => reference.deref() ?? []);
  }
}

/** The session of this process. */
export const session = new Session();

/** Makes variational autoencoders: `vae({...})` from layers, `vae.define({...})` from your own functions. */
export const vae = vaeIn(session.surroundings);
