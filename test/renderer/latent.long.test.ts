import { describe, expect, it } from "vitest";
import { rgbOf } from "../../src/renderer/colour";
import { plot } from "../../src/vae/figures";
import { ailing, pictures, toPixel, transparentModel } from "../vae/figures/fakes";
import { colourCounts, type Webview, webviews } from "./page";

const open = webviews();
const data = pictures(60, [8, 8, 1]);
const model = transparentModel(2, [8, 8, 1], 0.5);

const surfaceOf = (view: Webview) => view.page.getByRole("application");
const decoded = ".vaenb-decoded canvas:not([hidden])";
const caption = (view: Webview): Promise<string> => view.page.innerText(".vaenb-decoded .vaenb-note");
const sliderValues = (view: Webview): Promise<string[]> =>
  view.page.locator(".vaenb-sliders output").allInnerTexts();

/** From one corner of the plane to the other. */
async function selectAllByKeys(view: Webview): Promise<void> {
  await surfaceOf(view).focus();
  for (const key of ["Control+ArrowLeft", "Control+ArrowDown"])
    for (let i = 0; i < 12; i++) await view.page.keyboard.press(key);
  for (const key of ["Control+Shift+ArrowRight", "Control+Shift+ArrowUp"])
    for (let i = 0; i < 12; i++) await view.page.keyboard.press(key);
}

/** Draws the latent plane with a kernel that answers, and waits until its points are there. */
async function drawPlane(of = model, examples = data): Promise<Webview> {
  const figure = await plot.latentSpace(of, examples);
  const view = await open({ output: figure });
  await view.draw(figure);
  await view.page.waitForSelector("canvas[data-points]");
  return view;
}

/** How much of the canvas points cover, by the class whose colour is nearest. */
const coverage = (view: Webview, colours: readonly string[]): Promise<number[]> =>
  view.page.evaluate((colours) => {
    const canvas = document.querySelector<HTMLCanvasElement>("canvas[data-points]");
    const pixels = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    const wanted = colours.map((hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)));
    const counts = colours.map(() => 0);
    for (let i = 0; i < pixels.length; i += 4) {
      if ((pixels[i + 3] ?? 0) < 128) continue;
      const distance = wanted.map((rgb) =>
        rgb.reduce((sum, part, c) => sum + ((pixels[i + c] ?? 0) - part) ** 2, 0),
      );
      const nearest = distance.indexOf(Math.min(...distance));
      counts[nearest] = (counts[nearest] ?? 0) + 1;
    }
    return counts;
  }, colours);
const colours = ["#3f90da", "#ffa90e", "#bd1f01"];

