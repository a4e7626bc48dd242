/** The script of an exported page: what stands there without it can be read, and with it can be used. */
import { offerCopies } from "./copies";
import { followContents } from "./contents";
import { Frames } from "./frames";
import { beforePrinting } from "./printing";
import { PageTheme } from "./pageTheme";
import { MountedViews } from "./mountedViews";
import { nearby } from "./nearby";

const theme = new PageTheme();

document.addEventListener("DOMContentLoaded", () => {
  const views = new MountedViews();
  const frames = new Frames(theme);
  theme.start();
  followContents();
  offerCopies();
  nearby(document.querySelectorAll<HTMLElement>(".output.view"), views);
  nearby(document.querySelectorAll<HTMLElement>(".output.frame"), frames);
  beforePrinting(theme, views, frames);
  makeScrollable(document.querySelectorAll<HTMLElement>("pre.text, .source pre, .prose pre"));
});

/** Texts that are larger than their box are reached with the keyboard too. */
function makeScrollable(texts: Iterable<HTMLElement>): void {
  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const isLarger =
        target.scrollHeight > target.clientHeight + 1 || target.scrollWidth > target.clientWidth + 1;
      if (isLarger) target.setAttribute("tabindex", "0");
      else target.removeAttribute("tabindex");
    }
  });
  for (const text of texts) resized.observe(text);
}
