import type { Images } from "../protocol/views";
import { noKernelText } from "./conversation";
import { element } from "./elements";
import { latest } from "./latest";
import { drawGrid, picturesOf } from "./pictures";
import { NoKernel } from "./view";

export interface LivePicture {
  readonly element: HTMLElement;
  /** Shows what the question is answered with; while one is asked, only the newest waits. */
  ask(question: () => Promise<{ readonly images: Images }>, caption: string): void;
  /** Shows pictures that are at hand. */
  show(images: Images, caption: string): void;
}

/** Of one picture, in CSS pixels, where there is room. */
const comfortable = 140;
/** Pixels of the pictures between two of them. */
const gap = 1;
/** A kernel whose cell leaves it a moment answers within milliseconds; in this time, one that is held by it does not. */
const PATIENCE = 1_000;

/**
 * A picture that the kernel decodes while the person points or drags, and a word about it. Where nobody answers there is
 * no picture: `unanswered` says so from the start, and then the word alone tells what is pointed at.
 */
export function livePicture(invitation: string, unanswered?: string): LivePicture {
  const canvas = element("canvas", { role: "img", "aria-label": "decoded picture", hidden: true });
  const note = element("p", { class: "vaenb-note", "aria-live": "polite" }, unanswered ?? invitation);
  const root = element("div", { class: "vaenb-decoded" }, canvas, note);
  let shown = "";

  const draw = (images: Images, caption: string): void => {
    const pictures = picturesOf(images);
    drawGrid(canvas, pictures, { columns: pictures.count, gap });
    const scale = scaleOf(pictures.width, root.clientWidth);
    canvas.classList.toggle("vaenb-reduced", scale < 1);
    canvas.style.width = `${canvas.width * scale}px`;
    canvas.style.height = `${canvas.height * scale}px`;
    canvas.hidden = false;
    canvas.setAttribute("aria-label", `decoded picture of ${caption}`);
    say(caption);
  };
  const say = (text: string): void => {
    if (text !== shown) note.textContent = text;
    shown = text;
  };

  const ask = latest(
    async (wish: { question: () => Promise<{ readonly images: Images }>; caption: string }) => {
      const late = setTimeout(() => say("Waiting for the kernel, which runs a cell."), PATIENCE);
      try {
        draw((await wish.question()).images, wish.caption);
      } catch (error) {
        say(
          error instanceof NoKernel
            ? (error.advice ?? noKernelText)
            : `Not decoded: ${error instanceof Error ? error.message : String(error)}`,
        );
      } finally {
        clearTimeout(late);
      }
    },
  );
  return {
    element: root,
    ask: (question, caption) => {
      if (unanswered === undefined) ask({ question, caption });
      else say(caption);
    },
    show: draw,
  };
}

/**
 * How many times a picture is enlarged so that two of them, an example and its reconstruction, are side by side in the
 * room that there is: by a whole number, unless not even their own size fits. One alone is as large as each of two.
 */
export function scaleOf(width: number, room: number): number {
  const fits = (room || Infinity) / (2 * width + gap);
  const wanted = Math.max(1, Math.round(comfortable / width));
  return fits >= 1 ? Math.min(wanted, Math.floor(fits)) : fits;
}