describe("the latent plane", () => {
  it("draws each example at its posterior mean, in the colour of its class", async () => {
    const view = await drawPlane();
    // Discs of 3 pixels radius, 20 of each class, some over others.
    for (const area of await coverage(view, colours)) {
      expect(area).toBeGreaterThan(20 * Math.PI * 9 * 0.5);
      expect(area).toBeLessThan(20 * Math.PI * 9 * 1.5);
    }
    const titles = await view.page.locator(".vaenb-axis").allTextContents();
    expect(titles).toEqual([
      expect.stringMatching(/^z\[0\] \(KL \d+\.\d\d nats\)$/),
      expect.stringMatching(/^z\[1\] \(KL \d+\.\d\d nats\)$/),
    ]);
    expect(await view.page.locator(".vaenb-tag").allTextContents()).toEqual(["zero", "one", "two"]);
  });

  it("leaves out examples that have no place, and says so", async () => {
    const view = await drawPlane(ailing(model, [0, 1, 3]));
    expect(await view.page.locator(".vaenb-warning").innerText()).toBe(
      "3 of 60 examples not shown: the encoder gives NaN or infinity there. The data may hold a NaN, or the training diverged.",
    );
    expect(await surfaceOf(view).getAttribute("aria-label")).toMatch(/^57 posterior means/);
    // All in view: with three points in a corner, the others would be pressed aside.
    await selectAllByKeys(view);
    expect(await view.text()).toContain("57 examples selected: two 20, one 19, zero 18");
  });

  it("decodes the point under the pointer through the kernel", async () => {
    const view = await drawPlane();
    await surfaceOf(view).hover({ position: { x: 3, y: 3 } });
    await view.page.waitForSelector(decoded);
    const { levels, width } = await view.grays(decoded);
    const [x = NaN, y = NaN] = [...(await caption(view)).matchAll(/= (−?)([\d.]+)/g)].map(
      ([, sign, digits]) => Number(digits) * (sign ? -1 : 1),
    );
    const level = (z: number): number => Math.max(0, Math.min(255, 255 * toPixel(z)));
    expect(width).toBe(8);
    expect(Math.abs((levels[0] ?? NaN) - level(x))).toBeLessThan(2);
    expect(Math.abs((levels[1] ?? NaN) - level(y))).toBeLessThan(2);
    expect(levels[5]).toBe(128);
    expect(await sliderValues(view)).toEqual([x, y].map((value) => value.toFixed(2).replace("-", "−")));
  });

  it.each([28, 24, 64])(
    "shows an example and its reconstruction of %i pixels side by side, in the same size and whole",
    async (side) => {
      const shape = [side, side, 1] as const;
      const view = await drawPlane(transparentModel(2, shape, 0.5), pictures(1, shape));
      const box = await surfaceOf(view).boundingBox();
      await surfaceOf(view).hover({ position: { x: (box?.width ?? 0) / 2, y: (box?.height ?? 0) / 2 } });
      await view.page.waitForSelector(decoded);
      const seen = await view.page.locator(decoded).boundingBox();
      const room = await view.page.locator(".vaenb-beside").boundingBox();
      expect((seen?.width ?? NaN) % (2 * side + 1)).toBe(0);
      expect(seen?.width).toBeLessThanOrEqual(room?.width ?? NaN);
    },
  );

  it("is saved as a picture with its title, axes, points, and the names of the classes that are shown", async () => {
    const view = await drawPlane();
    await view.page.getByRole("button", { name: "two", exact: true }).click();
    const { name, picture } = await view.save();
    expect(name).toMatch(/^Latent-space-of-transparent-64-2.*\.png$/);
    const plane = await view.page.locator(".vaenb-plane").boundingBox();
    expect(picture.width).toBe(2 * Math.round(plane?.width ?? NaN));
    expect(picture.height).toBeGreaterThan(2 * (plane?.height ?? NaN));
    const counts = colourCounts(picture);
    const of = (hex: string): number => counts.get(rgbOf(hex)?.join() ?? "") ?? 0;
    expect([...counts].sort((a, b) => b[1] - a[1])[0]?.[0]).toBe(rgbOf("#1f1f1f")?.join());
    // The legend's discs of 10 pixels in the pure colour; the hidden class has none.
    expect(of("#3f90da")).toBeGreaterThan(200);
    expect(of("#ffa90e")).toBeGreaterThan(200);
    expect(of("#bd1f01")).toBe(0);
    expect(of("#cccccc")).toBeGreaterThan(500);
  });

  it("shows the example under the pointer beside its reconstruction", async () => {
    const view = await drawPlane(model, pictures(1, [8, 8, 1]));
    const box = await surfaceOf(view).boundingBox();
    await surfaceOf(view).hover({ position: { x: (box?.width ?? 0) / 2, y: (box?.height ?? 0) / 2 } });
    await view.page.waitForSelector(decoded);
    expect(await caption(view)).toBe("example 0, labelled zero, and its reconstruction");
    expect((await view.grays(decoded)).width).toBe(8 + 1 + 8);
  });

  it("hides a class with its button, leaves only one with a double click, and shows all again", async () => {
    const view = await drawPlane();
    const one = view.page.getByRole("button", { name: "one", exact: true });
    await one.click();
    expect(await one.getAttribute("aria-pressed")).toBe("false");
    expect((await coverage(view, colours))[1]).toBe(0);
    expect(await view.page.locator(".vaenb-tag").allTextContents()).toEqual(["zero", "two"]);
    await one.click();
    await one.dblclick();
    const [zero, alone, two] = await coverage(view, colours);
    expect([zero, two]).toEqual([0, 0]);
    expect(alone).toBeGreaterThan(100);
    await one.dblclick();
    await surfaceOf(view).hover();
    expect(Math.min(...(await coverage(view, colours)))).toBeGreaterThan(100);
  });

  it("lets a class stand out while its name is pointed at, or has the focus", async () => {
    const view = await drawPlane();
    const [zero = 0, one = 0] = await coverage(view, colours);
    await view.page.getByRole("button", { name: "one", exact: true }).hover();
    // What is faint covers less than half of a pixel's colour.
    expect(await coverage(view, colours)).toEqual([0, expect.closeTo(one, -1.7), 0]);
    await surfaceOf(view).hover();
    expect((await coverage(view, colours))[0]).toBe(zero);
    await view.page.getByRole("button", { name: "zero", exact: true }).focus();
    expect((await coverage(view, colours))[1]).toBe(0);
  });

  it.each([
    {
      tool: "Box",
      path: [
        [0, 0],
        [1, 1],
      ] as const,
    },
    { tool: "Lasso", path: [[0, 0], [1, 0], [1, 1], [0, 1]] as const }, // prettier-ignore
  ])("$tool around everything counts every example, by class", async ({ tool, path }) => {
    const view = await drawPlane();
    await view.page.getByRole("button", { name: tool }).click();
    const box = await surfaceOf(view).boundingBox();
    if (box === null) throw new Error("no plane");
    const to = ([x, y]: readonly [number, number]) =>
      [box.x + 1 + x * (box.width - 2), box.y + 1 + y * (box.height - 2)] as const;
    const [first, ...rest] = path;
    await view.page.mouse.move(...to(first));
    await view.page.mouse.down();
    for (const corner of rest) await view.page.mouse.move(...to(corner), { steps: 5 });
    await view.page.mouse.up();
    expect(await view.text()).toContain("60 examples selected: zero 20, one 20, two 20");
    await surfaceOf(view).press("Escape");
    expect(await view.text()).not.toContain("selected");
  });

  it("moves under a drag, zooms where the pointer is, and shows all again", async () => {
    const view = await drawPlane();
    const ticks = (): Promise<string[]> => view.page.locator(".vaenb-tick").allTextContents();
    const before = await ticks();
    await surfaceOf(view).click();
    await view.page.mouse.wheel(0, -600);
    await view.page.waitForFunction(
      (before) => [...document.querySelectorAll(".vaenb-tick")].map((t) => t.textContent).join() !== before,
      before.join(),
    );
    await view.page.getByRole("button", { name: "Show all points" }).click();
    await view.page.waitForFunction(
      (before) => [...document.querySelectorAll(".vaenb-tick")].map((t) => t.textContent).join() === before,
      before.join(),
    );
    const tag = view.page.locator(".vaenb-tag").first();
    const at = Number(await tag.getAttribute("x"));
    const box = await surfaceOf(view).boundingBox();
    await view.page.mouse.move((box?.x ?? 0) + 100, (box?.y ?? 0) + 100);
    await view.page.mouse.down();
    await view.page.mouse.move((box?.x ?? 0) + 130, (box?.y ?? 0) + 100);
    await view.page.mouse.up();
    await view.page.waitForFunction(
      (at) => Math.abs(Number(document.querySelector(".vaenb-tag")?.getAttribute("x")) - at - 30) < 0.5,
      at,
    );
  });

  it("lets the notebook scroll past it until it is clicked", async () => {
    const view = await drawPlane();
    const before = await view.page.locator(".vaenb-tick").allTextContents();
    await view.page.evaluate(() => (document.body.style.height = "5000px"));
    await surfaceOf(view).hover();
    await view.page.mouse.wheel(0, 300);
    await view.page.waitForFunction(() => window.scrollY > 100);
    expect(await view.page.locator(".vaenb-tick").allTextContents()).toEqual(before);
  });
});

