import { describe, expect, it } from "vitest";
import { answer } from "../../src/vae/host";
import {
  datasetFigure,
  gradientCheckFigure,
  modelFigure,
  plot,
  runFigure,
  scoreFigure,
  tensorFigure,
} from "../../src/vae/figures";
import {
  fallingRun,
  gradientCheck,
  modelSummary,
  pictures,
  score,
  transparentModel,
} from "../vae/figures/fakes";
import type { ValueView } from "../../src/protocol/views";
import { valueTree } from "../../src/kernel/output/valueTree";
import { everyView } from "./everyView";
import { webviews } from "./page";

const open = webviews();

const data = pictures(60, [8, 8, 1]);
const model = transparentModel(2, [8, 8, 1], 0.5);

describe("the images view", () => {
  it("draws each pixel once and lets the page enlarge it by a whole factor", async () => {
    const view = await open();
    await view.draw(await plot.reconstructions(model, data, { count: 5 }));
    const { width, height, levels } = await view.grays("#output canvas");
    expect([width, height]).toEqual([5 * 9 - 1, 2 * 9 - 1]);
    expect(levels[9 * width + 4]).toBe(128);
    expect(await view.enlargement()).toEqual({ factor: 10, rendering: "pixelated" });
    expect(await view.text()).toMatch(/original\s+reconstruction/);
  });

  it("is walked through with the keyboard, and says what each picture is", async () => {
    const view = await open();
    await view.draw(await plot.reconstructions(model, data, { count: 5 }));
    await view.page.getByRole("application").focus();
    await view.page.keyboard.press("ArrowRight");
    await view.page.keyboard.press("ArrowRight");
    expect(await view.text()).toContain("example 1, labelled one");
    await view.page.keyboard.press("ArrowDown");
    expect(await view.text()).toContain("reconstruction of example 1, labelled one");
  });

  it("copies the picture as it is seen", async () => {
    const view = await open();
    await view.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await view.draw(await plot.samples(model, { count: 4 }));
    const { factor } = await view.enlargement();
    const canvas = view.page.locator(".vaenb-pictures canvas");
    const width = await canvas.evaluate((canvas: HTMLCanvasElement) => canvas.width);
    await view.page.getByRole("button", { name: "Copy" }).click();
    await view.page.getByText("Copied.").waitFor();
    const copied = await view.page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      const blob = await item?.getType("image/png");
      return blob ? (await createImageBitmap(blob)).width : 0;
    });
    expect(copied).toBe(width * factor);
  });

  it("is as wide as its cell allows, also when that changes, until a person chooses", async () => {
    const view = await open();
    await view.draw(await plot.samples(model, { count: 64 }));
    const before = (await view.enlargement()).factor;
    await view.page.setViewportSize({ width: 200, height: 900 });
    await view.page.waitForFunction((before) => {
      const canvas = document.querySelector<HTMLCanvasElement>(".vaenb-pictures canvas");
      return canvas !== null && parseFloat(canvas.style.width) / canvas.width < before;
    }, before);
    const chosen = (await view.enlargement()).factor + 1;
    await view.page.getByRole("button", { name: "Larger" }).click();
    await view.page.setViewportSize({ width: 900, height: 900 });
    await view.page.waitForTimeout(200);
    expect((await view.enlargement()).factor).toBe(chosen);
  });

  it("zooms, and saves a PNG that is as crisp", async () => {
    const view = await open();
    await view.draw(await plot.samples(model, { count: 4 }));
    expect((await view.enlargement()).factor).toBe(10);
    await view.page.getByRole("button", { name: "Larger" }).click();
    expect((await view.enlargement()).factor).toBe(11);
    const { name, picture } = await view.save();
    expect(name).toBe("Samples-of-transparent-64-2.png");
    expect(picture.width).toBe(11 * (2 * 9 - 1));
  });
});

