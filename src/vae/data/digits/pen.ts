import { normal, type Random } from "../exampleRandom";
import type { ControlPoint, Form, Stroke } from "./glyphs";

/** A point of a drawn line, in any unit, with the pen's pressure there (about 1). */
export interface InkPoint {
  readonly x: number;
  readonly y: number;
  readonly pressure: number;
}

export type Line = readonly InkPoint[];

/**
 * Writes a form as a hand would: control points wander, curves are rounder or tighter, the whole leans, turns, narrows
 * and bends a little, strokes start and end early or late, and the pressure changes on the way.
 * @param step about how long the straight pieces of a line may be, in the unit of the form.
 * @returns one line per stroke, in the unit of the form.
 */
export function write(form: Form, random: Random, step: number): Line[] {
  const roundness = 1 + 0.22 * normal(random);
  const place = hand(random);
  const unsteadiness = 0.02 + 0.02 * random();
  return form.strokes.map((stroke) => {
    const points = wandering(stroke, unsteadiness, random).map(place);
    const pressure = pressureAlong(random);
    const tips = [random() < 0.5 ? 0 : 0.25 * random(), random() < 0.5 ? 0 : 0.25 * random()] as const;
    return smooth(points, { roundness, step, pressure, tips });
  });
}

/** What a writer's hand does to the whole digit: a smooth map of the plane, so that strokes that met still meet. */
function hand(random: Random): (point: ControlPoint) => ControlPoint {
  const slant = 0.12 + 0.2 * normal(random);
  const angle = 0.07 * normal(random);
  const width = 0.86 * Math.exp(0.17 * normal(random));
  const waves = [bend(random), bend(random)];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return ([x0, y0, kind]) => {
    let x = width * (x0 - 0.5) - slant * (y0 - 0.5);
    let y = y0 - 0.5;
    for (const wave of waves) [x, y] = wave(x, y);
    return [cos * x - sin * y, sin * x + cos * y, kind];
  };
}

/** A shift that swings slowly across the plane. */
function bend(random: Random): (x: number, y: number) => readonly [number, number] {
  const across = 2 * Math.PI * random();
  const towards = 2 * Math.PI * random();
  const phase = 2 * Math.PI * random();
  const frequency = 2 + 3 * random();
  const amplitude = 0.022 * normal(random);
  const [acrossX, acrossY] = [frequency * Math.cos(across), frequency * Math.sin(across)];
  const [shiftX, shiftY] = [amplitude * Math.cos(towards), amplitude * Math.sin(towards)];
  return (x, y) => {
    const swing = Math.sin(phase + acrossX * x + acrossY * y);
    return [x + swing * shiftX, y + swing * shiftY];
  };
}

function wandering(stroke: Stroke, unsteadiness: number, random: Random): ControlPoint[] {
  return stroke.map(([x, y, kind], index) => {
    const isTip = index === 0 || index === stroke.length - 1;
    const reach = unsteadiness * (isTip ? 1.5 : 1);
    return [x + reach * normal(random), y + reach * normal(random), kind];
  });
}

function pressureAlong(random: Random): (along: number) => number {
  const phase = 2 * Math.PI * random();
  const depth = 0.16 * random();
  const lift = 0.25 * random();
  return (along) => (1 + depth * Math.sin(phase + 4 * along)) * (1 - lift * along * along * along);
}

interface Drawing {
  readonly roundness: number;
  readonly step: number;
  readonly pressure: (along: number) => number;
  /** Which part of the first and of the last span stays undrawn. */
  readonly tips: readonly [start: number, end: number];
}

/**
 * A curve through the points: cubic Hermite spans, whose tangent at a point has the direction from its predecessor to
 * its successor and the length of the span (so unevenly spaced points make no loops); at corners and tips, the
 * direction of the span itself.
 */
function smooth(points: Stroke, { roundness, step, pressure, tips }: Drawing): Line {
  const line: InkPoint[] = [];
  const spans = points.length - 1;
  for (let span = 0; span < spans; span++) {
    const from = points[span];
    const to = points[span + 1];
    if (!from || !to) continue;
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    const before = from[2] === "corner" ? from : (points[span - 1] ?? from);
    const after = to[2] === "corner" ? to : (points[span + 2] ?? to);
    const leave = tangent(before, to, roundness * length);
    const arrive = tangent(from, after, roundness * length);
    const start = span === 0 ? tips[0] : 0;
    const end = span === spans - 1 ? 1 - tips[1] : 1;
    const pieces = Math.max(2, Math.ceil(length / step));
    for (let piece = span === 0 ? 0 : 1; piece <= pieces; piece++) {
      const t = start + ((end - start) * piece) / pieces;
      const u = 1 - t;
      const a = (1 + 2 * t) * u * u;
      const b = t * u * u;
      const c = t * t * (3 - 2 * t);
      const d = -t * t * u;
      line.push({
        x: a * from[0] + b * leave[0] + c * to[0] + d * arrive[0],
        y: a * from[1] + b * leave[1] + c * to[1] + d * arrive[1],
        pressure: pressure((span + t) / spans),
      });
    }
  }
  return line;
}

function tangent(from: ControlPoint, to: ControlPoint, length: number): readonly [number, number] {
  const x = to[0] - from[0];
  const y = to[1] - from[1];
  const factor = length / (Math.sqrt(x * x + y * y) || 1);
  return [x * factor, y * factor];
}