describe("with the keyboard alone, the latent plane", () => {
  it("moves a point and decodes it", async () => {
    const view = await drawPlane();
    await surfaceOf(view).focus();
    await view.page.keyboard.press("ArrowRight");
    await view.page.waitForSelector(decoded);
    const [before = ""] = await sliderValues(view);
    for (let i = 0; i < 5; i++) await view.page.keyboard.press("ArrowRight");
    await view.page.keyboard.press("ArrowUp");
    const [x = "", y = ""] = await sliderValues(view);
    expect(Number(x.replace("−", "-"))).toBeGreaterThan(Number(before.replace("−", "-")));
    await view.page.waitForFunction(
      (text) => document.querySelector(".vaenb-decoded .vaenb-note")?.textContent === text,
      `z[0] = ${x}, z[1] = ${y}`,
    );
    expect(await view.page.locator(".vaenb-cross").getAttribute("visibility")).toBe("visible");
  });

  it("goes to the nearest example with Enter", async () => {
    const view = await drawPlane();
    await surfaceOf(view).press("Enter");
    await view.page.waitForSelector(decoded);
    expect(await caption(view)).toMatch(/^example \d+, labelled \w+, and its reconstruction$/);
    expect(await view.page.locator(".vaenb-ring").getAttribute("visibility")).toBe("visible");
  });

  it("selects with Shift and the arrow keys, and lets go with Escape", async () => {
    const view = await drawPlane();
    await selectAllByKeys(view);
    expect(await view.text()).toContain("60 examples selected: zero 20, one 20, two 20");
    await view.page.keyboard.press("Escape");
    expect(await view.text()).not.toContain("selected");
  });

  it("zooms with plus and minus, hides classes and takes tools with the Tab key", async () => {
    const view = await drawPlane();
    await surfaceOf(view).focus();
    const before = await view.page.locator(".vaenb-tick").allTextContents();
    for (let i = 0; i < 6; i++) await view.page.keyboard.press("+");
    await view.page.waitForFunction(
      (before) => [...document.querySelectorAll(".vaenb-tick")].map((t) => t.textContent).join() !== before,
      before.join(),
    );
    const reached: string[] = [];
    for (let i = 0; i < 13; i++) {
      await view.page.keyboard.press("Tab");
      reached.push(
        await view.page.evaluate(() => {
          const at = document.activeElement;
          return at?.getAttribute("aria-label") ?? at?.textContent ?? "";
        }),
      );
    }
    expect(reached).toEqual([
      ...["zero", "one", "two"],
      ...["Move", "Box", "Lasso", "Zoom out", "Zoom in", "Show all points"],
      ...["Copy the plane as a picture", "Save the plane as a PNG file"],
      ...["z[0]", "z[1]"],
    ]);
  });
});