describe("the manifold and traversal views", () => {
  it("the manifold decodes between its pictures", async () => {
    const figure = await plot.manifold(model, { size: 5 });
    const view = await open({ output: figure });
    await view.draw(figure);
    await view.enlargement();
    const box = await view.page.locator("#output canvas").first().boundingBox();
    if (box === null) throw new Error("no canvas");
    await view.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await view.page.waitForSelector(".vaenb-decoded canvas:not([hidden])");
    expect(await view.page.innerText(".vaenb-decoded .vaenb-note")).toMatch(/^z = \(−?0\.0\d, −?0\.0\d\)$/);
    const { levels } = await view.grays(".vaenb-decoded canvas");
    expect(Math.abs((levels[0] ?? NaN) - 128)).toBeLessThanOrEqual(2);
  });

  it("the manifold is saved with its axes, and with every pixel of its pictures", async () => {
    const figure = await plot.manifold(transparentModel(2, [28, 28, 1], 0.5), { size: 20 });
    const view = await open({}, "light");
    await view.page.setViewportSize({ width: 420, height: 900 });
    await view.draw(figure);
    expect((await view.enlargement()).factor).toBeLessThan(1);
    const { picture } = await view.save();
    expect(Math.min(picture.width, picture.height)).toBeGreaterThan(560);
    const gray = (x: number, y: number): number => picture.data[(y * picture.width + x) * 4] ?? NaN;
    // The pictures are what is in one block of half gray; each begins with its two coordinates, a pixel each.
    const [columns, rows] = [Array.from({ length: picture.width }, (_, x) => x), []] as [number[], number[]];
    for (let y = 0; y < picture.height; y++) rows.push(y);
    const across = columns.filter((x) => rows.filter((y) => gray(x, y) === 128).length > 300);
    const down = rows.filter((y) => columns.filter((x) => gray(x, y) === 128).length > 300);
    expect([across.length, down.length]).toEqual([560, 560]);
    const [left, top] = [across[0] ?? NaN, down[0] ?? NaN];
    const level = (value: number): number => Math.round(255 * ((value + 2) / 4));
    // As many quantiles of the normal distribution as there are pictures: the first is -1.96, to the right and up.
    expect(gray(left, top)).toBeCloseTo(level(-1.96), -0.5);
    expect(gray(left + 1, top)).toBeCloseTo(level(1.96), -0.5);
    expect(gray(left + 19 * 28, top)).toBeCloseTo(level(1.96), -0.5);
    // Names, in the editor's foreground, above and to the left.
    const dark = (xs: readonly number[], ys: readonly number[]): number =>
      ys.reduce((sum, y) => sum + xs.filter((x) => gray(x, y) < 110).length, 0);
    expect(dark(columns, rows.slice(0, top))).toBeGreaterThan(60);
    expect(dark(columns.slice(0, left), rows)).toBeGreaterThan(60);
  });

  it("a slider per dimension moves the latent point, live", async () => {
    const figure = await plot.traversals(transparentModel(3, [8, 8, 1]), data);
    const view = await open({ output: figure });
    await view.draw(figure);
    const slider = view.page.getByRole("slider").first();
    await slider.fill("2.01");
    await view.page.waitForSelector(".vaenb-decoded canvas:not([hidden])");
    const dimension = Number(/z\[(\d)\]/.exec((await slider.getAttribute("aria-label")) ?? "")?.[1]);
    expect((await view.grays(".vaenb-decoded canvas")).levels[dimension]).toBe(255);
    expect(await view.page.getByRole("slider").count()).toBe(3);
    await view.page.getByRole("button", { name: "Back to the start" }).click();
    await view.page.getByText("the start", { exact: true }).waitFor();
    expect((await view.grays(".vaenb-decoded canvas")).levels[dimension]).toBeLessThan(255);
  });

  it("says that it waits while a cell holds the kernel", async () => {
    const figure = await plot.traversals(transparentModel(3, [8, 8, 1]), data);
    let answers = (): void => {};
    const held = new Promise<void>((resolve) => (answers = resolve));
    const slow = {
      [answer]: (question: string, payload: unknown) => held.then(() => figure[answer](question, payload)),
    };
    const view = await open({ output: slow });
    await view.draw(figure);
    await view.page.getByRole("slider").first().fill("2.01");
    await view.page.getByText("Waiting for the kernel, which runs a cell.").waitFor();
    answers();
    await view.page.getByText(/^z\[\d\] = 2/).waitFor();
  });
});

