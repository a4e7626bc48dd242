import type { TrainingView } from "../../protocol/views";
import { element, scrolling } from "../elements";
import { whole } from "../numbers";
import { chartIn } from "../plotly";
import type { Mount } from "../view";
import { lossTable } from "./lossTable";
import {
  chartHeight,
  type Curve,
  curvesOf,
  layout,
  lineColour,
  parts,
  traces,
  usualRange,
} from "./trainingCurves";
import { trainingProgress } from "./trainingProgress";

/** The curves of one or several runs, where they stand, and what went wrong; it moves while they train. */
export const training: Mount<TrainingView> = (root, first, { theme }) => {
  let data = first;
  let curves: readonly Curve[] = [];
  let steps: readonly number[] = [];
  /** The step whose losses are shown; undefined follows the newest. */
  let pointed: number | undefined;
  const hidden = new Set<string>();

  const heading = element("div", { class: "vaenb-title" });
  const { progress, warnings, show: showProgress } = trainingProgress();
  const box = element("div", { class: "vaenb-chart", role: "group", "aria-label": "curves of the losses" });
  const losses = lossTable(hidden, () => draw());
  const log = element("input", { type: "checkbox", onchange: () => draw() });
  const beginning = element("input", { type: "checkbox", onchange: () => draw() });
  const beginningLabel = element("label", {}, beginning, "first steps");
  const range = { type: "range", min: 0 } as const;
  const smoothing = element("input", { ...range, max: 0.98, step: 0.02, value: 0, oninput: () => draw() });
  const step = element("input", { ...range, max: 0, value: 0, oninput: () => point() });
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
      element("label", {}, "step", step),
      element("label", {}, "smoothing", smoothing),
      element("label", {}, log, "log scale"),
      beginningLabel,
    ),
    scrolling("losses", losses.element),
    warnings,
  );
  root.replaceChildren(frame);

  const point = (): void => {
    const at = Number(step.value);
    pointed = at >= steps.length - 1 ? undefined : steps[at];
    draw();
  };
  const draw = (): void => {
    const colours = theme.colours();
    const settings = {
      log: log.checked,
      smoothing: Number(smoothing.value),
      whole: beginning.checked,
      hidden,
      width: box.clientWidth || 800,
      ...(pointed !== undefined && { mark: pointed }),
    };
    box.style.height = `${chartHeight(settings.width)}px`;
    step.setAttribute("aria-valuetext", `step ${whole(pointed ?? steps.at(-1) ?? 0)}`);
    losses.show(curves, data.unit, pointed, (curve) => lineColour(curve, colours));
    beginningLabel.hidden = settings.log || !parts.some(({ key }) => usualRange(curves, key) !== undefined);
    chart.draw({
      data: traces(curves, data.unit, settings, colours),
      layout: layout(curves, data, settings, colours),
      config: { modeBarButtonsToRemove: ["select2d", "lasso2d"] },
    });
  };
  const show = (next: TrainingView): void => {
    data = next;
    curves = curvesOf(next);
    // The steps of all runs: what is compared may have been logged at different ones.
    steps = [...new Set(curves.flatMap((curve) => [...curve.step]))].sort((a, b) => a - b);
    const at = pointed === undefined ? steps.length - 1 : steps.findLastIndex((one) => one <= (pointed ?? 0));
    step.max = String(Math.max(0, steps.length - 1));
    step.value = String(Math.max(0, at));
    heading.textContent = data.title;
    frame.setAttribute("aria-label", data.title);
    showProgress(data.runs);
    draw();
  };
  show(first);

  let width = box.clientWidth;
  // A chart that becomes narrow has its panels one under the other.
  const resized = new ResizeObserver(() => {
    if (box.clientWidth === 0 || box.clientWidth === width) return;
    width = box.clientWidth;
    draw();
  });
  resized.observe(box);
  const stop = theme.onChange(draw);
  return {
    update: show,
    dispose: () => {
      stop();
      resized.disconnect();
      chart.dispose();
    },
  };
};
