/** Somebody who draws outputs when they are near what a person sees. */
export interface Draws {
  draw(output: HTMLElement): void;
  /** The output is far away now. */
  left?(output: HTMLElement): void;
}

export function nearby(outputs: Iterable<HTMLElement>, draws: Draws): void {
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!(target instanceof HTMLElement)) continue;
        if (isIntersecting) draws.draw(target);
        else draws.left?.(target);
      }
    },
    { rootMargin: "800px 0px" },
  );
  for (const output of outputs) observer.observe(output);
}

/** The data that waits in an output. */
export const dataOf = (output: HTMLElement): unknown =>
  JSON.parse(output.querySelector(":scope > script")?.textContent ?? "null");
