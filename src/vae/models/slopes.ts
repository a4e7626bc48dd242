import type { Agreement } from "./gradientCheck";

/** A loss along one line through the present weights, at signed distances from them. */
export interface Line {
  readonly loss: (distance: number) => Promise<number>;
  /** Derivative of the loss along the line, by the gradient that is checked. */
  readonly slope: (distance: number) => Promise<number>;
}

export interface SlopeScale {
  /** Half of the longest way that is tried. */
  readonly longest: number;
  /** What float32 may get wrong in a loss. */
  readonly lossRounding: number;
  readonly tolerance: number;
}

export interface SlopeComparison {
  readonly agreement: Agreement;
  readonly relativeError: number;
  readonly within: number;
  readonly gradient: number;
  readonly finiteDifference: number;
}

/** On the first way, rounding may be this part of what the tolerance allows; each next way is half as long. */
const roundingAtFirst = 1 / 4;
const ways = 3;
/** A way shorter than this part of the longest one would be lost in the rounding of the weights. */
const shortest = 1e-4;
/** Most parts that a way is cut into; each time into three times as many, so that the middles of before are middles again. */
const mostParts = 27;
/** With so many, a slope that goes to and fro between the middles is not overlooked. */
const fewestPartsToDiffer = mostParts;
/** An agreement to within this is worth telling where the tolerance is out of reach: no sign or factor is wrong. */
const roughly = 0.1;
/** What float32 may get wrong in a slope by the gradient, of the slope itself. */
const slopeRounding = 2 ** -16;

/**
 * Compares the change of a loss over a short way with the integral of its gradient along that way, by the midpoint rule:
 * for a loss with relus both are equal, corners or not, where a difference quotient and the gradient at one place are not.
 * How far the rule may err is told by the slopes themselves, and so a verdict is given where it is certain. Where it is
 * not, the way is cut into more parts, and then made shorter.
 */
export async function compareSlopes(line: Line, scale: SlopeScale): Promise<SlopeComparison> {
  const atStart = await line.slope(0);
  const first = scale.lossRounding / (roundingAtFirst * scale.tolerance * Math.abs(atStart));
  let reach = Math.min(scale.longest, Math.max(first, shortest * scale.longest)) || scale.longest;
  let sharpest: Measured | undefined;
  let suspected = false;
  for (let way = 0; way < ways; way++, reach /= 2) {
    const measured = await measure(line, scale, reach, atStart);
    if (measured.verdict === "agrees") return result("agrees", measured);
    if (measured.verdict === "differs") {
      // A shorter way has to say the same: a loss that jumps somewhere near is no mistake of the gradient here.
      if (suspected) return result("differs", measured);
      suspected = true;
    }
    if (!sharpest || !(measured.doubt / measured.size >= sharpest.doubt / sharpest.size)) sharpest = measured;
  }
  const last = sharpest;
  if (!last) throw new Error("A gradient check tries at least one way.");
  if (!Number.isFinite(atStart)) return result("differs", last);
  if (within(last) <= roughly) return result("agrees roughly", last);
  return result(last.rounding > last.doubt / 2 ? "too small" : "too uneven", last);
}

interface Measured {
  readonly verdict: "agrees" | "differs" | undefined;
  readonly gradient: number;
  readonly finiteDifference: number;
  readonly relativeError: number;
  /** What errors are relative to. */
  readonly size: number;
  /** How far the two slopes may lie apart although the gradient is right: by rounding alone, and with the rule's error. */
  readonly rounding: number;
  readonly doubt: number;
}

async function measure(line: Line, scale: SlopeScale, reach: number, atStart: number): Promise<Measured> {
  const change = (await line.loss(reach)) - (await line.loss(-reach));
  const finiteDifference = change / (2 * reach);
  let middles: readonly number[] = [atStart];
  for (;;) {
    middles = await thirds(middles, reach, line.slope);
    const parts = middles.length;
    const gradient = middles.reduce((sum, slope) => sum + slope, 0) / parts;
    const size = Math.max(Math.abs(gradient), Math.abs(finiteDifference));
    const rounding = scale.lossRounding / reach + slopeRounding * size;
    const jumps = unevenness(middles);
    const doubt = rounding + jumps / parts;
    const error = Math.abs(finiteDifference - gradient);
    const allowed = scale.tolerance * size;
    const agrees = error + doubt <= allowed || (error === 0 && jumps === 0);
    const differs = parts >= fewestPartsToDiffer && error - 2 * doubt > allowed;
    const measured = {
      verdict: agrees ? ("agrees" as const) : differs ? ("differs" as const) : undefined,
      gradient,
      finiteDifference,
      relativeError: error === 0 ? 0 : Number.isFinite(error) ? error / size : Infinity,
      size,
      rounding,
      doubt,
    };
    const finest = rounding + jumps / mostParts;
    const worthMoreParts = parts < mostParts && finest <= Math.max(allowed, error / 3);
    if (measured.verdict !== undefined || !worthMoreParts) return measured;
  }
}

/**
 * What the midpoint rule may err by, times the parts. A steady change of the slope costs it nothing; a jump in a part
 * costs at most half of the jump by the part's length, and several jumps, each somewhere in its part, add up like
 * independent errors.
 */
function unevenness(slopes: readonly number[]): number {
  const changes = slopes.slice(1).map((slope, i) => slope - (slopes[i] ?? slope));
  const steady = changes.reduce((sum, change) => sum + change, 0) / changes.length;
  return Math.sqrt(changes.reduce((sum, change) => sum + (change - steady) ** 2, 0));
}

/** The slopes in the middles of three times as many parts. */
async function thirds(middles: readonly number[], reach: number, slope: Line["slope"]): Promise<number[]> {
  const parts = 3 * middles.length;
  const finer: number[] = [];
  for (let part = 0; part < parts; part++) {
    const known = part % 3 === 1 ? middles[(part - 1) / 3] : undefined;
    finer.push(known ?? (await slope(reach * ((2 * part + 1) / parts - 1))));
  }
  return finer;
}

const within = ({ relativeError, doubt, size }: Measured): number =>
  size === 0 ? 0 : relativeError + doubt / size;

const result = (agreement: Agreement, measured: Measured): SlopeComparison => {
  const { relativeError, gradient, finiteDifference } = measured;
  return { agreement, relativeError, within: within(measured), gradient, finiteDifference };
};
