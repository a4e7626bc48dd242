// What a person meets who exports a notebook from VS Code, also one that was not saved.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { installed, launchBrowser, missing, root, startServer, until, Workbench } from "./workbench.mjs";

const skip = missing();
if (skip) console.warn(`End-to-end tests are skipped: ${skip}.`);
const pictures = path.join(root, ".cache/e2e");
const folder = path.join(mkdtempSync(path.join(os.tmpdir(), "vaenb-")), "Übung 2 (export)");

let server, browser, page, bench;

before(
  async () => {
    if (skip) return;
    mkdirSync(pictures, { recursive: true });
    cpSync(path.join(root, "examples"), folder, { recursive: true });
    server = await startServer({ extensionsFolder: installed() });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    bench = new Workbench(page);
    await bench.open(server.url({ folder }));
  },
  { timeout: 240_000 },
);

after(async () => {
  await browser?.close();
  await server?.stop();
});

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

test(
  "a notebook that was run and not saved is exported as it is on the screen",
  {
    skip: skip ?? false,
    timeout: 240_000,
  },
  async () => {
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

test("the palette exports to every format", { skip: skip ?? false, timeout: 240_000 }, async () => {
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

test(
  "a folder without trust exports too: nothing runs for it",
  {
    skip: skip ?? false,
    timeout: 240_000,
  },
  async () => {
    const careful = await startServer({
      extensionsFolder: installed(),
      trustEverything: false,
      more: { "security.workspace.trust.startupPrompt": "never" },
    });
    const other = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    try {
      const untrusted = new Workbench(other);
      await untrusted.open(careful.url({ folder, open: path.join(folder, "from-scratch.vaenb") }));
      await other.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor({ timeout: 60_000 });
      await untrusted.notebookShown();
      await untrusted.command("VAE Notebook: Export as HTML");
      assert.equal(await confirmSaving(other), path.join(folder, "from-scratch.html"));
      await untrusted.notification("Exported from-scratch.html.");
      assert.match(file("from-scratch.html"), /<h1 id="[^"]+">/);
    } finally {
      await other.close();
      await careful.stop();
    }
  },
);
