import type { Draws } from "./nearby";
import type { PageTheme } from "./pageTheme";

/** Paper is light, and has all outputs on it, also those that nobody has scrolled to. */
export function beforePrinting(theme: PageTheme, views: Draws, frames: Draws): void {
  let restore: (() => void) | undefined;
  window.addEventListener("beforeprint", () => {
    restore ??= theme.on("light");
    document.querySelectorAll<HTMLElement>(".output.view").forEach((output) => views.draw(output));
    document.querySelectorAll<HTMLElement>(".output.frame").forEach((output) => frames.draw(output));
  });
  window.addEventListener("afterprint", () => {
    restore?.();
    restore = undefined;
  });
}