describe("the tables", () => {
  it.each([
    {
      name: "model",
      figure: () => modelFigure({ summary: modelSummary }),
      shows: [/dense 400, relu\s+\[400\]\s+314,000/, /nats per example/, /engine\s+compiled/],
    },
    {
      name: "score",
      figure: () => scoreFigure(score),
      shows: [
        /ELBO\s+-151\.23\s+nats per example/,
        /2 of 3 dimensions active/,
        /z\[2\]\s+0\.03\s+0\.0001\s+inactive/,
      ],
    },
    {
      name: "gradient check",
      figure: () => gradientCheckFigure(gradientCheck),
      shows: [/hidden\s+\[784, 400\]/, /Gradients differ/],
    },
    {
      name: "tensor",
      figure: () => tensorFigure({ shape: [2, 2], dtype: "float32", values: Float32Array.of(1, 2, 3, 4.5) }),
      shows: [/tensor float32 \[2, 2\]/, /4 values, 1 to 4\.5/, /3\s+4\.5/],
    },
    {
      name: "dataset",
      figure: () => datasetFigure(data),
      shows: [
        /pictures\s+60\s+8 × 8 × 1/,
        /3 classes, examples of each in pictures: zero \(20\), one \(20\), two \(20\)/,
      ],
    },
    {
      name: "KL",
      figure: () => plot.klPerDimension(model, data),
      shows: [/2 of 2 dimensions active/, /KL \(nats per example\)/],
    },
  ])("the $name view shows its numbers with their units", async ({ figure, shows }) => {
    const view = await open();
    await view.draw(await figure());
    await view.page.waitForSelector("#output table", { state: "attached" });
    const text = await view.text();
    for (const pattern of shows) expect(text).toMatch(pattern);
  });
});

describe("the dataset view", () => {
  it("says of data that hold no number that there is none", async () => {
    const view = await open();
    const { data: whole } = datasetFigure(data);
    const sets = whole.sets.map((set) => ({ ...set, min: null, max: null, nan: 3_840 }));
    await view.drawMime("application/vnd.vaenb.dataset+json", { ...whole, sets });
    expect(await view.page.locator("#output td").last().innerText()).toBe("3,840 not a number");
  });
});

describe("the value view", () => {
  it("unfolds level by level, with the keyboard too", async () => {
    const view = await open();
    const { tree }: { tree: ValueView } = valueTree({ a: 1, deep: { list: [1, 2, { end: "here" }] } });
    await view.drawMime("application/vnd.vaenb.value+json", tree);
    expect(await view.text()).toMatch(/a: 1/);
    expect(await view.text()).not.toContain("'here'");
    for (const name of [/^deep/, /^list/, /^2:/])
      await view.page.locator("summary", { hasText: name }).last().press("Enter");
    expect(await view.text()).toContain("end: 'here'");
  });
});

