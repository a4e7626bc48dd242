import type { LatentAxis, LatentView } from "../../protocol/views";
import { element, panel } from "../elements";
import { livePicture } from "../livePicture";
import { decode, nats, type TypedNumbers, unscale, whole } from "../numbers";
import { chartIn } from "../plotly";
import { onPlotPoint } from "../plotEvents";
import { shortNumber, sliders } from "../sliders";
import { chartAxis, chartLayout, colourOf } from "../theme";
import type { Mount, ThemeColours } from "../view";

/** Above this many points the plane is drawn by WebGL, and above that with the smallest points, which fill fastest. */
const mostForSvg = 4_000;
const mostForMediumPoints = 200_000;

/**
 * One point per example on two axes that can be chosen, coloured by label. Pointing decodes the point under the pointer,
 * or shows the example there beside its reconstruction; box and lasso count what they hold.
 */
export const latent: Mount<LatentView> = (root, first, { ask, theme }) => {
  let data = first;
  let known = new Map<string, LatentAxis>();
  let labels: TypedNumbers | undefined;
  const box = element("div", {
    class: "vaenb-chart",
    role: "group",
    "aria-label": "plane of points",
    style: "height: 460px",
  });
  const across = element("select", { "aria-label": "axis to the right", onchange: () => void choose() });
  const up = element("select", { "aria-label": "axis upwards", onchange: () => void choose() });
  const selection = element("p", { class: "vaenb-note", "aria-live": "polite" });
  const live = livePicture("Point at the plane to decode the point under the pointer.");
  const controls = element("div");
  let point: ReturnType<typeof sliders> | undefined;
  const chart = chartIn(box, () => {
    onPlotPoint(box, {
      plane: (x, y) => {
        point?.set([x, y]);
        decodeAt(x, y);
      },
      example: (index) => live.ask(() => ask("example", { index }), exampleCaption(index)),
      selected: (indices) => {
        selection.textContent = indices === undefined ? "" : selectionText(indices, data, labels);
      },
    });
  });

  const decodeAt = (x: number, y: number): void => {
    const axes = [across.value, up.value] as const;
    const caption = `${axes[0]} = ${shortNumber(x)}, ${axes[1]} = ${shortNumber(y)}`;
    live.ask(() => ask("decodePlane", { axes, at: [[x, y]] }), caption);
  };
  const exampleCaption = (index: number): string => {
    const name = data.labels?.names[labels?.[index] ?? -1];
    return `example ${index}${name === undefined ? "" : `, labelled ${name}`}, and its reconstruction`;
  };

  /** The axis by name; one that was not sent along is asked for. */
  const axisOf = async (name: string): Promise<LatentAxis> => {
    const axis = known.get(name) ?? (await ask("axis", { name })).axis;
    known.set(name, axis);
    return axis;
  };
  const choose = async (): Promise<void> => {
    try {
      drawPlane(await axisOf(across.value), await axisOf(up.value));
    } catch {
      selection.textContent =
        "This axis was too large to keep with the notebook: run the cell again to see it.";
    }
  };

  const drawPlane = (x: LatentAxis, y: LatentAxis): void => {
    const colours = theme.colours();
    const groups = groupsOf(data, unscale(x.points), unscale(y.points), labels);
    chart.draw({
      data: traces(groups, data.count),
      layout: {
        ...chartLayout(colours),
        height: 460,
        hovermode: "closest",
        dragmode: "pan",
        uirevision: `${x.name} ${y.name}`,
        xaxis: chartAxis(colours, axisTitle(x)),
        yaxis: chartAxis(colours, axisTitle(y), x.kind === y.kind ? { scaleanchor: "x" } : {}),
        legend: { itemsizing: "constant" },
        annotations: data.labels
          ? groups.filter((group) => group.x.length > 0).map((group) => nameTag(group, colours))
          : [],
      },
      config: { scrollZoom: true, modeBarButtonsToAdd: ["select2d", "lasso2d"] },
    });
    point = sliders(
      "point of the plane",
      [x, y].map(({ name, points: { low, high } }) => ({
        name,
        low,
        high,
        value: Math.max(low, Math.min(high, 0)),
      })),
      ([atX = 0, atY = 0]) => decodeAt(atX, atY),
    );
    controls.replaceChildren(point.element);
  };

  const show = (next: LatentView): void => {
    data = next;
    known = new Map(next.axes.map((axis) => [axis.name, axis]));
    labels = next.labels && decode(next.labels.of);
    const names = [...next.axes.map(({ name }) => name), ...next.moreAxes];
    const [right = "", upwards = right] = names;
    for (const [select, chosen] of [
      [across, right],
      [up, upwards],
    ] as const) {
      select.replaceChildren(
        ...names.map((name) => element("option", { value: name, selected: name === chosen }, name)),
      );
    }
    root.replaceChildren(
      panel(
        next.title,
        names.length > 2
          ? element(
              "div",
              { class: "vaenb-row" },
              element("label", {}, "to the right", across),
              element("label", {}, "upwards", up),
            )
          : undefined,
        element("p", { class: "vaenb-spoken" }, descriptionOf(next)),
        element(
          "div",
          { class: "vaenb-sides" },
          element("div", { class: "vaenb-wide" }, box),
          element("div", { class: "vaenb-panel" }, live.element, controls),
        ),
        selection,
      ),
    );
    void choose();
  };
  show(first);
  const stop = theme.onChange(() => void choose());
  return {
    update: show,
    dispose: () => {
      stop();
      chart.dispose();
    },
  };
};

