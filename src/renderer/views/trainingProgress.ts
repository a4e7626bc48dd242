import type { TrainingRunView } from "../../protocol/views";
import { element } from "../elements";
import { duration, whole } from "../numbers";

/**
 * Where each run stands, and what went wrong: lists that change in place. `isLive`: whether a run that is shown as going
 * on may do so; from a file it is as it was when it was saved.
 */
export function trainingProgress(isLive: boolean) {
  const progress = element("ul", { class: "vaenb-list" });
  const warnings = element("ul", { class: "vaenb-list", "aria-live": "polite" });
  return {
    progress,
    warnings,
    show: (runs: readonly TrainingRunView[]): void => {
      updateList(progress, runs, (run) => progressItem(run, isLive));
      updateList(
        warnings,
        runs.flatMap((run) => run.warnings),
        warningItem,
      );
    },
  };
}

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
  "cut-off": "cut off, for its kernel ended",
  saved: "was training when this was saved",
} as const satisfies Record<TrainingRunView["status"] | "saved", string>;

function progressItem({ name, status, progress, engine }: TrainingRunView, isLive: boolean): HTMLElement {
  const { step, steps, epoch, epochs, examplesPerSecond, seconds, secondsLeft } = progress;
  const standing = status === "running" && !isLive ? "saved" : status;
  const words = [
    `${name}: ${statusWords[standing]}`,
    `epoch ${Math.round(epoch * 10) / 10} of ${Math.round(epochs * 10) / 10}`,
    `step ${whole(step)} of ${whole(steps)}`,
    ...(examplesPerSecond === null || examplesPerSecond <= 0
      ? []
      : [`${whole(examplesPerSecond)} examples/s`]),
    ...(standing !== "running"
      ? [`took ${duration(seconds)}`]
      : secondsLeft
        ? [`${duration(secondsLeft)} left`]
        : []),
    `engine ${engine}`,
  ];
  return element(
    "li",
    { class: "vaenb-progress" },
    element("progress", { max: Math.max(1, steps), value: step, "aria-label": `steps of ${name}` }),
    element("span", {}, words.join(" · ")),
  );
}