describe("the latent view", () => {
  it("decodes with its sliders", async () => {
    const view = await drawPlane();
    await view.page.getByRole("slider", { name: "z[0]" }).press("ArrowRight");
    await view.page.waitForSelector(decoded);
  });

  it("says politely that no kernel runs", async () => {
    const view = await open();
    await view.draw(await plot.latentSpace(model, data));
    await view.page.getByRole("slider", { name: "z[0]" }).press("ArrowRight");
    await view.page.waitForFunction(() =>
      document.body.innerText.includes("No kernel is running: run this cell again"),
    );
  });

  it("lets other axes be chosen among more than two dimensions", async () => {
    const view = await drawPlane(transparentModel(4, [8, 8, 1]));
    const [first] = await view.page.locator(".vaenb-axis").allTextContents();
    expect(first).toMatch(/^PC 1 \(\d+ % of the variance\)$/);
    await view.page.getByRole("combobox", { name: "to the right" }).selectOption("z[3]");
    await view.page.waitForFunction(() =>
      document.querySelector(".vaenb-axis")?.textContent?.startsWith("z[3] (KL"),
    );
    expect(await view.page.getByRole("slider").evaluateAll((all) => all.map((s) => s.ariaLabel))).toEqual([
      "z[3]",
      "PC 2",
    ]);
  });

  it("keeps sliders, view and hidden classes when the theme changes and when its data come anew", async () => {
    const view = await drawPlane();
    await view.page.getByRole("slider", { name: "z[0]" }).fill("1");
    await view.page.getByRole("button", { name: "two", exact: true }).click();
    const [before] = await sliderValues(view);
    await view.page.evaluate(() => {
      document.body.className = "vscode-light";
      document.documentElement.style.setProperty("--vscode-editor-background", "#ffffff");
    });
    await view.draw(await plot.latentSpace(model, data));
    expect((await sliderValues(view))[0]).toBe(before);
    expect((await coverage(view, colours))[2]).toBe(0);
  });

  it("draws a single dimension over its posterior standard deviation, with one slider", async () => {
    const view = await drawPlane(transparentModel(1, [8, 8, 1]));
    expect(await view.page.locator(".vaenb-axis").allTextContents()).toEqual([
      expect.stringMatching(/^z\[0\]/),
      "posterior standard deviation",
    ]);
    expect(await view.page.getByRole("slider").count()).toBe(1);
    await view.page.getByRole("slider").press("ArrowRight");
    await view.page.waitForSelector(decoded);
  });

  it("draws 10,000 classes: the first have names, the others unfold", async () => {
    const view = await open();
    const names = Array.from({ length: 10_000 }, (_, i) => `class ${i}`);
    const of = Uint16Array.from({ length: 20_000 }, (_, i) => i % names.length);
    const bdata = Buffer.from(of.buffer).toString("base64");
    const labels = { names, colours: names.map(() => "#3f90da"), of: { dtype: "u2", bdata } };
    await view.drawMime("application/vnd.vaenb.latent+json", { ...cloud(20_000), labels });
    await view.page.waitForSelector("canvas[data-points='20000']");
    const buttons = view.page.locator(".vaenb-legend button");
    expect(await buttons.count()).toBe(60);
    expect((await surfaceOf(view).getAttribute("aria-label"))?.length).toBeLessThan(500);
    await view.page.locator("button", { hasText: "Box" }).click();
    const box = await surfaceOf(view).boundingBox();
    if (box === null) throw new Error("no plane");
    await view.page.mouse.move(box.x + 1, box.y + 1);
    await view.page.mouse.down();
    await view.page.mouse.move(box.x + box.width - 1, box.y + box.height - 1, { steps: 2 });
    await view.page.mouse.up();
    const text = await view.text("p.vaenb-note:has-text('selected')");
    expect(text).toMatch(/^20,000 examples selected: class \d+ 2, .* and 9,980 more$/);
    expect(text.length).toBeLessThan(500);
    await view.page.locator("summary", { hasText: "9,940 more classes" }).click();
    await expect.poll(() => buttons.count()).toBe(10_000);
    await buttons.nth(77).click();
    expect(await buttons.nth(77).getAttribute("aria-pressed")).toBe("false");
  });

  it.each([0, 1])("is drawn of %i examples", async (count) => {
    const view = await open();
    await view.drawMime("application/vnd.vaenb.latent+json", cloud(count));
    await view.page.waitForSelector(`canvas[data-points="${count}"]`);
    await surfaceOf(view).press("Enter");
    expect(await surfaceOf(view).getAttribute("aria-label")).toMatch(
      count === 1 ? /^1 posterior mean,/ : /^0 posterior means,/,
    );
    expect((await view.save()).picture.width).toBeGreaterThan(500);
  });

  it("draws 60,000 points and a million, and takes no WebGL context", async () => {
    const view = await open();
    for (const count of [60_000, 1_000_000])
      await view.page.evaluate(
        async ({ count, data }) => {
          await (
            window as unknown as { drawOutput(mime: string, data: unknown, id: string): Promise<void> }
          ).drawOutput("application/vnd.vaenb.latent+json", data, `of-${count}`);
          if (!document.querySelector(`#of-${count} canvas[data-points="${count}"]`))
            throw new Error("no points");
        },
        { count, data: cloud(count) },
      );
    // A canvas that has a plain context gives no other.
    const drawnPlainly = await view.page
      .locator("canvas[data-points]")
      .evaluateAll((all) => all.map((canvas) => (canvas as HTMLCanvasElement).getContext("webgl2") === null));
    expect(drawnPlainly).toEqual([true, true]);
  });
});

/** A view of many points on a spiral, as a figure would send it. */
function cloud(count: number) {
  const turn = (part: (angle: number) => number) => {
    const values = Uint16Array.from({ length: count }, (_, i) =>
      Math.round(32_767 * (1 + (i / count) * part(i * 2.399_963))),
    );
    return {
      low: -3,
      high: 3,
      values: { dtype: "u2", bdata: Buffer.from(values.buffer).toString("base64") },
    };
  };
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 3);
  return {
    title: "Latent space of a spiral",
    count,
    axes: [
      { name: "z[0]", kind: "dimension", kl: 2, points: turn(Math.cos) },
      { name: "z[1]", kind: "dimension", kl: 2, points: turn(Math.sin) },
    ],
    moreAxes: [],
    labels: {
      names: ["zero", "one", "two"],
      colours,
      of: { dtype: "u1", bdata: Buffer.from(labels).toString("base64") },
    },
    questions: ["decodePlane", "example", "axis"],
  };
}
