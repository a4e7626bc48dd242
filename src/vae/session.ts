import type { Dataset } from "./data/dataset";
import type { Engine } from "./engine/engine";
import { createCompiledEngine } from "./engine/compiled";
import { createEagerEngine } from "./engine/eager/engine";
import type { EngineSource } from "./models/machine";
import type { Model } from "./models/model";
import type { Surroundings } from "./models/surroundings";
import { vaeIn } from "./models/vae";
import { setSessionSeed, sessionSeed } from "./random/seed";
import type { Run } from "./training/run";

class Engines implements EngineSource {
  private chosen: Promise<Engine> | undefined;
  name = "compiled";
  current(): Promise<Engine> {
    return (this.chosen ??= Promise.resolve(createCompiledEngine()));
  }
  async use(name: string) {
    this.name = name;
    this.chosen = name === "compiled" ? Promise.resolve(createCompiledEngine()) : createEagerEngine(name as "cpu");
    await this.chosen;
  }
  async fallback(refusal: Error): Promise<Engine | undefined> {
    console.warn(refusal.message);
    return createEagerEngine("wasm");
  }
}

export class Session {
  readonly models: Model[] = [];
  readonly runs: Run[] = [];
  readonly datasets: Dataset[] = [];
  readonly engines = new Engines();
  readonly surroundings: Surroundings = {
    engines: this.engines,
    adopt: (model) => this.models.push(model),
    release: (model) => this.models.splice(this.models.indexOf(model), 1),
    sees: (data) => {
      if (!this.datasets.includes(data)) this.datasets.push(data);
    },
    starts: ({ run }) => {
      this.runs.push(run);
      return undefined;
    },
  };
  seed(seed: number): void {
    setSessionSeed(seed);
  }
  get currentSeed() {
    return sessionSeed();
  }
  use(name: string) {
    return this.engines.use(name);
  }
}

export const session = new Session();
export const vae = vaeIn(session.surroundings);