const axisTitle = ({ name, kl, explained }: LatentAxis): string => {
  if (kl !== undefined) return `${name} (KL ${nats(kl)} nats)`;
  return explained === undefined ? name : `${name} (${Math.round(explained * 100)} % of the variance)`;
};

interface Group {
  readonly name: string;
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Which example each point is. */
  readonly examples: Int32Array;
}

/** The points by class; all in one where there are no labels. */
function groupsOf(
  { labels: named }: LatentView,
  x: Float32Array,
  y: Float32Array,
  labels?: TypedNumbers,
): readonly Group[] {
  const names = named?.names ?? ["examples"];
  const sizes = new Uint32Array(names.length);
  const classOf = (i: number): number => labels?.[i] ?? 0;
  for (let i = 0; i < x.length; i++) sizes[classOf(i)] = (sizes[classOf(i)] ?? 0) + 1;
  const groups = names.map((name, c) => {
    const size = sizes[c] ?? 0;
    return {
      name,
      x: new Float32Array(size),
      y: new Float32Array(size),
      examples: new Int32Array(size),
      filled: 0,
    };
  });
  for (let i = 0; i < x.length; i++) {
    const group = groups[classOf(i)];
    if (group === undefined) continue;
    group.x[group.filled] = x[i] ?? 0;
    group.y[group.filled] = y[i] ?? 0;
    group.examples[group.filled++] = i;
  }
  return groups;
}

/** One trace per class, so that the legend filters; each point carries its example's number. */
function traces(groups: readonly Group[], count: number): readonly object[] {
  const many = count > mostForSvg;
  const size = count > mostForMediumPoints ? 2 : many ? 3 : 5;
  return groups.map(({ name, x, y, examples }, label) => ({
    type: many ? "scattergl" : "scatter",
    mode: "markers",
    name,
    x,
    y,
    customdata: examples,
    marker: { color: colourOf(label), size, opacity: 0.75 },
    hoverinfo: "none",
  }));
}

/** A class's name where its points are: colours alone do not tell ten classes apart for everybody. */
const nameTag = ({ name, x, y }: Group, { background, foreground, faint }: ThemeColours): object => ({
  x: median(x),
  y: median(y),
  text: name,
  showarrow: false,
  captureevents: false,
  bgcolor: background,
  bordercolor: faint,
  borderpad: 1,
  opacity: 0.85,
  font: { color: foreground, size: 11 },
});

/** Of at most a thousand values, evenly picked: a name needs no better place. */
function median(values: Float32Array): number {
  const stride = Math.ceil(values.length / 1_000);
  const some = values.filter((_, i) => i % stride === 0).sort();
  return some[some.length >> 1] ?? 0;
}

function descriptionOf({ count, labels, axes }: LatentView): string {
  const classes = labels ? `, of ${labels.names.length} classes: ${labels.names.join(", ")}` : "";
  return `${whole(count)} posterior means on the axes ${axes.map(({ name }) => name).join(", ")}${classes}. The sliders decode a point of the plane.`;
}

function selectionText(
  indices: readonly number[],
  { labels: named }: LatentView,
  labels?: TypedNumbers,
): string {
  const counts = new Map<number, number>();
  for (const index of indices) counts.set(labels?.[index] ?? 0, (counts.get(labels?.[index] ?? 0) ?? 0) + 1);
  const parts = [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([label, many]) => `${named?.names[label] ?? ""} ${whole(many)}`);
  return `${whole(indices.length)} examples selected${named ? `: ${parts.join(", ")}` : ""}`;
}
