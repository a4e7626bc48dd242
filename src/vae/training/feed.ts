import type { Dataset } from "../data/dataset";
import type { StepFunction, Values } from "../engine/engine";
import { stream, type RandomStream } from "../random";
import { ExampleOrder } from "./order";
import { momentOf, type Plan } from "./plan";
import { written } from "../options";
import { valueAt, type Schedule } from "./schedules";

/**
 * What a training step is fed: examples, noise and the KL's weight, as a function of the step alone. A step that is
 * taken again, after a crash or to find where a NaN came from, gets the same numbers.
 */
export class Feed {
  private readonly values: Readonly<Record<string, Float32Array>>;
  private readonly order: ExampleOrder;
  private readonly noise: readonly { readonly into: Float32Array; readonly fill: (draw: number) => void }[];

  constructor(
    step: StepFunction,
    data: Dataset,
    private readonly plan: Plan,
  ) {
    const { seed, batchSize, runsBefore } = plan;
    this.order = new ExampleOrder(data, batchSize, stream(seed, `order of run ${runsBefore}`), runsBefore);
    this.values = Object.fromEntries(
      Object.entries(step.inputs).map(([name, shape]) => [
        name,
        new Float32Array(shape.reduce((product, length) => product * length, 1)),
      ]),
    );
    this.noise = Object.entries(this.values)
      .filter(([name]) => name !== "x" && name !== "beta")
      .map(([name, into]) => {
        const random: RandomStream = stream(seed, `training ${name}`);
        const fill = (draw: number) =>
          name === "noise" ? random.fillNormal(into, draw) : random.fillUniform(into, draw);
        return { into, fill };
      });
  }

  /** The inputs of a step of this run. The arrays are the same each time; the next call overwrites them. */
  inputs(step: number): Values {
    const { x, beta } = this.values;
    if (x) this.order.read(step, x);
    if (beta) beta[0] = this.beta(step);
    for (const { fill } of this.noise) fill(this.plan.stepsBefore + step);
    return this.values;
  }

  beta(step: number): number {
    return this.valueAt(step, "beta", this.plan.beta);
  }

  learningRate(step: number): number {
    return this.valueAt(step, "The learning rate", this.plan.learningRate);
  }

  private valueAt(step: number, name: string, schedule: Schedule): number {
    const value = valueAt(schedule, momentOf(this.plan, step));
    if (Number.isFinite(value) && value >= 0) return value;
    throw new RangeError(
      `${name} at step ${step} must be 0 or more, but the schedule gave ${written(value)}.` +
        (typeof schedule === "function" ? " Its function is given { step, totalSteps, stepsPerEpoch }." : ""),
    );
  }
}
