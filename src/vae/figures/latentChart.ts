import { colourOf, neutral } from "./colours";
import { counted, whole } from "./format";
import type { LatentAxis } from "./latentAxes";
import { numbers } from "./numbers";
import { axis, type Chart } from "./plotly";

interface LatentPlane {
  readonly title: string;
  readonly across: LatentAxis;
  readonly up: LatentAxis;
  readonly labels?: { readonly names: readonly string[]; readonly of: ArrayLike<number> };
}

/** Above this, points are drawn by WebGL and no longer as SVG. */
const mostForSvg = 4_000;
/** More points are thinned in this face: our own view draws them all. */
const mostDrawn = 60_000;

/** One trace per class, so that the legend filters, and each class's name where its points are. */
export function latentChart({ title, across, up, labels }: LatentPlane): Chart {
  const [x, y] = [across.coordinates(), up.coordinates()];
  const missing = missingText(x, y);
  const stride = Math.ceil(x.length / mostDrawn);
  const classes = labels?.names.map((name, label) => ({ name, label })) ?? [{ name: "examples", label: -1 }];
  const groups = classes.map(({ name, label }) => {
    const members: number[] = [];
    for (let i = 0; i < x.length; i += stride) {
      if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) continue;
      if (labels === undefined || labels.of[i] === label) members.push(i);
    }
    return {
      name,
      x: Float32Array.from(members, (i) => x[i] ?? 0),
      y: Float32Array.from(members, (i) => y[i] ?? 0),
    };
  });
  const type = x.length > mostForSvg ? "scattergl" : "scatter";
  return {
    data: groups.map(({ name, x, y }, label) => ({
      type,
      mode: "markers",
      name,
      x: numbers(x),
      y: numbers(y),
      marker: { color: colourOf(label), size: x.length > mostForSvg ? 3 : 5, opacity: 0.75 },
      hovertemplate: `${across.name} %{x:.2f}, ${up.name} %{y:.2f}<extra>${name}</extra>`,
    })),
    layout: {
      title: { text: missing === undefined ? title : `${title}<br><sub>${missing}</sub>` },
      height: 560,
      xaxis: axis(axisTitle(across)),
      yaxis: axis(axisTitle(up), { scaleanchor: up.kind === across.kind ? "x" : undefined }),
      legend: { itemsizing: "constant" },
      annotations: labels === undefined ? [] : groups.filter((group) => group.x.length > 0).map(nameTag),
    },
  };
}

const axisTitle = ({ name, explained }: LatentAxis): string =>
  explained === undefined ? name : `${name} (${Math.round(explained * 100)} % of the variance)`;

const nameTag = (group: { readonly name: string; readonly x: Float32Array; readonly y: Float32Array }) => ({
  x: median(group.x),
  y: median(group.y),
  text: `<b>${group.name}</b>`,
  showarrow: false,
  bgcolor: "rgba(255, 255, 255, 0.75)",
  bordercolor: neutral,
  borderpad: 2,
  font: { color: "#202020" },
});

const median = (values: Float32Array): number => Float32Array.from(values).sort()[values.length >> 1] ?? 0;

/** Why an example has no place, in words that name the likely cause. */
export const whyMissing =
  "the encoder gives NaN or infinity there. The data may hold a NaN, or the training diverged.";

/** What to say where some points have no place; nothing where all have one. */
export function missingText(x: Float32Array, y: Float32Array): string | undefined {
  let missing = 0;
  for (let i = 0; i < x.length; i++) if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) missing++;
  if (missing === 0) return undefined;
  return `${whole(missing)} of ${counted(x.length, "example")} not shown: ${whyMissing}`;
}
