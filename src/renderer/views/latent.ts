import type { LatentAxis, LatentView } from "../../protocol/views";
import { element } from "../elements";
import { livePicture } from "../livePicture";
import { decode, nats, type TypedNumbers, unscale, whole } from "../numbers";
import { pointPlane } from "../plane/pointPlane";
import { withoutPlace } from "../plane/points";
import { shortNumber, sliders } from "../sliders";
import { type Mount, NoKernel } from "../view";

/**
 * One point per example on two axes that can be chosen, coloured by label. Pointing decodes the point under the pointer,
 * or shows the example there beside its reconstruction; box and lasso count what they hold.
 */
export const latent: Mount<LatentView> = (root, first, { ask, unanswered, theme }) => {
  let data = first;
  let known = new Map<string, LatentAxis>();
  let labels: TypedNumbers | undefined;
  /** The names of the axes on the screen, and the sliders that follow the point on them. */
  let drawn: readonly [string, string] | undefined;
  let point: ReturnType<typeof sliders> | undefined;

  const heading = element("div", { class: "vaenb-title" });
  const across = element("select", { onchange: () => void choose() });
  const up = element("select", { onchange: () => void choose() });
  const choices = element(
    "div",
    { class: "vaenb-row" },
    element("label", {}, "to the right", across),
    element("label", {}, "upwards", up),
  );
  const selection = element("p", { class: "vaenb-note", "aria-live": "polite" });
  const missing = element("p", { class: "vaenb-warning", hidden: true });
  const live = livePicture(
    "Point at the plane, or move over it with the arrow keys, to decode the point there.",
    unanswered,
  );
  const controls = element("div", { hidden: unanswered !== undefined });
  const plane = pointPlane(theme, () => data.title, {
    plane: (x, y) => {
      point?.set([x, y]);
      decodeAt(x, y);
    },
    example: (index, x, y) => {
      point?.set([x, y]);
      live.ask(() => ask("example", { index }), exampleCaption(index));
    },
    selected: (indices) => {
      selection.textContent = indices === undefined ? "" : selectionText(indices, data, labels);
    },
  });
  const frame = element(
    "section",
    { class: "vaenb-panel" },
    heading,
    choices,
    element(
      "div",
      { class: "vaenb-sides" },
      element("div", { class: "vaenb-wide" }, plane.element, missing, selection),
      element("div", { class: "vaenb-panel vaenb-beside" }, live.element, controls),
    ),
  );
  root.replaceChildren(frame);

  const decodeAt = (x: number, y: number): void => {
    const axes = [across.value, up.value] as const;
    const caption = `${axes[0]} = ${shortNumber(x)}, ${axes[1]} = ${shortNumber(y)}`;
    live.ask(() => ask("decodePlane", { axes, at: [[x, y]] }), caption);
  };
  const exampleCaption = (index: number): string => {
    const name = data.labels?.names[labels?.[index] ?? -1];
    const example = `example ${whole(index)}${name === undefined ? "" : `, labelled ${name}`}`;
    return unanswered === undefined ? `${example}, and its reconstruction` : example;
  };

  /** The axis by name; one that was not sent along is asked for. */
  const axisOf = async (name: string): Promise<LatentAxis> => {
    const axis = (await ask("axis", { name })).axis;
    known.set(name, axis);
    return axis;
  };
  const choose = async (): Promise<void> => {
    const [right, upwards] = [across.value, up.value];
    try {
      const x = known.get(right) ?? (await axisOf(right));
      const y = known.get(upwards) ?? (await axisOf(upwards));
      // Another choice may have come while this one was on its way.
      if (across.value === right && up.value === upwards) drawPlane(x, y);
    } catch (error) {
      selection.textContent =
        error instanceof NoKernel
          ? `${right} and ${upwards} were too large to keep with the notebook: run the cell again to see them.`
          : `${right} and ${upwards} are not drawn: ${error instanceof Error ? error.message : String(error)}`;
    }
  };

  const drawPlane = (x: LatentAxis, y: LatentAxis): void => {
    const anew = drawn?.[0] !== x.name || drawn[1] !== y.name;
    drawn = [x.name, y.name];
    const points = { x: unscale(x.points), y: unscale(y.points), ...(labels && { classOf: labels }) };
    const lost = withoutPlace(points);
    missing.hidden = lost === 0;
    missing.textContent = lost === 0 ? "" : missingText(lost, data);
    plane.show(
      {
        points,
        x: [x.points.low, x.points.high],
        y: [y.points.low, y.points.high],
        titles: { x: axisTitle(x), y: axisTitle(y) },
        equal: x.kind === y.kind,
        classes: classesOf(data),
        description: descriptionOf(data, data.count - lost, x, y),
      },
      anew,
    );
    // New data for the same axes leaves the sliders where the person put them.
    if (!anew) return;
    const axes = [x, y].filter(({ kind }) => kind !== "deviation");
    point = sliders(
      "point of the plane",
      axes.map(({ name, points: { low, high } }) => ({
        name,
        low,
        high,
        value: Math.max(low, Math.min(high, 0)),
      })),
      ([atX = 0, atY = 0]) => {
        plane.cursorTo(atX, atY);
        decodeAt(atX, atY);
      },
    );
    controls.replaceChildren(point.element);
  };

  const show = (next: LatentView): void => {
    data = next;
    known = new Map(next.axes.map((axis) => [axis.name, axis]));
    labels = next.labels && decode(next.labels.of);
    const more = unanswered === undefined ? next.moreAxes : [];
    const names = [...next.axes.map(({ name }) => name), ...more];
    if (names.length === 0) throw new Error("it has no axis");
    heading.textContent = next.title;
    frame.setAttribute("aria-label", next.title);
    choices.hidden = names.length <= 2;
    for (const [select, usual] of [
      [across, names[0] ?? ""],
      [up, names[1] ?? names[0] ?? ""],
    ] as const) {
      const chosen = names.includes(select.value) ? select.value : usual;
      select.replaceChildren(...names.map((name) => element("option", { value: name }, name)));
      select.value = chosen;
    }
    const [x, y] = [known.get(across.value), known.get(up.value)];
    // At once where it can be: a promise's turn later, the frame would be painted empty first.
    if (x !== undefined && y !== undefined) drawPlane(x, y);
    else void choose();
  };
  show(first);
  return { update: show, dispose: () => plane.dispose() };
};

