import { mkdir } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Displayable } from "../../src/vae/host";
import { everyView } from "./everyView";
import { type Theme, themes, type Webview, webviews } from "./page";

const open = webviews();
const folder = path.resolve(".cache/test/renderer/pictures");

async function drawAll(view: Webview, figures: Readonly<Record<string, Displayable>>): Promise<void> {
  for (const [name, figure] of Object.entries(figures)) await view.draw(figure, name);
  await view.page.waitForSelector("#training .vaenb-lines path[d]", { state: "attached" });
  await view.page.waitForSelector("#latent canvas[data-points]");
  await view.enlargement();
}

describe.each(Object.keys(themes) as Theme[])("in the %s theme", (theme) => {
  it.each([320, 960, 1600])("no view is wider than a cell of %i pixels", async (width) => {
    const made = await Promise.all(
      Object.entries(everyView).map(async ([name, make]) => [name, await make()] as const),
    );
    const figures = Object.fromEntries(made);
    const view = await open(figures, theme);
    await view.page.setViewportSize({ width, height: 900 });
    await drawAll(view, figures);
    // For a person to look at.
    await mkdir(folder, { recursive: true });
    await view.page.screenshot({ path: path.join(folder, `${theme}-${width}.png`), fullPage: true });
    const wide = await view.page.evaluate(() =>
      [...document.querySelectorAll(".vaenb-root")]
        .filter((root) => root.scrollWidth > root.clientWidth)
        .map((root) => root.parentElement?.id),
    );
    expect(wide).toEqual([]);
  });
});
