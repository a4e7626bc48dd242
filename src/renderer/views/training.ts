import type { TrainingView } from "../../protocol/views";
import { element, scrolling } from "../elements";
import { chartPicture } from "../lines/chartPicture";
import type { LineChartContent } from "../lines/content";
import { set, setText } from "../lines/inPlace";
import { lineChart } from "../lines/lineChart";
import { lastUpTo } from "../lines/search";
import { chartTools } from "../lines/tools";
import { type TypedNumbers, whole } from "../numbers";
import { copyPicture, savePicture } from "../saving";
import type { Mount } from "../view";
import { lossTable } from "./lossTable";
import { chartOf, type Curve, curvesOf, lineColour, stepsOf, usualRanges } from "./trainingCurves";
import { trainingProgress } from "./trainingProgress";

/** The curves of one or several runs, where they stand, and what went wrong; it moves while they train. */
export const training: Mount<TrainingView> = (root, first, { isLive, theme }) => {
  let data = first;
  let curves: readonly Curve[] = [];
  let steps: TypedNumbers = new Int32Array();
  let content: LineChartContent | undefined;
  /** The step whose losses are shown; undefined follows the newest. */
  let pointed: number | undefined;
  const hidden = new Set<string>();

  const heading = element("div", { class: "vaenb-title" });
  const { progress, warnings, show: showProgress } = trainingProgress(isLive);
  const chart = lineChart({
    // A second click at a step lets go of it, and so a double click changes nothing here.
    chosen: (place) => point(place === pointed ? steps.length - 1 : lastUpTo(steps, place)),
    isEnlarged: (is) => tools.setEnlarged(is),
  });
  const said = element("span", { class: "vaenb-note", "aria-live": "polite" });
  const picture = (): Promise<HTMLCanvasElement> =>
    chartPicture(chart.drawing, data.title, content?.lines ?? [], theme.colours());
  const tools = chartTools({
    enlarge: (factor) => chart.enlarge(factor),
    reset: () => chart.reset(),
    copy: () => void copyPicture(picture()).then(say),
    save: () => void savePicture(picture(), data.title).then(say),
  });
  const say = (words: string): void => {
    said.textContent = words;
  };
  const losses = lossTable(hidden, () => draw());
  /** Another scale starts upwards anew; otherwise it stays as the person has enlarged it. */
  const rescale = (): void => {
    chart.reset(true);
    draw();
  };
  const log = element("input", { type: "checkbox", onchange: rescale });
  const withoutBeginning = element("input", { type: "checkbox", checked: true, onchange: rescale });
  const beginningLabel = element(
    "label",
    {
      title:
        "Panels are as high as the losses after the first 5 % of the steps: what random weights lose would press the rest flat.",
    },
    withoutBeginning,
    "leave out the first steps",
  );
  const range = { type: "range", min: 0 } as const;
  const smoothing = element("input", { ...range, max: 0.98, step: 0.02, value: 0, oninput: () => draw() });
  const strength = element("output");
  const step = element("input", { ...range, max: 0, value: 0, oninput: () => point(Number(step.value)) });
  const frame = element(
    "section",
    { class: "vaenb-panel" },
    heading,
    progress,
    chart.element,
    element(
      "div",
      { class: "vaenb-row" },
      element(
        "label",
        { title: "Shows the losses at this step in the table below, as a click into the chart does." },
        "losses at step",
        step,
      ),
      element(
        "label",
        {
          title:
            "Draws each training curve as a moving average: the further to the right, the more of the steps before count. Validation and the table stay as they are.",
        },
        "smoothing",
        smoothing,
        strength,
      ),
      element(
        "label",
        {
          title:
            "Equal distances upwards stand for equal factors: small changes of a small loss are seen too.",
        },
        log,
        "log scale",
      ),
      beginningLabel,
      tools.element,
      said,
    ),
    scrolling("losses", losses.element),
    warnings,
  );
  root.replaceChildren(frame);

  const point = (at: number): void => {
    pointed = at >= steps.length - 1 ? undefined : steps[at];
    step.value = String(at);
    draw();
  };
  const draw = (): void => {
    const colours = theme.colours();
    const shown = curves.filter(({ name }) => !hidden.has(name));
    const usual = usualRanges(shown);
    beginningLabel.hidden = log.checked || usual.every((range) => range === undefined);
    const settings = {
      log: log.checked,
      smoothing: Number(smoothing.value),
      usual: log.checked || !withoutBeginning.checked ? undefined : usual,
      mark: pointed,
    };
    const nothing = steps.length === 0 ? "no step yet" : "all curves are hidden";
    content = chartOf(shown, steps, data, settings, nothing, colours);
    chart.show(content, colours);
    setText(strength, strengthText(settings.smoothing));
    set(smoothing, { "aria-valuetext": strengthText(settings.smoothing) });
    step.setAttribute("aria-valuetext", `step ${whole(pointed ?? steps.at(-1) ?? 0)}`);
    losses.show(curves, data.unit, pointed, (curve) => lineColour(curve, colours));
  };
  const show = (next: TrainingView): void => {
    data = next;
    curves = curvesOf(next);
    steps = stepsOf(curves);
    // First, while the page is laid out: what is read of it then costs nothing.
    draw();
    step.max = String(Math.max(0, steps.length - 1));
    step.value = String(Math.max(0, pointed === undefined ? steps.length - 1 : lastUpTo(steps, pointed)));
    set(frame, { "aria-label": data.title });
    setText(heading, data.title);
    showProgress(data.runs);
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

/** About how many points the average is over, by the weights of `smooth.ts`. */
const strengthText = (smoothing: number): string =>
  smoothing === 0 ? "off" : `over ${Math.round(1 / (1 - smoothing))} points`;
