// A notebook that begins without a file: it is run, and gets its name then.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { windowOn } from "./window.mjs";
import { until } from "./workbench.mjs";

const { promise } = windowOn((folder) => mkdirSync(path.join(folder, "week 2")));

async function newBlank({ page, bench }) {
  const blank = page.locator(".quick-input-list .monaco-list-row", { hasText: "Blank" });
  // A window that was just opened does not know the command yet.
  await until(async () => {
    await page.keyboard.press("Escape");
    await bench.command("VAE Notebook: New VAE Notebook", 5_000);
    await blank.waitFor({ timeout: 10_000 });
    return true;
  }, "the templates");
  await blank.click();
  await page.locator(".tab.active", { hasText: "Untitled" }).waitFor({ state: "attached" });
  await bench.notebookShown();
}

async function write({ page }, cell, source) {
  const editor = page.locator(".notebookOverlay .code-cell-row").nth(cell - 1);
  await editor.locator(".monaco-editor").first().click();
  await page.keyboard.insertText(source);
  await page.keyboard.press("Escape");
}

/** Shift and Enter: runs the cell, and makes one below the last. */
const run = ({ page }) => page.keyboard.press("Shift+Enter");

async function saveAs({ page, bench }, file) {
  await bench.save();
  const name = page.locator(".quick-input-widget input").first();
  await until(async () => (await name.inputValue()).includes("Untitled"), "the question for a name");
  await name.fill(file);
  // The first Enter may only lead to the folder.
  await until(async () => {
    if (!(await name.isVisible())) return true;
    await page.keyboard.press("Enter");
    return name.waitFor({ state: "hidden", timeout: 2_000 }).then(
      () => true,
      () => false,
    );
  }, "the file to be saved");
  await page.locator(".tab.active", { hasText: path.basename(file) }).waitFor({ state: "attached" });
  await bench.notebookShown();
}

promise(
  "a new notebook keeps its kernel, its outputs and its live figures when it gets a name",
  async (place) => {
    const { folder, page, bench } = place;
    await newBlank(place);
    await write(
      place,
      1,
      `import { data, dense, plot, session, vae } from "vaenb";
session.seed(7);
const digits = data.digits({ train: 300, test: 200 });
const model = vae({ input: digits.shape, latent: 2, encoder: [dense(16)], decoder: [dense(16)], likelihood: "bernoulli" });
plot.latentSpace(model, digits.test)`,
    );
    await run(place);
    await bench.statusIs("idle");
    await bench.shows("Latent space of vae");
    const file = path.join(folder, "named.vaenb");
    await saveAs(place, file);
    const { cells } = await until(() => JSON.parse(readFileSync(file, "utf8")), "the saved file");
    assert.equal(cells[0].outputs.length, 1);
    await bench.statusIs("idle");
    await page.locator(".tab.active.dirty").waitFor({ state: "detached" });
    // The figure is drawn from the file, and the kernel that made it answers for it.
    await bench.shows("Latent space of vae");
    const plane = bench.outputs.getByRole("application").first();
    await plane.hover({ position: { x: 40, y: 40 } });
    await bench.outputs.locator(".vaenb-decoded canvas:not([hidden])").waitFor();
    await write(place, 2, "digits.test.size + 1");
    await run(place);
    await bench.shows("201");
  },
);

promise(
  "a training goes on below its cell while the notebook gets a name, in another folder",
  async (place) => {
    const { folder, bench } = place;
    await newBlank(place);
    await write(
      place,
      1,
      `let last = 0;
for (let i = 1; i <= 150; i++) { console.log("turn", i); last = i; await new Promise((r) => setTimeout(r, 200)); }
last`,
    );
    await run(place);
    await bench.shows("turn 3");
    const file = path.join(folder, "week 2", "running.vaenb");
    await saveAs(place, file);
    await bench.notification(/running\.vaenb is in another folder now\. Its kernel goes on in/);
    assert.doesNotMatch(readFileSync(file, "utf8"), /turn 150/, "it was saved while it ran");
    await bench.shows("turn 150");
    await bench.statusIs("idle");
    // Nothing was lost between the two documents, and nothing is there twice.
    await bench.save();
    const printed = await until(() => {
      const [cell] = JSON.parse(readFileSync(file, "utf8")).cells;
      const text = cell.outputs.filter((output) => output.name === "stdout").flatMap((output) => output.text);
      return text.length >= 150 && text.join("");
    }, "the saved turns");
    assert.equal(printed, Array.from({ length: 150 }, (_, i) => `turn ${i + 1}\n`).join(""));
  },
);
