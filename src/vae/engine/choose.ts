import * as tf from "@tensorflow/tfjs";
import { createEagerEngine } from "./eager/engine";
import { findTfjsNode } from "./eager/tfjsNode";
import type { Engine } from "./engine";
import { correctGradients } from "./gradients";
import { eagerBackends, loadBackend, type EagerBackend } from "./tfjs";

export const engineNames = ["compiled", ...eagerBackends] as const;
export type EngineName = (typeof engineNames)[number];

export interface EngineReport {
  readonly name: EngineName;
  /** One sentence: what runs and why. */
  readonly why: string;
  /** What `tf` in cells runs on, once it was asked for. */
  readonly cells?: { readonly backend: EagerBackend; readonly why: string };
}

export interface EnginesOptions {
  /** Takes sentences for the person: that something runs elsewhere than asked, and why. */
  readonly notice?: (text: string) => void;
  /** Makes the compiled engine; it may fail where its native library does not load. */
  readonly compiled?: (notice: (text: string) => void) => Promise<Engine>;
}

/**
 * Which engine runs, and why: the compiled one unless the person chose another, or the machine cannot run it. Each
 * engine is made once.
 */
export class Engines {
  private chosen: EngineName = "compiled";
  private readonly made = new Map<EngineName, Promise<Engine>>();
  private inForce: Engine | undefined;
  private cells: EngineReport["cells"];
  private readonly notice: (text: string) => void;
  private readonly compiled: NonNullable<EnginesOptions["compiled"]>;

  constructor({ notice = (text) => console.warn(text), compiled = compiledEngine }: EnginesOptions = {}) {
    this.notice = notice;
    this.compiled = compiled;
  }

  /** The engine in force, or the one that will be tried first. */
  get name(): EngineName {
    return this.report.name;
  }

  /** What `session.engine` shows. */
  get report(): EngineReport {
    const name = engineNames.find((known) => known === this.inForce?.name) ?? this.chosen;
    const why = this.inForce?.why ?? "The default; it starts when a model first runs.";
    return { name, why, ...(this.cells && { cells: this.cells }) };
  }

  /** The engine in force; made when it is first needed. Where the compiled engine does not start, an eager one. */
  async current(): Promise<Engine> {
    if (this.inForce) return this.inForce;
    const made = await this.make(this.chosen).catch((error: unknown) => {
      if (this.chosen !== "compiled") throw error;
      return this.instead(`The compiled engine does not start here: ${messageOf(error)}`);
    });
    // A person may have chosen another one meanwhile.
    return (this.inForce ??= made);
  }

  /**
   * Switches to an engine by name; for an eager one, `tf` in cells goes with it.
   *
   * @throws Error if there is no such engine, or it is not installed; the engine in force stays.
   */
  async use(name: string): Promise<EngineReport> {
    const known = engineNames.find((candidate) => candidate === name);
    if (!known) {
      throw new Error(`There is no engine "${name}". Use one of: ${engineNames.join(", ")}.`);
    }
    const engine = await this.make(known);
    this.chosen = known;
    this.inForce = engine;
    if (known !== "compiled") await this.moveCells(known, engine.why);
    return this.report;
  }

  /** The engine for a model that the compiled engine refused; says so. */
  fallback(refusal: Error): Promise<Engine> {
    return this.instead(refusal.message);
  }

  /**
   * Gives `tf` in cells the fastest backend there is: tfjs-node where it is installed, else wasm, else cpu. To be awaited
   * before a cell's first operation.
   */
  async prepareCells(): Promise<void> {
    if (this.cells) return;
    const { backend, why } = await bestBackend(this.notice);
    await this.moveCells(backend, why);
  }

  private async moveCells(backend: EagerBackend, why: string): Promise<void> {
    const { tfjsName } = await loadBackend(backend, this.notice);
    await tf.setBackend(tfjsName);
    this.cells = { backend, why };
  }

  /** The best eager engine, and a notice. */
  private async instead(refusal: string): Promise<Engine> {
    const reason = sentence(refusal);
    const { backend } = await bestBackend(this.notice);
    this.notice(`${reason} It runs on the eager engine (${backend}) instead, more slowly.`);
    const { notice } = this;
    return createEagerEngine(backend, { notice, why: `${reason} So it runs on TensorFlow.js (${backend}).` });
  }

  private make(name: EngineName): Promise<Engine> {
    const { notice } = this;
    const engine =
      this.made.get(name) ??
      (name === "compiled" ? this.compiled(notice) : createEagerEngine(name, { notice }));
    this.made.set(name, engine);
    engine.catch(() => this.made.delete(name));
    return engine;
  }
}

/** The fastest backend that loads, with what was passed over on the way. */
async function bestBackend(
  notice: (text: string) => void,
): Promise<{ readonly backend: EagerBackend; readonly why: string }> {
  const passed: string[] = [];
  for (const backend of eagerBackends) {
    if (backend === "tfjs-node" && findTfjsNode() === undefined) {
      passed.push("tfjs-node is not installed");
      continue;
    }
    try {
      const { description } = await loadBackend(backend, notice);
      return { backend, why: [`${description}.`, ...passed.map(sentence)].join(" ") };
    } catch (error) {
      passed.push(messageOf(error));
      notice(sentence(messageOf(error)));
    }
  }
  throw new Error(`No TensorFlow.js backend starts here: ${passed.join("; ")}.`);
}

/** Loaded when it is needed: its native library takes a moment, and may be missing for a platform. */
async function compiledEngine(notice: (text: string) => void): Promise<Engine> {
  correctGradients();
  const [{ createCompiledEngine }, { onnxRuntime }] = await Promise.all([
    import("./compiled"),
    import("./compiled/session"),
  ]);
  // Where the library is missing for a platform, it says so here: another engine can still take over.
  await onnxRuntime();
  return createCompiledEngine({ notice });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
