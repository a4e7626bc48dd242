// What a person meets who writes cells: comments on hover, names of options, their variables, a picture to keep.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { writeNotebook } from "./notebooks.mjs";
import { pictures, windowOn } from "./window.mjs";
import { until } from "./workbench.mjs";

const { promise } = windowOn();

const cells = [
  `import { data, dense, plot, session, vae } from "vaenb";
session.seed(7);
const digits = data.digits({ train: 300, test: 200 });
const model = vae({ input: digits.shape, latent: 2, encoder: [dense(16)], likelihood: "bernoulli" });
await plot.latentSpace(model, digits.test)`,
];

async function openAndRun({ folder, bench }, name) {
  writeNotebook(path.join(folder, name), cells);
  await bench.openFile(name);
  await bench.notebookShown();
  await bench.runAll();
  await bench.shows("Latent space of vae");
}

promise("hover and completion say what the library's source says", async (place) => {
  const { page } = place;
  await openAndRun(place, "editing.vaenb");
  const editor = page.locator(".notebookOverlay .code-cell-row .monaco-editor").first();
  const hover = page.locator(".monaco-hover:not(.hidden)", {
    hasText: "Where the encoder puts the examples",
  });
  await until(async () => {
    await page.mouse.move(5, 500);
    await editor.locator(".view-line span span", { hasText: "latentSpace" }).last().hover();
    await hover.waitFor({ timeout: 5_000 });
    return true;
  }, "the comment on latentSpace");
  await page.screenshot({ path: path.join(pictures, "hover.png") });

  await editor.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText(";\n");
  await page.keyboard.type("await model.fit(digits.train, {", { delay: 20 });
  const hint = page.locator(".parameter-hints-widget.visible .signature");
  await until(async () => /^fit\(data/.test(await hint.innerText({ timeout: 2_000 })), "how fit is called");
  const rows = page.locator(".suggest-widget.visible .monaco-list-row");
  await until(async () => {
    if (await rows.first().isVisible()) return true;
    await page.keyboard.press("Control+Space");
    return false;
  }, "the list of options");
  await until(async () => /^epochs/.test((await rows.first().innerText()).trim()), "epochs first");
  await page.screenshot({ path: path.join(pictures, "options.png") });
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+End");
  await page.keyboard.type("\nplot.", { delay: 20 });
  await until(
    async () => /^loss/.test((await rows.first().innerText({ timeout: 2_000 })).trim()),
    "loss first",
  );
  assert.ok(!(await rows.allInnerTexts()).some((text) => text.includes("__")), "nothing that nobody means");
});

promise(
  "the editor's own TypeScript says nothing of what it cannot know",
  async ({ folder, page, bench }) => {
    const name = "types.vaenb";
    const source = `import { data } from "vaenb";
const later = 1;
const twice = (n: number) => n * 2;
const digits = data.digits({ train: 10, test: 10 });`;
    writeNotebook(path.join(folder, name), [source, "later"]);
    await bench.openFile(name);
    await bench.notebookShown();
    const editor = page.locator(".notebookOverlay .code-cell-row .monaco-editor").first();
    const hover = page.locator(".monaco-hover:not(.hidden)");
    const over = async (word) => {
      await page.mouse.move(5, 500);
      await hover.waitFor({ state: "hidden" });
      await editor.locator(".view-line span span", { hasText: word }).first().hover();
    };
    // Its server is awake when it says what it does know.
    await until(async () => {
      await over("twice");
      await hover.filter({ hasText: "n: number) => number" }).waitFor({ timeout: 3_000 });
      return true;
    }, "the type of an expression that TypeScript knows");
    for (const word of ["digits", "data"]) {
      await over(word);
      await page.waitForTimeout(2_000);
      assert.ok(
        !(await hover.isVisible()) || !/any|import/.test(await hover.innerText()),
        await hover.allInnerTexts().then(String),
      );
    }
    await page.screenshot({ path: path.join(pictures, "types.png") });
    assert.equal(
      await editor.locator(".squiggly-inline-unnecessary").count(),
      0,
      "nothing is greyed as unused",
    );
  },
);

promise(
  "Ctrl+Enter runs the cell, and Enter after a brace begins a new line",
  async ({ folder, page, bench }) => {
    writeNotebook(path.join(folder, "keys.vaenb"), [`import { vae } from "vaenb";\n"ran " + 1`]);
    await bench.openFile("keys.vaenb");
    await bench.notebookShown();
    const editor = page.locator(".notebookOverlay .code-cell-row .monaco-editor").first();
    await editor.click();
    await page.keyboard.press("Control+Enter");
    await bench.shows("ran 1");
    assert.equal(await page.locator(".notebookOverlay .code-cell-row").count(), 1);
    await page.keyboard.press("Control+End");
    await page.keyboard.insertText(";\n");
    await page.keyboard.type("vae({", { delay: 20 });
    await page.waitForTimeout(1_500);
    await page.keyboard.press("Enter");
    await page.keyboard.type('likelihood: "', { delay: 20 });
    const rows = page.locator(".suggest-widget.visible .monaco-list-row");
    await until(async () => (await rows.count()) === 3, "the three likelihoods");
    assert.match(await rows.first().innerText(), /bernoulli/);
    const lines = (await editor.locator(".view-line").allInnerTexts()).map((line) => line.trim());
    assert.match(lines.join("|"), /\|vae\(\{\|likelihood:\s""\|\}\)/);
  },
);

promise("a person's own variables come before what they imported", async (place) => {
  const { page, bench } = place;
  await openAndRun(place, "variables.vaenb");
  await bench.command("Explorer: Focus on VAE Notebook Variables View");
  const rows = page
    .locator(".pane", { hasText: "VAE Notebook Variables" })
    .last()
    .locator(".monaco-list-row");
  await until(async () => (await rows.count()) >= 3, "the variables");
  const texts = await rows.allInnerTexts();
  assert.match(texts[0], /^digits\s*TrainTest/);
  assert.match(texts[1], /^model\s*Model/);
  assert.match(texts[2], /^Imports\s*data, dense, plot, session, vae/);
  await page.screenshot({ path: path.join(pictures, "variables.png") });
});

promise("a picture is saved where the person says, and the notebook stays in front", async (place) => {
  const { folder, page, bench } = place;
  await openAndRun(place, "picture.vaenb");
  await bench.outputs.getByRole("button", { name: "Save" }).first().click();
  const name = page.locator(".quick-input-widget input").first();
  await until(
    async () => (await name.inputValue({ timeout: 2_000 })).endsWith(".png"),
    "the question for a place",
  );
  const file = await name.inputValue();
  assert.equal(path.dirname(file), folder);
  await until(async () => {
    if (!(await name.isVisible())) return true;
    await page.keyboard.press("Enter");
    return name.waitFor({ state: "hidden", timeout: 2_000 }).then(
      () => true,
      () => false,
    );
  }, "the file to be saved");
  await bench.notification(`Saved ${path.basename(file)}`);
  assert.ok(existsSync(file));
  assert.equal(readFileSync(file).subarray(1, 4).toString(), "PNG");
  await page.locator(".tab.active", { hasText: "picture.vaenb" }).waitFor({ state: "attached" });
  await bench.shows("Latent space of vae");
});
