import { requireOptions, written } from "../options";

/**
 * How a number changes over a training run. Named schedules are plain values, so that a checkpoint can hold them; a
 * function of the step is a schedule too, but whoever resumes the run has to give it again.
 */
export type Schedule =
  | number
  | { readonly kind: "warm-up"; readonly to: number; readonly steps?: number; readonly epochs?: number }
  | {
      readonly kind: "cyclic";
      readonly to: number;
      readonly cycles: number;
      readonly rise: number;
    }
  | { readonly kind: "cosine"; readonly from: number; readonly to: number }
  | { readonly kind: "exponential"; readonly from: number; readonly rate: number; readonly epochs: number }
  | ((at: Moment) => number);

/** Where in the run a step stands. */
export interface Moment {
  /** The step about to be taken, from 0. */
  readonly step: number;
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
}

/**
 * A straight line from 0 to `to` over the first `epochs` (or `steps`), then constant: for `beta`, the KL warm-up of
 * Bowman et al. 2016 and Sønderby et al. 2016, which lets the decoder learn to use the code before the KL prunes it.
 */
export function warmUp(over: { epochs: number; to?: number } | { steps: number; to?: number }): Schedule {
  requireOptions("warmUp", over, { epochs: true, steps: true, to: true });
  if ("epochs" in over && "steps" in over)
    throw new Error("warmUp was given two lengths, epochs and steps. Leave one of them out.");
  const length = "epochs" in over ? over.epochs : over.steps;
  if (!(length > 0))
    throw new RangeError(`warmUp needs a length above 0, not ${length}: warmUp({ epochs: 5 }), for example.`);
  return { kind: "warm-up", to: 1, ...over };
}

/**
 * `cycles` times over the run: from 0 up to `to` during the first `rise` (a fraction) of the cycle, then constant: the
 * cyclical annealing of Fu et al. 2019.
 */
export function cyclic(
  options: { readonly cycles?: number; readonly rise?: number; readonly to?: number } = {},
): Schedule {
  requireOptions("cyclic", options, { cycles: true, rise: true, to: true });
  const { cycles = 4, rise = 0.5, to = 1 } = options;
  if (!(cycles > 0) || !(rise > 0 && rise <= 1))
    throw new RangeError(
      `cyclic needs cycles above 0 and rise in (0, 1], not cycles ${cycles} and rise ${rise}.`,
    );
  return { kind: "cyclic", to, cycles, rise };
}

/** Half a cosine wave from `from` to `to` over the whole run (Loshchilov and Hutter 2017): for `learningRate`. */
export function cosine(options: { readonly from: number; readonly to?: number }): Schedule {
  requireOptions("cosine", options, { from: true, to: true });
  const { from, to = 0 } = options;
  requireNumber("cosine", "from", from);
  return { kind: "cosine", from, to };
}

/** Multiplies by `rate` every `epochs` epochs, smoothly, starting at `from`: for `learningRate`. */
export function exponential(options: {
  readonly from: number;
  readonly rate: number;
  readonly epochs?: number;
}): Schedule {
  requireOptions("exponential", options, { from: true, rate: true, epochs: true });
  const { from, rate, epochs = 1 } = options;
  requireNumber("exponential", "from", from);
  requireNumber("exponential", "rate", rate);
  return { kind: "exponential", from, rate, epochs };
}

function requireNumber(schedule: string, name: string, value: unknown): void {
  if (typeof value === "number" && Number.isFinite(value)) return;
  throw new RangeError(
    `${schedule} needs ${name} to be a number, but it is ${value === undefined ? "missing" : written(value)}.`,
  );
}

/** What a person may have meant to call. */
const makers = new Set<unknown>([warmUp, cyclic, cosine]);
const ofBeta = ["warmUp({ epochs: 5 })", "({ step }) => (step < 1000 ? 0 : 1)"];
const ofRate = ["cosine({ from: 1e-3 })", "({ step }) => (step < 1000 ? 1e-3 : 1e-4)"];

const kinds = ["warm-up", "cyclic", "cosine", "exponential"];

/** @throws TypeError if it is neither a number nor a schedule nor a function, RangeError if it is a number below 0 */
export function requireSchedule(name: string, value: unknown): asserts value is Schedule {
  if (typeof value === "function") {
    if (makers.has(value))
      throw new TypeError(`${name} is the function ${value.name} itself. Call it: ${value.name}(...).`);
    return;
  }
  if (typeof value === "number") {
    if (Number.isFinite(value) && value >= 0) return;
    throw new RangeError(`${name} must be 0 or more, but is ${value}.`);
  }
  const isSchedule =
    typeof value === "object" && value !== null && "kind" in value && kinds.includes(String(value.kind));
  if (isSchedule) {
    if (name !== "beta" && value.kind === "warm-up" && "to" in value && value.to === 1)
      throw new RangeError(
        `This warmUp raises the learning rate to 1. Say how far: warmUp({ epochs: 5, to: 1e-3 }).`,
      );
    return;
  }
  const [schedule, fn] = name === "beta" ? ofBeta : ofRate;
  throw new TypeError(
    `${name} must be a number, a schedule such as ${schedule}, or a function such as ${fn}, but is ${written(value)}.`,
  );
}

/** `(step) => step < 100 ? 0 : 1` would compare an object with a number, which is false without a word. */
const noNumber = {
  value: (): never => {
    throw new TypeError(
      "A schedule's function is given an object, { step, totalSteps, stepsPerEpoch }: write ({ step }) => ..., with braces.",
    );
  },
};

/** The schedule's value at a moment. */
export function valueAt(schedule: Schedule, at: Moment): number {
  if (typeof schedule === "number") return schedule;
  if (typeof schedule === "function")
    return schedule(Object.defineProperty({ ...at }, Symbol.toPrimitive, noNumber));
  switch (schedule.kind) {
    case "warm-up": {
      const length = schedule.steps ?? (schedule.epochs ?? 1) * at.stepsPerEpoch;
      return schedule.to * Math.min(1, at.step / length);
    }
    case "cyclic": {
      const position = (at.step * schedule.cycles) / at.totalSteps;
      return schedule.to * Math.min(1, (position - Math.floor(position)) / schedule.rise);
    }
    case "cosine": {
      const progress = Math.min(1, at.step / Math.max(1, at.totalSteps - 1));
      return schedule.to + ((schedule.from - schedule.to) * (1 + Math.cos(Math.PI * progress))) / 2;
    }
    case "exponential":
      return schedule.from * schedule.rate ** (at.step / (schedule.epochs * at.stepsPerEpoch));
  }
}