const axisTitle = ({ name, kl, explained }: LatentAxis): string => {
  if (kl !== undefined) return `${name} (KL ${nats(kl)} nats)`;
  return explained === undefined ? name : `${name} (${Math.round(explained * 100)} % of the variance)`;
};

/** A single class where there are no labels. */
const withoutLabels = "#3f90da";

const classesOf = ({ labels }: LatentView): readonly { readonly name: string; readonly colour: string }[] =>
  labels?.names.map((name, label) => ({ name, colour: labels.colours[label] ?? withoutLabels })) ?? [
    { name: "examples", colour: withoutLabels },
  ];

const missingText = (lost: number, { count, whyMissing }: LatentView): string =>
  `${whole(lost)} of ${whole(count)} ${count === 1 ? "example" : "examples"} not shown: ${whyMissing}`;

function descriptionOf({ labels }: LatentView, count: number, x: LatentAxis, y: LatentAxis): string {
  const classes = labels ? `, of ${whole(labels.names.length)} classes: ${listed(labels.names)}` : "";
  return `${whole(count)} posterior ${count === 1 ? "mean" : "means"}, ${axisTitle(x)} to the right, ${axisTitle(y)} upwards${classes}`;
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
  return `${whole(indices.length)} ${indices.length === 1 ? "example" : "examples"} selected${named && indices.length > 0 ? `: ${listed(parts)}` : ""}`;
}

/** What a person listens to, or reads, of a long list. */
const mostListed = 20;
const listed = (items: readonly string[]): string =>
  items.length <= mostListed
    ? items.join(", ")
    : `${items.slice(0, mostListed).join(", ")} and ${whole(items.length - mostListed)} more`;
