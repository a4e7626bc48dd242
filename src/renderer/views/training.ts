import type { LossCurves, TrainingRunView, TrainingView } from "../../protocol/views";
import { element, scrolling, table } from "../elements";
import { decode, duration, nats, whole } from "../numbers";
import { chartIn } from "../plotly";
import { smooth } from "../smooth";
import { legible } from "../colour";
import { chartAxis, chartLayout } from "../theme";
import type { Mount, ThemeColours } from "../view";

const panels = [
  { key: "loss", title: "loss" },
  { key: "reconstruction", title: "reconstruction" },
  { key: "kl", title: "KL" },
] as const;

interface Settings {
  readonly log: boolean;
  /** Share of the past in a moving average, 0 to 0.99. */
  readonly smoothing: number;
}

/** The curves of one or several runs, where they stand, and what went wrong; it moves while they train. */
export const training: Mount<TrainingView> = (root, first, { theme }) => {
  let data = first;
  const heading = element("div", { class: "vaenb-title" });
  const progress = element("ul", { class: "vaenb-list" });
  const box = element("div", {
    class: "vaenb-chart",
    role: "group",
    "aria-label": "curves of the losses",
    style: "height: 300px",
  });
  const losses = scrolling("losses");
  const warnings = element("ul", { class: "vaenb-list", "aria-live": "polite" });
  const log = element("input", { type: "checkbox", onchange: () => draw() });
  const smoothing = element("input", {
    type: "range",
    min: 0,
    max: 0.98,
    step: 0.02,
    value: 0,
    oninput: () => draw(),
  });
  const chart = chartIn(box);

  const frame = element(
    "section",
    { class: "vaenb-panel" },
    heading,
    progress,
    box,
    element(
      "div",
      { class: "vaenb-row" },
      element("label", {}, log, "log scale"),
      element("label", {}, "smoothing", smoothing),
    ),
    losses,
    warnings,
  );
  root.replaceChildren(frame);

  const draw = (): void => {
    const settings = { log: log.checked, smoothing: Number(smoothing.value) };
    chart.draw({
      data: traces(data, settings, theme.colours()),
      layout: layout(data, settings, theme.colours()),
    });
  };
  const show = (next: TrainingView): void => {
    data = next;
    heading.textContent = data.title;
    frame.setAttribute("aria-label", data.title);
    updateList(progress, data.runs, progressItem);
    losses.replaceChildren(lossTable(data));
    updateList(
      warnings,
      data.runs.flatMap((run) => run.warnings),
      warningItem,
    );
    draw();
  };
  show(first);
  const stop = theme.onChange(draw);
  return {
    update: show,
    dispose: () => {
      stop();
      chart.dispose();
    },
  };
};

/** Replaces only what reads differently, so that a screen reader is told what is new and nothing flickers. */
function updateList<Item>(
  list: HTMLElement,
  items: readonly Item[],
  make: (item: Item) => HTMLElement,
): void {
  items.forEach((item, i) => {
    const made = make(item);
    const there = list.children[i];
    if (there === undefined) list.append(made);
    else if (!there.isEqualNode(made)) there.replaceWith(made);
  });
  while (list.children.length > items.length) list.lastElementChild?.remove();
}

const warningItem = ({ step, text }: TrainingRunView["warnings"][number]): HTMLElement =>
  element("li", { class: "vaenb-warning" }, `Step ${whole(step)}: ${text}`);

const statusWords = {
  running: "training",
  finished: "finished",
  stopped: "stopped",
  "early-stopped": "stopped early",
  failed: "failed",
} as const satisfies Record<TrainingRunView["status"], string>;

function progressItem({ name, status, progress, engine }: TrainingRunView): HTMLElement {
  const { step, steps, epoch, epochs, examplesPerSecond, seconds, secondsLeft } = progress;
  const words = [
    `${name}: ${statusWords[status]}`,
    `epoch ${Math.round(epoch * 10) / 10} of ${Math.round(epochs * 10) / 10}`,
    `step ${whole(step)} of ${whole(steps)}`,
    ...(examplesPerSecond === null || examplesPerSecond <= 0
      ? []
      : [`${whole(examplesPerSecond)} examples/s`]),
    ...(status !== "running"
      ? [`took ${duration(seconds)}`]
      : secondsLeft
        ? [`${duration(secondsLeft)} left`]
        : []),
    `engine ${engine}`,
  ];
  return element(
    "li",
    { class: "vaenb-row" },
    element("progress", { max: Math.max(1, steps), value: step, "aria-label": `steps of ${name}` }),
    element("span", {}, words.join(" · ")),
  );
}

