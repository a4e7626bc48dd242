import type { Dataset } from "../data/dataset";
import { requireDataset } from "../data/requireDataset";
import type { Answering } from "../host";
import type { TrainedModel } from "../models/model";
import { requireOptions, written } from "../options";
import { colourOf } from "./colours";
import { requireModel } from "./requirements";
import { type Figure, figure, once } from "./figure";
import { counted, nats } from "./format";
import { imagesData, joinImages, pictureShape, toImages, tonesOfRange } from "./images";
import { axisData, type AxisData, latentAxes, type LatentAxis, placeOn } from "./latentAxes";
import { latentChart, missingText, whyMissing } from "./latentChart";
import { numbers, type Numbers } from "./numbers";
import { chart } from "./plotly";
import { answering, decoder, field, pointsOf } from "./questions";
import { classCharacter, scatterText } from "./scatterText";

export interface LatentSpaceOptions {
  /** The two axes shown first: dimensions by number, principal components as "PC 1". Default: the most telling two. */
  readonly axes?: readonly [number | string, number | string];
}

export interface LatentData {
  readonly title: string;
  readonly count: number;
  readonly axes: readonly AxisData[];
  readonly moreAxes: readonly string[];
  readonly labels?: {
    readonly names: readonly string[];
    readonly colours: readonly string[];
    readonly of: Numbers;
  };
  /** Said after how many examples have no place on the axes that are seen. */
  readonly whyMissing: string;
  readonly questions: readonly ["decodePlane", "example", "axis"];
}

export type LatentFigure = Figure<"latent", LatentData> & Answering;

/**
 * Where the encoder puts the examples: one point per posterior mean, coloured by label. With two latent dimensions those
 * are the axes; with more the first principal components, and every dimension can be chosen. While the session lives,
 * pointing at the plane shows what the point decodes to (dimensions off the plane stay at their average). Examples that
 * the encoder gives NaN or infinity for are left out and counted.
 *
 * @throws RangeError if an axis is asked for that the model does not have.
 */
export async function latentSpace(
  model: TrainedModel,
  data: Dataset,
  options: LatentSpaceOptions = {},
): Promise<LatentFigure> {
  requireModel("plot.latentSpace", model);
  requireDataset("plot.latentSpace", data);
  requireOptions("plot.latentSpace", options, { axes: true });
  const posteriors = await model.posterior(data);
  const { centre, axes: found } = latentAxes(posteriors, model.latent);
  const axes = chosenFirst(found, options.axes ?? []);
  const [first, second = first] = axes;
  if (first === undefined || second === undefined)
    throw new RangeError(`${model.name} has no latent dimension to draw.`);

  const title = `Latent space of ${model.name}: ${data.name}`;
  const labels = labelsOf(data);
  const inline = axes.slice(0, Math.max(2, Math.floor(axisBudget / (data.size * bytesPerPoint))));
  const shape = pictureShape(model.input, data.shape);
  const tones = tonesOfRange(data.range);
  const decode = decoder(model, shape, tones);
  const named = (name: unknown): LatentAxis => {
    const axis = axes.find((candidate) => candidate.name === name);
    if (axis === undefined) throw new RangeError(unknownAxis(String(name), axes));
    return axis;
  };

  const drawn = figure({
    view: "latent",
    data: once((): LatentData => ({
      title,
      count: data.size,
      axes: inline.map(axisData),
      moreAxes: axes.slice(inline.length).map(({ name }) => name),
      ...(labels && {
        labels: {
          names: labels.names,
          colours: labels.names.map((_, label) => colourOf(label)),
          of: numbers(labels.of),
        },
      }),
      whyMissing,
      questions: ["decodePlane", "example", "axis"],
    })),
    standard: once(() => chart(latentChart({ title, across: first, up: second, ...(labels && { labels }) }))),
    text: once(() => {
      const [x, y] = [first.coordinates(), second.coordinates()];
      const legend = labels
        ? `\n${labels.names.map((name, i) => (name === classCharacter(i) ? name : `${classCharacter(i)} ${name}`)).join("  ")}`
        : "";
      const plot = scatterText(x, y, labels && ((point) => labels.of[point] ?? 0));
      const missing = missingText(x, y);
      const note = missing === undefined ? "" : `\n${missing}`;
      return `${title}\n${counted(data.size, "posterior mean")}, ${axisText(first)} to the right, ${axisText(second)} up${note}\n${plot}${legend}`;
    }),
  });
  return Object.assign(
    drawn,
    answering({
      decodePlane: async (payload) => {
        const names = field(payload, "axes");
        const [across, up] = Array.isArray(names) ? [named(names[0]), named(names[1])] : [first, second];
        const at = pointsOf(field(payload, "at"), 2);
        return decode(
          at.map(([x = 0, y = 0]) =>
            placeOn(centre, [
              [across, x],
              [up, y],
            ]),
          ),
        );
      },
      example: async (payload) => {
        const { index, values } = exampleOf(data, field(payload, "index"));
        const mean = posteriors.mean.slice(index * model.latent, (index + 1) * model.latent);
        const rebuilt = toImages(await model.decodeAll(mean), shape, tones);
        return { images: imagesData(joinImages(toImages(values, shape, tones), rebuilt)) };
      },
      axis: (payload) => Promise.resolve({ axis: axisData(named(field(payload, "name"))) }),
    }),
  );
}

/** 16 bits in base64. */
const bytesPerPoint = 8 / 3;
/** With labels and the plotly face, 60,000 points then stay below 2 MB. */
const axisBudget = 1_000_000;

function chosenFirst(
  axes: readonly LatentAxis[],
  wanted: readonly (number | string)[],
): readonly LatentAxis[] {
  if (!Array.isArray(wanted))
    throw new TypeError(
      `axes is a list of two, such as [0, 1] or ["PC 1", "PC 2"], but is ${written(wanted)}.`,
    );
  const chosen = wanted.map((name: number | string) => {
    const axis = axes.find(
      (candidate) => candidate.name === (typeof name === "number" ? `z[${name}]` : name),
    );
    if (axis === undefined) throw new RangeError(unknownAxis(String(name), axes));
    return axis;
  });
  return [...chosen, ...axes.filter((axis) => !chosen.includes(axis))];
}

const unknownAxis = (name: string, axes: readonly LatentAxis[]): string =>
  `plot.latentSpace: there is no axis "${name}". There are ${axes.map((axis) => axis.name).join(", ")}.`;

const axisText = ({ name, kl, explained }: LatentAxis): string => {
  if (kl !== undefined && Number.isFinite(kl)) return `${name} (KL ${nats(kl)} nats)`;
  return explained === undefined ? name : `${name} (${Math.round(explained * 100)} % of the variance)`;
};

function labelsOf({
  labels,
  size,
}: Dataset): { names: readonly string[]; of: Uint8Array | Uint16Array } | undefined {
  if (labels === undefined) return undefined;
  const of = labels.names.length <= 256 ? new Uint8Array(size) : new Uint16Array(size);
  for (let i = 0; i < size; i++) of[i] = labels.of(i);
  return { names: labels.names, of };
}

function exampleOf(data: Dataset, index: unknown): { readonly index: number; readonly values: Float32Array } {
  if (typeof index !== "number" || !Number.isInteger(index) || index < 0 || index >= data.size) {
    throw new RangeError(`There is no example ${String(index)}: ${data.name} has ${data.size}.`);
  }
  const values = new Float32Array(data.valuesPerExample);
  data.read([index], values);
  return { index, values };
}
