import { describe, expect, it } from "vitest";
import { contrast, rgbOf } from "../../src/renderer/colour";
import { cutOff } from "../../src/extension/run/cutOff";
import { viewMime } from "../../src/protocol/views";
import { plot, runFigure } from "../../src/vae/figures";
import { display } from "../../src/vae/host";
import type { RunRecord } from "../../src/vae/figures/training";
import { fallingRun } from "../vae/figures/fakes";
import { colourCounts, themes, type Webview, webviews } from "./page";
import type { SeenPanel } from "./seenPanels";

const open = webviews();

const drawn = async (view: Webview, run: RunRecord = fallingRun()): Promise<readonly SeenPanel[]> => {
  await view.draw(runFigure(run));
  return view.panels();
};
const valueAt = (panel: SeenPanel | undefined, line: number, step: number): number =>
  panel?.lines[line]?.parts.flat().find(({ x }) => Math.abs(x - step) < 0.3)?.y ?? NaN;
/** Moves the pointer over a panel, to a share of its size. */
const hover = async (view: Webview, panel: SeenPanel | undefined, x: number, y: number): Promise<void> => {
  if (panel === undefined) throw new Error("there is no such panel");
  const { left, top, width, height } = panel.box;
  await view.page.mouse.move(left + x * width, top + y * height);
};
const hoverText = async (view: Webview): Promise<string> => {
  await view.page.locator(".vaenb-hover").waitFor();
  return view.page.locator(".vaenb-hover").innerText();
};

