import { expect, it } from "vitest";
import { plot } from "../../src/vae/figures";
import { display } from "../../src/vae/host";
import { pictures, transparentModel } from "../vae/figures/fakes";
import { viewMime } from "../../src/protocol/views";
import { pages, readThrough } from "./browser";
import { notebook, printed, realPage, shown } from "./notebooks";

const open = pages();

it("gives HTML that a cell made a frame as tall as it is, in which its scripts run and reach nothing", async () => {
  const html = `<div style="height: 137px"><button onclick="this.textContent = 'clicked'">press</button></div>
    <p id="result"></p><script>
      const tried = [];
      for (const [name, act] of Object.entries({
        parent: () => parent.document.title,
        storage: () => localStorage.length,
        evaluate: () => eval("1"),
      })) { try { act(); tried.push(name + " open"); } catch { tried.push(name + " closed"); } }
      fetch("https://example.org/").catch(() => tried.push("network closed")).then(() => {
        document.getElementById("result").textContent = tried.join(", ");
      });
    </script>`;
  const page = await open(realPage(notebook({ code: "x", outputs: [shown({ "text/html": html })] })), {
    expected: /Content Security Policy|Refused to|violates/,
  });
  const frame = page.frameLocator(".output.frame iframe");
  await frame.getByText("network closed").waitFor();
  expect(await frame.locator("#result").innerText()).toBe(
    "parent closed, storage closed, evaluate closed, network closed",
  );
  await frame.getByRole("button").click();
  expect(await frame.getByRole("button").innerText()).toBe("clicked");
  const height = (): Promise<number> => page.locator("iframe").evaluate((one) => one.clientHeight);
  await expect.poll(height).toBeGreaterThan(150);
  const before = await height();
  await frame.locator("div[style]").evaluate((one: HTMLElement) => (one.style.height = "437px"));
  await expect.poll(height).toBe(before + 300);
});

it("runs nothing that a notebook says outside of such a frame", async () => {
  const attack = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>";
  const breakout = `</script><script>window.hacked = 1</script><!--<script>`;
  const everywhere = [attack, breakout].flatMap((text) => [
    printed(text),
    shown({ "text/plain": text }),
    shown({ "text/markdown": text }),
    shown({ "image/svg+xml": `<svg xmlns="http://www.w3.org/2000/svg">${text}</svg>` }),
    shown({
      [viewMime("table")]: {
        title: text,
        columns: [{ name: text, align: "left" }],
        rows: [{ cells: [text] }],
      },
    }),
    shown({ [viewMime("value")]: { type: text, preview: text } }),
  ]);
  const page = await open(
    realPage(
      notebook(
        { markdown: `# ${attack}\n${breakout}` },
        { code: `${attack}${breakout}`, outputs: everywhere },
      ),
    ),
  );
  await readThrough(page);
  await page.waitForTimeout(300);
  expect(await page.evaluate("window.hacked")).toBeUndefined();
  expect(await page.locator("[data-view=table]").first().innerText()).toContain(attack);
});

it("draws plotly charts of people, also with WebGL, and gives far ones back", async () => {
  const chart = (i: number, type = "scatter") =>
    shown({
      "application/vnd.plotly.v1+json": {
        data: [{ type, mode: "markers", x: [1, 2, 3], y: [i, 2, 1] }],
        layout: { title: { text: `chart ${i}` } },
      },
    });
  const cells = Array.from({ length: 10 }, (_, i) => ({ code: `chart(${i})`, outputs: [chart(i)] }));
  // Chromium warns of slow reading where WebGL is drawn by software.
  const page = await open(realPage(notebook({ code: "gl", outputs: [chart(10, "scattergl")] }, ...cells)), {
    expected: /GPU stall|GL Driver Message/,
  });
  const chartIn = (cell: number) => page.locator(`#cell_${cell} .gtitle`);
  await chartIn(1).waitFor();
  expect(await page.locator("#cell_1 .gl-canvas").count()).toBeGreaterThan(0);
  for (let cell = 2; cell <= 11; cell++) {
    await page.evaluate((id) => document.getElementById(id)?.scrollIntoView(), `cell_${cell}`);
    await chartIn(cell).waitFor();
  }
  // What is far is given back a moment after the page was scrolled.
  await expect.poll(() => page.locator(".output.view.mounted").count()).toBeLessThan(10);
  await expect.poll(() => page.locator(".gl-canvas").count()).toBe(0);
  await page.evaluate(() => document.getElementById("cell_1")?.scrollIntoView());
  await chartIn(1).waitFor();
});

it("puts all of itself on paper, in light colours", async () => {
  const data = pictures(40, [8, 8, 1]);
  const figure = await plot.reconstructions(transparentModel(3, [8, 8, 1], 0.5), data);
  const { "image/png": _, ...views } = figure[display]() as Record<string, never>;
  const far = Array.from({ length: 60 }, (_, i) => ({ markdown: `Paragraph ${i}\n\n## Part ${i}` }));
  const page = await open(realPage(notebook(...far, { code: "plot", outputs: [shown(views)] })), {
    colorScheme: "dark",
  });
  expect(await page.locator(".output.view.mounted").count()).toBe(0);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await page.evaluate("window.dispatchEvent(new Event('beforeprint'))");
  await page.waitForSelector(".output.view.mounted canvas", { state: "attached" });
  expect(await page.evaluate("getComputedStyle(document.documentElement).backgroundColor")).toBe(
    "rgb(255, 255, 255)",
  );
  expect(
    await page
      .locator(".contents, .bar")
      .evaluateAll((all) => all.map((one) => getComputedStyle(one).display)),
  ).toEqual(["none", "none"]);
});