function lossTable({ runs, unit }: TrainingView): HTMLElement {
  const rows = runs.flatMap((run) =>
    [
      { part: "training", curves: run.train },
      { part: "validation", curves: run.validation },
    ].flatMap(({ part, curves }) => {
      if (curves === undefined) return [];
      const cells = panels.map(({ key }) => decode(curves[key]).at(-1));
      if (cells.includes(undefined)) return [];
      return [
        { cells: [runs.length > 1 ? `${run.name}, ${part}` : part, ...cells.map((value) => nats(value))] },
      ];
    }),
  );
  const columns = panels.map(({ title }) => ({ name: `${title} (${unit})`, align: "right" as const }));
  return table(`last losses, in ${unit}`, [{ name: "" }, ...columns], rows);
}

/** Of a line with its background: WCAG 2.2, 1.4.11. */
const leastContrast = 3;

const axisNumber = (panel: number): string => (panel === 0 ? "" : String(panel + 1));

function traces(
  { runs, unit }: TrainingView,
  { smoothing }: Settings,
  { background }: ThemeColours,
): readonly object[] {
  const single = runs.length === 1;
  return runs.flatMap((run) => {
    const colours = {
      training: legible(run.colours.training, background, leastContrast),
      validation: legible(run.colours.validation, background, leastContrast),
    };
    const kinds: readonly {
      name: string;
      curves: LossCurves | undefined;
      colour: string;
      marked: boolean;
    }[] = [
      { name: single ? "training" : run.name, curves: run.train, colour: colours.training, marked: false },
      {
        name: single ? "validation" : `${run.name}, validation`,
        curves: run.validation,
        colour: colours.validation,
        marked: true,
      },
    ];
    return kinds.flatMap(({ name, curves, colour, marked }) => {
      if (curves === undefined) return [];
      const x = decode(curves.step);
      return panels.map(({ key }, p) => {
        const values = decode(curves[key]);
        return {
          type: "scatter",
          mode: marked ? "lines+markers" : "lines",
          name,
          legendgroup: name,
          showlegend: p === 0,
          x,
          y: marked ? values : smooth(values, smoothing),
          xaxis: `x${axisNumber(p)}`,
          yaxis: `y${axisNumber(p)}`,
          line: { color: colour, width: 2, dash: marked ? "dash" : "solid" },
          marker: { color: colour, size: 6 },
          hovertemplate: `%{y:.2f} ${unit}<extra>${name}</extra>`,
        };
      });
    });
  });
}

function layout({ runs, unit }: TrainingView, { log }: Settings, colours: ThemeColours): object {
  const axes: Record<string, object> = {};
  panels.forEach(({ title }, p) => {
    const nth = axisNumber(p);
    axes[`xaxis${nth}`] = chartAxis(colours, "step", {
      anchor: `y${nth}`,
      domain: [p * 0.35, p * 0.35 + 0.3],
    });
    axes[`yaxis${nth}`] = chartAxis(colours, p === 0 ? `${title} (${unit})` : title, {
      anchor: `x${nth}`,
      type: log ? "log" : "linear",
    });
  });
  return {
    ...chartLayout(colours),
    ...axes,
    height: 300,
    hovermode: "x unified",
    legend: { orientation: "h", y: -0.3 },
    // Where something was warned about, on the loss's panel.
    shapes: runs.flatMap((run) =>
      run.warnings.map(({ step }) => ({
        type: "line",
        xref: "x",
        yref: "y domain",
        x0: step,
        x1: step,
        y0: 0,
        y1: 1,
        line: { color: "#bf8803", width: 1, dash: "dot" },
      })),
    ),
  };
}