describe("the training view", () => {
  it("draws loss, reconstruction and KL of training and validation, with units and progress", async () => {
    const view = await open();
    const panels = await drawn(view);
    expect(panels.map(({ title }) => title)).toEqual([
      "loss (nats per example)",
      "reconstruction (nats per example)",
      "KL (nats per example)",
    ]);
    expect(panels.map(({ xTicks }) => xTicks.at(-1))).toEqual(["100", "100", "100"]);
    // Training as it falls, validation at the ends of its epochs: by the numbers of the axes.
    expect([100, 20].map((step) => valueAt(panels[0], 0, step))).toEqual([
      expect.closeTo(102, 0),
      expect.closeTo(110, 0),
    ]);
    expect(panels[0]?.lines[1]).toMatchObject({ dashed: true });
    expect([50, 100].map((step) => valueAt(panels[0], 1, step))).toEqual([
      expect.closeTo(109, 0),
      expect.closeTo(107, 0),
    ]);
    expect(valueAt(panels[1], 0, 100)).toBeCloseTo(92, 0);
    expect(valueAt(panels[2], 0, 100)).toBeCloseTo(10, 1);
    expect(await view.text()).toContain("step 100 of 500 · 12,345 examples/s · 48 s left · engine compiled");
    expect(await view.page.getByRole("progressbar").getAttribute("value")).toBe("100");
    expect(await view.page.getByRole("row", { name: /^validation/ }).innerText()).toMatch(
      /107\.00\s+92\.00\s+10\.00/,
    );
    expect(await view.page.locator(".vaenb-lines > svg").getAttribute("aria-label")).toBe(
      "loss, reconstruction, KL in nats per example over the steps: training, validation",
    );
  });

  it("promises no time to a training that goes on no more", async () => {
    const view = await open();
    const bundle = runFigure(fallingRun())[display]();
    const [mime, data] = [viewMime("training"), bundle[viewMime("training")]];
    await view.drawMime(mime, data, "read", true);
    await view.drawMime(mime, cutOff(bundle)?.[mime], "restarted");
    const [read, restarted] = await view.page.locator(".vaenb-progress").allInnerTexts();
    expect(read).toMatch(/: was training when this was saved · epoch .* · took \d+ s · engine compiled/);
    expect(restarted).toMatch(/: cut off, for its kernel ended · epoch .* · took \d+ s · engine compiled/);
  });

  it("moves in place: the same elements, the same height, the person's settings kept", async () => {
    const view = await open();
    const { history } = fallingRun();
    const height = (): Promise<number> =>
      view.page.locator("#output").evaluate((one: HTMLElement) => one.offsetHeight);
    await view.draw(runFigure(fallingRun({ history: history.slice(0, 40), step: 40 })));
    const before = await view.panels();
    await view.page.getByLabel("log scale").check();
    const tall = await height();
    await view.page.evaluate(() =>
      document.querySelector(".vaenb-lines path")?.setAttribute("data-marked", "yes"),
    );
    const after = await drawn(view);
    expect([before[0]?.xTicks.at(-1), after[0]?.xTicks.at(-1)]).toEqual(["40", "100"]);
    expect(after[0]?.top).toBeGreaterThan(300);
    // Half of the panel is the middle of a logarithmic scale.
    const middle = Math.sqrt((after[0]?.top ?? NaN) * (after[0]?.bottom ?? NaN));
    expect(middle).toBeGreaterThan(150);
    expect(valueAt(after[0], 0, 1)).toBeCloseTo(300, -1);
    expect(valueAt(after[0], 0, 100)).toBeCloseTo(102, -1);
    expect(await height()).toBe(tall);
    expect(await view.page.locator(".vaenb-lines path[data-marked=yes]").count()).toBe(1);
  });

  it("grows by nothing while it is redrawn", async () => {
    const view = await open();
    const { history } = fallingRun();
    const count = (): Promise<number> => view.page.locator("#output *").count();
    await drawn(view);
    const before = await count();
    for (let step = 60; step <= 100; step++)
      await view.draw(runFigure(fallingRun({ history: history.slice(0, step), step })));
    expect(await count()).toBe(before);
  });

  it("smooths the training curve when asked, and says so where it is pointed at", async () => {
    const view = await open();
    await drawn(view);
    await view.page.getByLabel("leave out the first steps").uncheck();
    expect(valueAt((await view.panels())[0], 0, 2)).toBeCloseTo(200, -1);
    await view.page.getByLabel("smoothing").fill("0.9");
    // (0.9 * 0.1 * 300 + 0.1 * 200) / 0.19
    const [panel] = await view.panels();
    expect(Math.abs(valueAt(panel, 0, 2) - 247.37)).toBeLessThan(1);
    await hover(view, panel, 0.025, 0.5);
    expect(await hoverText(view)).toMatch(/step 2, smoothed[^]*training\s+247\.37/);
  });

  it("tells the values of all lines at the step that is pointed at, in every panel", async () => {
    const view = await open();
    await view.draw(plot.loss({ right: fallingRun(), wrong: fallingRun({ status: "stopped" }) }));
    const panels = await view.panels();
    // In the middle of the panel, whose ends are steps 1 and 100.
    await hover(view, panels[1], 0.5, 0.3);
    const text = await hoverText(view);
    // The pointer is between steps 50 and 51.
    const step = Number(/step (5[01])\b/.exec(text)?.[1]);
    const loss = (200 / step + 100).toFixed(2);
    expect(text).toMatch(/loss\s+reconstruction\s+KL/);
    for (const name of ["right", "wrong"]) {
      expect(text).toMatch(new RegExp(`${name}, training\\s+${loss}\\s+\\d+\\.\\d\\d\\s+10\\.00`));
      expect(text).toMatch(new RegExp(`${name}, validation.*\\s+109\\.00\\s+94\\.00\\s+10\\.00`));
    }
    expect(text).toContain("in nats per example");
    for (const { cursor } of await view.panels()) {
      expect(cursor).toHaveLength(1);
      expect(Math.abs((cursor[0] ?? NaN) - step)).toBeLessThan(0.4);
    }
    await view.page.mouse.move(5, 5);
    await view.page.waitForFunction(() => document.querySelector(".vaenb-hover[hidden]") !== null);
    expect((await view.panels()).flatMap(({ cursor }) => cursor)).toEqual([]);
  });

  it("says of which earlier step a value is, where a line has none at the step", async () => {
    const view = await open();
    const [panel] = await drawn(view);
    await hover(view, panel, 0.8, 0.5);
    expect(await hoverText(view)).toMatch(/validation \(step 50\)\s+109\.00/);
  });

  it("draws the line of what is pointed at as thin as a grid's, in the theme's colours", async () => {
    const view = await open();
    const [panel] = await drawn(view);
    await hover(view, panel, 0.8, 0.5);
    const line = view.page.locator(".vaenb-lines > svg > g svg > g + path").first();
    expect(await line.getAttribute("stroke")).toBe("#cccccc");
    expect(await line.evaluate((one) => getComputedStyle(one).strokeWidth)).toBe("1px");
  });

  it("compares runs and shows warnings where they belong", async () => {
    const view = await open();
    const warnings = [{ kind: "posterior-collapse", step: 80, text: "KL is 0 in every dimension." }] as const;
    await view.draw(plot.loss({ right: fallingRun(), wrong: fallingRun({ status: "stopped", warnings }) }));
    const panels = await view.panels();
    expect(panels[0]?.lines.map(({ dashed }) => dashed)).toEqual([false, false, true, true]);
    expect(new Set(panels[0]?.lines.map(({ colour }) => colour)).size).toBe(2);
    expect(panels.map(({ warnings: seen }) => seen.map(Math.round))).toEqual([[80], [], []]);
    expect(await view.page.locator(".vaenb-panel > .vaenb-list .vaenb-warning").innerText()).toBe(
      "Step 80: KL is 0 in every dimension.",
    );
    const { left = 0, width = 0 } = panels[0]?.box ?? {};
    // The scale keeps 4 pixels free on either side.
    const place = (4 + ((80 - 1) / 99) * (width - 8)) / width;
    await view.page.mouse.move(left + 1, 5);
    await hover(view, panels[0], place, 0.2);
    expect(await hoverText(view)).toContain("KL is 0 in every dimension.");
  });

  it("leaves a gap where a loss is no number", async () => {
    const view = await open();
    const nothing = { loss: NaN, reconstruction: NaN, kl: NaN };
    const { history } = fallingRun();
    const broken = history.map((point) =>
      point.step > 60 && point.step <= 70 ? { ...point, train: nothing } : point,
    );
    const [panel] = await drawn(view, fallingRun({ history: broken }));
    const parts = panel?.lines[0]?.parts ?? [];
    expect(parts).toHaveLength(2);
    expect([parts[0]?.at(-1)?.x, parts[1]?.[0]?.x]).toEqual([expect.closeTo(60, 0), expect.closeTo(71, 0)]);
    const lost = fallingRun({ history: history.map((point) => ({ ...point, train: nothing })) });
    const gone = lost.history.map(({ validation: _, ...point }) => point);
    await view.draw(runFigure({ ...lost, history: gone }));
    expect(await view.page.getByText("no finite number").count()).toBe(3);
  });

  it("tells the losses at any step, with the keyboard alone", async () => {
    const view = await open();
    await drawn(view);
    const step = view.page.getByRole("slider", { name: "losses at step" });
    await step.press("Home");
    expect(await view.page.getByRole("row", { name: /training/ }).innerText()).toMatch(
      /300\.00\s+290\.00\s+10\.00/,
    );
    expect(await step.getAttribute("aria-valuetext")).toBe("step 1");
    await step.press("ArrowRight");
    // 200 / 2 + 100
    expect(await view.text()).toMatch(/at step 2, nats per example[^]*training\s+200\.00/);
    expect((await view.panels()).flatMap(({ cursor }) => cursor.map(Math.round))).toEqual([2, 2, 2]);
    await step.press("End");
    expect(await view.text()).toMatch(/last, nats per example[^]*training\s+102\.00/);
    expect((await view.panels()).flatMap(({ cursor }) => cursor)).toEqual([]);
  });

  it("keeps a step that was clicked at", async () => {
    const view = await open();
    const [panel] = await drawn(view);
    await hover(view, panel, 0.5, 0.5);
    await view.page.mouse.down();
    await view.page.mouse.up();
    expect(await view.text()).toMatch(/at step 5[01], nats per example/);
    const step = view.page.getByRole("slider", { name: "losses at step" });
    expect(["49", "50"]).toContain(await step.inputValue());
    await view.page.mouse.down();
    await view.page.mouse.up();
    expect(await view.text()).toContain("last, nats per example");
  });

  it("enlarges with a box, all panels to the right, and shows all again", async () => {
    const view = await open();
    const [, panel] = await drawn(view);
    await hover(view, panel, 0.25, 0.5);
    await view.page.mouse.down();
    await hover(view, panel, 0.75, 0.52);
    await view.page.mouse.up();
    await expect.poll(async () => (await view.panels())[0]?.xTicks.at(-1)).toBe("70");
    const enlarged = await view.panels();
    expect(enlarged.map(({ xTicks }) => xTicks[0])).toEqual(["30", "30", "30"]);
    // What is seen of the loss is between 200 / 75 and 200 / 25 above 100, and validation's 109.
    expect(enlarged[0]?.top).toBeLessThan(109.5);
    expect(enlarged[0]?.bottom).toBeGreaterThan(102);
    await view.draw(runFigure(fallingRun()));
    expect((await view.panels())[0]?.xTicks.at(-1)).toBe("70");
    // Its axis is dragged to the left: by a fifth of the fifty steps that are seen.
    await hover(view, panel, 0.6, 1.05);
    await view.page.mouse.down();
    await hover(view, panel, 0.4, 1.05);
    await view.page.mouse.up();
    await expect.poll(async () => (await view.panels())[0]?.xTicks).toEqual(["40", "50", "60", "70", "80"]);
    await view.page.getByRole("button", { name: "All" }).press("Enter");
    await expect.poll(async () => (await view.panels())[0]?.xTicks.at(-1)).toBe("100");
  });

  it("enlarges with the keyboard alone, around the step that is looked at", async () => {
    const view = await open();
    await drawn(view);
    const step = view.page.getByRole("slider", { name: "losses at step" });
    for (let i = 0; i < 3; i++) await step.press("PageDown");
    const at = Number(/step (\d+)/.exec((await step.getAttribute("aria-valuetext")) ?? "")?.[1]);
    for (let i = 0; i < 6; i++)
      await view.page.getByRole("button", { name: /^Zoom in/ }).press("Enter", { delay: 40 });
    await expect.poll(async () => Number((await view.panels())[0]?.xTicks[0])).toBeGreaterThan(40);
    const ticks = (await view.panels())[0]?.xTicks.map(Number) ?? [];
    expect(ticks[0]).toBeLessThanOrEqual(at);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(at);
    // A step outside of what is seen takes the view along.
    await step.press("Home");
    await expect.poll(async () => Number((await view.panels())[0]?.xTicks.at(-1))).toBeLessThan(20);
  });

  it("hides a curve with its button, and the focus stays while the training goes on", async () => {
    const view = await open();
    const { history } = fallingRun();
    await drawn(view, fallingRun({ history: history.slice(0, 60), step: 60 }));
    await view.page.getByRole("button", { name: "validation" }).press("Enter");
    const panels = await drawn(view);
    expect(panels.map(({ lines }) => lines.map(({ dashed }) => dashed))).toEqual([[false], [false], [false]]);
    expect(await view.page.evaluate(() => document.activeElement?.textContent)).toBe("validation");
    await view.page.getByRole("button", { name: "training" }).press("Enter");
    expect(await view.page.getByText("all curves are hidden").isVisible()).toBe(true);
    expect(await view.page.getByText("loss (nats per example)").isVisible()).toBe(false);
  });

  it("does not let the first steps press the rest flat, unless asked", async () => {
    const view = await open();
    const [panel] = await drawn(view);
    // After 5 of 100 steps: 200 / 6 + 100, down to 102, with validation at 109 and 107.
    expect(panel?.bottom).toBeCloseTo(102 - 0.05 * 31.33, 0);
    expect(panel?.top).toBeCloseTo(133.33 + 0.05 * 31.33, 0);
    await view.page.getByLabel("leave out the first steps").uncheck();
    expect((await view.panels())[0]?.top).toBeGreaterThan(300);
  });

  it.each(["dark", "light", "high-contrast", "high-contrast-light"] as const)(
    "shows how far it is: what is done stands out from what is left in the %s theme",
    async (theme) => {
      const view = await open({}, theme);
      await drawn(view);
      const background = rgbOf(themes[theme]["--vscode-editor-background"]) ?? [0, 0, 0];
      const done = await view.colourAt(".vaenb-progress progress", 0.1, 0.5);
      const left = await view.colourAt(".vaenb-progress progress", 0.9, 0.5);
      expect(done).toEqual(rgbOf(themes[theme]["--vscode-progressBar-background"]));
      expect(contrast(left, background)).toBeGreaterThan(1.2);
      expect(contrast(done, background)).toBeGreaterThan(contrast(left, background));
      expect(contrast(done, background)).toBeGreaterThan(3);
      // A slider: its thumb at the left end, its track to the right of it.
      const thumb = await view.colourAt("label:has-text('smoothing') input", 0.06, 0.5);
      const track = await view.colourAt("label:has-text('smoothing') input", 0.8, 0.5);
      expect(thumb).toEqual(done);
      expect(contrast(track, background)).toBeLessThan(contrast(thumb, background));
    },
  );

  it("covers no line with the values of a step that is pointed at", async () => {
    const view = await open();
    const panels = await drawn(view);
    for (const [panel, x] of [
      [panels[0], 0.3],
      [panels[1], 0.8],
      [panels[2], 0.9],
    ] as const) {
      await hover(view, panel, x, 0.5);
      await hoverText(view);
      const box = await view.page.locator(".vaenb-hover").boundingBox();
      const at = (panel?.box.left ?? NaN) + x * (panel?.box.width ?? NaN);
      if (box === null) throw new Error("no box");
      expect(at < box.x || at > box.x + box.width).toBe(true);
      // Half of a panel's height is free of lines in each of these.
      expect(box.height).toBeLessThan(110);
    }
  });

  it("says of each control what it does", async () => {
    const view = await open();
    await drawn(view);
    const smoothing = view.page.getByLabel("smoothing");
    expect(await smoothing.getAttribute("aria-valuetext")).toBe("off");
    await smoothing.fill("0.9");
    expect(await smoothing.getAttribute("aria-valuetext")).toBe("over 10 points");
    for (const words of [/moving average/, /losses at this step/, /equal factors/, /random weights/])
      expect(await view.page.getByTitle(words).count()).toBe(1);
    for (const name of [/^Zoom out: show more steps/, /^Zoom in: show fewer steps/])
      expect(await view.page.getByRole("button", { name }).count()).toBe(1);
  });

  it("has its panels one under the other in a narrow cell", async () => {
    const view = await open();
    await view.page.setViewportSize({ width: 420, height: 900 });
    const boxes = (await drawn(view)).map(({ box }) => box);
    expect(boxes).toHaveLength(3);
    expect(new Set(boxes.map(({ left }) => Math.round(left))).size).toBe(1);
    expect(new Set(boxes.map(({ top }) => Math.round(top))).size).toBe(3);
    for (const { width } of boxes) expect(width).toBeGreaterThan(300);
  });

  it("says that there is no step yet, at the height that it keeps", async () => {
    const view = await open();
    await view.draw(runFigure(fallingRun({ history: [], step: 0, secondsLeft: NaN })));
    await view.page.getByText("no step yet").waitFor();
    const height = (): Promise<number> =>
      view.page.locator(".vaenb-lines").evaluate((one: HTMLElement) => one.offsetHeight);
    const before = await height();
    await drawn(view);
    expect(await height()).toBe(before);
    expect(await view.page.getByText("no step yet").isVisible()).toBe(false);
  });

  it("follows the width of its cell", async () => {
    const view = await open();
    await drawn(view);
    await view.page.setViewportSize({ width: 500, height: 900 });
    await view.page.waitForFunction(() => {
      const width = Number(document.querySelector(".vaenb-lines > svg")?.getAttribute("width"));
      return width > 0 && width <= 500;
    });
  });

  it("is saved as a picture with its title, its lines' names and the editor's background", async () => {
    const view = await open();
    await drawn(view);
    const { name, picture } = await view.save();
    expect(name).toBe("Training-of-vae-784-400-2-on-digits-train.png");
    const width = await view.page.locator(".vaenb-lines").evaluate((one: HTMLElement) => one.offsetWidth);
    expect(picture.width).toBe(2 * width);
    const pixels = colourCounts(picture);
    const [[background] = [""]] = [...pixels].sort((a, b) => b[1] - a[1]);
    expect(background).toBe("31,31,31");
    for (const { colour } of (await view.panels())[0]?.lines ?? [])
      expect(pixels.get(rgbOf(colour)?.join() ?? "")).toBeGreaterThan(200);
  });

  it("takes the editor's colours, also when they change", async () => {
    const view = await open();
    await drawn(view);
    const colour = (): Promise<string> =>
      view.page
        .locator(".vaenb-lines g[text-anchor=end] text")
        .first()
        .evaluate((one) => getComputedStyle(one).fill);
    expect(await colour()).toBe("rgb(204, 204, 204)");
    await view.page.evaluate(() =>
      document.documentElement.style.setProperty("--vscode-editor-foreground", "#112233"),
    );
    await expect.poll(colour).toBe("rgb(17, 34, 51)");
  });
});