describe("any output", () => {
  it("plotly charts that people return are drawn over the editor's background", async () => {
    const view = await open();
    const own = {
      data: [{ type: "bar", name: "mine", x: [1, 2], y: [3, 4] }],
      layout: { title: { text: "Mine" } },
    };
    await view.drawMime("application/vnd.plotly.v1+json", own);
    const { data: traces, layout } = await view.chart();
    expect(traces[0]).toMatchObject({ type: "bar", y: [3, 4] });
    expect(layout.paper_bgcolor).toBe("rgba(0, 0, 0, 0)");
  });

  it("says which traces of a person's chart it does not draw, and draws the others", async () => {
    const view = await open();
    const data = [
      { type: "scatter3d", name: "deep", x: [1], y: [2], z: [3] },
      { type: "bar", name: "flat", x: [1, 2], y: [3, 4] },
    ];
    await view.drawMime("application/vnd.plotly.v1+json", { data });
    await view.page.getByText("Not drawn here: scatter3d. Drawn are scatter,").waitFor();
    expect((await view.chart()).data).toHaveLength(1);
  });

  it("gives the values of plotly charts to the keyboard and to screen readers", async () => {
    const view = await open();
    const x = Array.from({ length: 5_000 }, (_, i) => i);
    const own = {
      data: [
        { type: "bar", name: "mine", x: ["one", "two"], y: [3, 4.25] },
        { type: "scatter", name: "many", x, y: x },
      ],
      layout: { title: { text: "Mine" } },
    };
    await view.drawMime("application/vnd.plotly.v1+json", own);
    await view.chart();
    expect(await view.page.locator(".vaenb-chart").getAttribute("aria-label")).toBe(
      "Mine; bar “mine”, 2 points; scatter “many”, 5,000 points",
    );
    await view.page.locator("summary", { hasText: "Values" }).press("Enter");
    await view.page.getByRole("row", { name: /two\s+4\.25/ }).waitFor();
    expect(await view.text()).toContain("and 4,900 more rows");
    const box = view.page.getByRole("group", { name: "scatter “many”, 5,000 points", exact: true });
    await box.focus();
    await view.page.keyboard.press("End");
    await view.page.waitForFunction(
      () => [...document.querySelectorAll(".vaenb-values .vaenb-scrolling")].at(-1)?.scrollTop !== 0,
    );
  });

  it("offers no button that would send a chart to a server, whatever the chart asks for", async () => {
    const view = await open();
    const own = {
      data: [{ type: "bar", x: [1], y: [1] }],
      config: { showSendToCloud: true, plotlyServerURL: "https://example.com", displayModeBar: true },
    };
    await view.drawMime("application/vnd.plotly.v1+json", own);
    await view.chart();
    const buttons = await view.page.locator(".modebar-btn").evaluateAll((all) => all.map((b) => b.ariaLabel));
    expect(buttons).toContain("Autoscale");
    expect(buttons.join()).not.toMatch(/share|cloud|edit/i);
  });

  it.each(["heatmap", "histogram", "box", "violin", "contour", "histogram2d", "scattergl", "pie"])(
    "knows %s charts",
    async (type) => {
      const view = await open();
      const own = {
        data: [
          {
            type,
            x: [1, 2, 3],
            y: [3, 4, 5],
            z: [
              [1, 2],
              [3, 4],
            ],
            values: [1, 2],
            labels: ["a", "b"],
          },
        ],
      };
      await view.drawMime("application/vnd.plotly.v1+json", own);
      await view.page.waitForSelector(".main-svg", { state: "attached" });
      const drawn = await view.page.evaluate(() => {
        const plot = document.querySelector(".vaenb-chart") as unknown as { _fullData: { type: string }[] };
        return plot._fullData.map((trace) => trace.type);
      });
      expect(drawn).toEqual([type]);
    },
  );

  it("shows the newest of its data, though another output of the notebook is drawn meanwhile", async () => {
    const view = await open();
    await Promise.all([
      view.draw(runFigure(fallingRun()), "first"),
      view.draw(scoreFigure(score), "second"),
      view.draw(runFigure(fallingRun({ status: "finished" })), "first"),
    ]);
    expect(await view.text("#first")).toContain("finished");
    expect(await view.text("#second")).toContain("ELBO");
    expect(await view.page.locator("#first section").count()).toBe(1);
  });

  it("that cannot be drawn says so in its place", async () => {
    const view = await open();
    await view.drawMime("application/vnd.vaenb.images+json", { title: "damaged" });
    expect(await view.page.getByRole("alert").innerText()).toMatch(
      /^This output cannot be drawn: .* Run its cell again\.$/,
    );
  });

  it("is drawn anew when whole data follow damaged ones", async () => {
    const view = await open();
    await view.draw(scoreFigure(score));
    await view.drawMime("application/vnd.vaenb.score+json", { title: "damaged" });
    expect(await view.text()).toBe(
      "This output cannot be drawn: another version of VAE Notebook made it, or the file was changed (its data.metrics: expected an array, got undefined). Run its cell again.",
    );
    await view.draw(scoreFigure(score));
    expect(await view.text()).toContain("ELBO");
  });

  it("that is gone watches nothing any more", async () => {
    const view = await open();
    await view.page.evaluate(() => {
      const watching = new Set<object>();
      Object.assign(window, { watching });
      for (const { prototype } of [ResizeObserver, MutationObserver]) {
        const { observe, disconnect } = prototype as {
          readonly observe: (this: object, ...of: unknown[]) => void;
          readonly disconnect: (this: object) => void;
        };
        Object.assign(prototype, {
          observe(this: object, ...of: unknown[]) {
            watching.add(this);
            observe.apply(this, of);
          },
          disconnect(this: object) {
            watching.delete(this);
            disconnect.apply(this);
          },
        });
      }
    });
    const watching = (): Promise<number> =>
      view.page.evaluate(() => (window as unknown as { watching: Set<object> }).watching.size);
    for (const [name, make] of Object.entries(everyView)) await view.draw(await make(), name);
    await view.page.waitForSelector("#latent canvas[data-points]");
    expect(await watching()).toBeGreaterThan(5);
    for (const name of Object.keys(everyView)) await view.dispose(name);
    expect(await watching()).toBe(0);
  });

  it("that goes while its chart is being drawn leaves nothing behind", async () => {
    const view = await open();
    const own = { data: [{ type: "scattergl", x: [1, 2], y: [3, 4] }] };
    const contexts = (): Promise<number> => view.page.locator("canvas.gl-canvas").count();
    await view.drawMime("application/vnd.plotly.v1+json", own);
    await view.page.waitForSelector("canvas.gl-canvas", { state: "attached" });
    await view.dispose();
    await view.page.waitForFunction(() => document.querySelectorAll("canvas.gl-canvas").length === 0);
    await view.drawMime("application/vnd.plotly.v1+json", own);
    await view.dispose();
    await view.page.waitForTimeout(1_500);
    expect(await contexts()).toBe(0);
  });

  it("leaves nothing on the page by which the page's own HTML could send messages", async () => {
    const view = await open();
    await view.draw(runFigure(fallingRun()));
    await view.drawMime(
      "application/vnd.plotly.v1+json",
      { data: [{ type: "bar", x: [1], y: [1] }] },
      "chart",
    );
    await view.chart("chart");
    const reachable = await view.page.evaluate(() => {
      const frame = document.createElement("iframe");
      document.body.append(frame);
      const usual = new Set(Object.getOwnPropertyNames(frame.contentWindow));
      frame.remove();
      return Object.getOwnPropertyNames(window).filter((name) => !usual.has(name));
    });
    // What this test's page and its driver put there, and plotly's own marks; nothing of it posts messages.
    const known =
      /^(renderer|drawOutput|toExtension|__playwright|__pw|Plotly|\d+$|_Plotly|PlotlyConfig|PolyBool$|__TYPEDARRAY_POOL$)/;
    expect(reachable.filter((name) => !known.test(name))).toEqual([]);
  });

  it("reads no text of a notebook as HTML", async () => {
    const view = await open();
    await view.drawMime("application/vnd.vaenb.table+json", {
      title: "<img src=x onerror=document.title='harmed'>",
      columns: [{ name: "<b>a</b>", align: "left" }],
      rows: [{ cells: ["<script>1</script>"] }],
    });
    expect(await view.text()).toContain("<img src=x");
    expect(await view.page.title()).toBe("outputs");
  });
});
