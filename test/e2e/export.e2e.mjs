// What a person meets who exports a notebook from VS Code, also one that was not saved.
import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import path from "node:path";
import { pictures, windowOn, withoutTrust } from "./window.mjs";
import { root, until } from "./workbench.mjs";

const { place, promise } = windowOn((folder) =>
  cpSync(path.join(root, "examples"), folder, { recursive: true }),
);
const { folder } = place;

const file = (name) => readFileSync(path.join(folder, name), "utf8");

/** Confirms the dialog that asks where to save, and tells what it proposed. */
async function confirmSaving(page) {
  const input = page.locator(".quick-input-widget input").first();
  await until(
    async () => /\.(html|md|ts|ipynb)$/.test(await input.inputValue()),
    "the dialog that asks where to save",
  );
  const proposed = await input.inputValue();
  await page.keyboard.press("Enter");
  return proposed;
}

promise(
  "a notebook that was run and not saved is exported as it is on the screen",
  async ({ page, bench }) => {
    await bench.openFile("cells.vaenb");
    await bench.notebookShown();
    await bench.runAll();
    await page.screenshot({ path: path.join(pictures, "export button.png") });
    await page.locator('.editor-actions [aria-label^="Export as HTML"]').first().click();
    assert.equal(await confirmSaving(page), path.join(folder, "cells.html"));
    await bench.notification("Exported cells.html.");
    await page.screenshot({ path: path.join(pictures, "exported.png") });
    assert.match(file("cells.html"), /<title>What cells may do<\/title>/);
    assert.match(file("cells.html"), /Error: on purpose/);
    assert.doesNotMatch(file("cells.vaenb"), /"Error: on purpose"/);
  },
);

promise("the palette exports to every format", async ({ page, bench }) => {
  await bench.openFile("cells.vaenb");
  await bench.notebookShown();
  for (const [label, name] of [
    ["Markdown", "cells.md"],
    ["TypeScript", "cells.ts"],
    ["Jupyter Notebook", "cells.ipynb"],
  ]) {
    await bench.command("VAE Notebook: Export...");
    await page.locator(".quick-input-list .monaco-list-row", { hasText: label }).first().click();
    assert.equal(await confirmSaving(page), path.join(folder, name));
    await bench.notification(`Exported ${name}.`);
  }
  assert.match(file("cells.md"), /^# What cells may do/);
  assert.match(file("cells.ts"), /^\/\/ %% \[markdown\]\n\/\/ # What cells may do/);
  assert.equal(JSON.parse(file("cells.ipynb")).metadata.kernelspec.name, "vaenb");
});

promise("a folder without trust exports too: nothing runs for it", () =>
  withoutTrust(place, "from-scratch.vaenb", async ({ page, bench }) => {
    await bench.command("VAE Notebook: Export as HTML");
    assert.equal(await confirmSaving(page), path.join(folder, "from-scratch.html"));
    await bench.notification("Exported from-scratch.html.");
    assert.match(file("from-scratch.html"), /<h1 id="[^"]+">/);
  }),
);
