import { type Draws, dataOf } from "./nearby";

/** Charts that stay drawn when they are far away. Each may hold three WebGL contexts, of which a page has sixteen. */
const chartsKept = 4;

/** Our views in an exported page, drawn through the same door as in VS Code, with nobody to answer questions. */
export class MountedViews implements Draws {
  private readonly renderer = window.vaenbActivate?.({
    advice: "No kernel is behind this page: run the notebook itself to decode points of the latent space.",
  });
  private numbered = 0;
  private readonly mounted = new Set<HTMLElement>();
  /** Drawn charts that are far away, the one that left first at the front. */
  private readonly away = new Set<HTMLElement>();

  draw(output: HTMLElement): void {
    this.away.delete(output);
    if (this.mounted.has(output)) return;
    const host = output.querySelector<HTMLElement>(":scope > .drawn");
    if (host === null || this.renderer === undefined) return;
    this.mounted.add(output);
    output.id ||= `vaenb_output_${++this.numbered}`;
    const item = {
      id: output.id,
      mime: output.dataset.mime ?? "",
      metadata: {},
      json: () => dataOf(output),
    };
    void this.renderer.renderOutputItem(item, host).then(() => {
      host.style.minHeight = "";
      output.classList.add("mounted");
    });
  }

  left(output: HTMLElement): void {
    if (!this.mounted.has(output) || output.querySelector(".vaenb-chart") === null) return;
    this.away.add(output);
    const [first] = this.away;
    if (this.away.size > chartsKept && first !== undefined) this.release(first);
  }

  private release(output: HTMLElement): void {
    const host = output.querySelector<HTMLElement>(":scope > .drawn");
    if (host === null) return;
    this.away.delete(output);
    this.mounted.delete(output);
    host.style.minHeight = `${host.offsetHeight}px`;
    this.renderer?.disposeOutputItem(output.id);
    host.replaceChildren();
    output.classList.remove("mounted");
  }
}
