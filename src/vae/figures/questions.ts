import { answer, type Answering } from "../host";
import type { TrainedModel } from "../models/model";
import { type ImageShape, imagesData, toImages, type Tones, tonesOf } from "./images";
import type { ImagesData } from "./imageGrid";

/** What a view may ask a figure, by name; the payload comes from outside and is checked by who answers. */
export type QuestionMap = Readonly<Record<string, (payload: unknown) => Promise<unknown>>>;

/** The part of a figure that answers its view's questions. */
export function answering(questions: QuestionMap): Answering {
  return {
    [answer]: async (question, payload) => {
      const ask = Object.hasOwn(questions, question) ? questions[question] : undefined;
      if (ask === undefined) {
        const known = Object.keys(questions).join(", ");
        throw new Error(`This figure has no answer to "${question}". It answers: ${known}.`);
      }
      return ask(payload);
    },
  };
}

export type Decoded = Pick<ImagesData, "images">;

/** More pictures than this are no answer to a gesture. */
const mostPoints = 1024;

/** Pictures of latent points, in the tones of the figure that asks. */
export function decoder(model: TrainedModel, shape: ImageShape, tones?: Tones) {
  return async (points: readonly (readonly number[])[]): Promise<Decoded> => {
    const values = await model.decodeAll(Float32Array.from(points.flat()));
    return { images: imagesData(toImages(values, shape, tones ?? tonesOf(values, model.likelihood))) };
  };
}

/** Rows of `width` finite numbers each, from outside. */
export function pointsOf(value: unknown, width: number): readonly (readonly number[])[] {
  const rows: readonly unknown[] = Array.isArray(value) ? value : [];
  if (rows.length === 0 || rows.length > mostPoints || !rows.every((row) => isPoint(row, width))) {
    throw new Error(
      `A question about points needs 1 to ${mostPoints} points of ${width} finite numbers each.`,
    );
  }
  return rows.filter((row): row is readonly number[] => isPoint(row, width));
}

const isPoint = (row: unknown, width: number): row is readonly number[] =>
  Array.isArray(row) && row.length === width && row.every((number) => Number.isFinite(number));

/** A field of a payload, whatever the payload is. */
export const field = (payload: unknown, name: string): unknown =>
  typeof payload === "object" && payload !== null ? Reflect.get(payload, name) : undefined;
