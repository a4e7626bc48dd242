import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { seriousFindings } from "../chromium";
import { root, vaenb } from "../cli/program";
import { pages, readThrough, reveal } from "./browser";

const example = path.join(root, "examples/first-vae.vaenb");
const executed = path.join(root, ".cache/test/export/first-vae.vaenb");
const exportedFile = path.join(root, ".cache/test/export/first-vae.html");
const age = (file: string): number => statSync(file).mtimeMs;

let html = "";
beforeAll(async () => {
  const isFresh =
    existsSync(executed) &&
    age(executed) >
      Math.max(age(example), age(path.join(root, "dist/vae.cjs")), age(path.join(root, "dist/kernel.cjs")));
  mkdirSync(path.dirname(executed), { recursive: true });
  if (!isFresh)
    expect(await vaenb("run", example, "--output", executed, "--quiet")).toMatchObject({ code: 0 });
  const { code, stderr } = await vaenb("export", executed, "--to", "html", "--force");
  expect([code, stderr]).toEqual([0, `Wrote ${exportedFile}.\n`]);
  html = readFileSync(exportedFile, "utf8");
}, 600_000);

const open = pages();

it("shows every view of the first notebook with what is in it", async () => {
  const page = await open(html);
  expect(await page.title()).toBe("Your first VAE");
  expect(await page.locator(".contents li").allInnerTexts()).toEqual([
    "The data",
    "The model",
    "Training",
    "What has it learned?",
    "How good is it?",
    "Keep it",
  ]);
  const textOf = (view: string): Promise<string> =>
    page.locator(`.output.view[data-view="${view}"]`).first().innerText();

  await reveal(page, "dataset");
  expect(await textOf("dataset")).toMatch(/digits train\s+20,000\s+28 × 28 × 1\s+0 to 1/);
  await reveal(page, "model");
  expect(await textOf("model")).toMatch(/weights\s+631,188/);
  await reveal(page, "training");
  expect(await textOf("training")).toMatch(/finished · epoch 10 of 10 · step 1,563 of 1,563/);
  const panels = page.locator("[data-view=training] .vaenb-lines > svg > g");
  expect(await panels.count()).toBe(3);
  for (const panel of await panels.all())
    // Training through its points, validation dashed over it.
    expect(await panel.locator("path[stroke-width='1.75'][d^=M]").count()).toBe(2);
  await reveal(page, "images");
  expect(
    await page.locator("[data-view=images] [role=application]").first().getAttribute("aria-label"),
  ).toMatch(/20 pictures of 28 by 28 pixels in 2 rows of 10; rows: original, reconstruction/);
  await reveal(page, "latent");
  expect(await page.locator("[data-view=latent]").innerText()).toMatch(
    /0\s+1\s+2\s+3\s+4\s+5\s+6\s+7\s+8\s+9/,
  );
  await reveal(page, "manifold");
  expect(await page.locator("[data-view=manifold] [role=application]").getAttribute("aria-label")).toMatch(
    /400 pictures of 28 by 28 pixels/,
  );
  await reveal(page, "score");
  expect(await textOf("score")).toMatch(/ELBO\s+-1[23]\d\.\d\d\s+nats per example/);
  expect(await page.locator(".output.stream").innerText()).toMatch(/^ELBO -1[23]\d\.\d\d nats per example/);
});

it("draws an output when a reader comes near, and not before", async () => {
  const page = await open(html);
  await reveal(page, "dataset");
  expect(await page.locator(".output.view[data-view=score].mounted").count()).toBe(0);
  await reveal(page, "score");
});

it("says that no kernel is behind it before anybody tries, and offers nothing that would need one", async () => {
  const page = await open(html);
  await reveal(page, "manifold");
  const manifold = page.locator("[data-view=manifold]");
  await manifold.getByText("No kernel is behind this page").waitFor();
  expect(await manifold.locator("input[type=range]").count()).toBe(0);
  await reveal(page, "latent");
  const latent = page.locator("[data-view=latent]");
  await latent.getByText("No kernel is behind this page").waitFor();
  expect(await latent.locator("input[type=range]:visible").count()).toBe(0);
  // What needs no kernel is there: which example a point is.
  await latent.getByRole("application").press("Enter");
  await latent.getByText(/^example [\d,]+, labelled \d$/).waitFor();
});

describe.each(["light", "dark"] as const)("in the %s theme", (colorScheme) => {
  it.each([1280, 420])("has no serious finding of axe, and fits a window of %i pixels", async (width) => {
    const page = await open(html, { colorScheme, width });
    await readThrough(page);
    expect(await seriousFindings(page)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
  });
});

it("changes its theme, charts included, and remembers it", async () => {
  const page = await open(html);
  await reveal(page, "training");
  const tick = page.locator("[data-view=training] .vaenb-lines g[text-anchor=end] text").first();
  await tick.waitFor({ state: "attached" });
  const before = await tick.evaluate((one) => getComputedStyle(one).fill);
  await page.getByRole("button", { name: "Switch to the dark theme" }).click();
  await expect.poll(() => tick.evaluate((one) => getComputedStyle(one).fill)).not.toBe(before);
  expect(await page.evaluate("getComputedStyle(document.documentElement).backgroundColor")).toBe(
    "rgb(20, 24, 31)",
  );
  await page.reload();
  // The page's script may run a moment after its load.
  await expect.poll(() => page.evaluate("document.documentElement.dataset.theme")).toBe("dark");
});
