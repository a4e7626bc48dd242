// Large notebooks, and one file in two windows.
import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { outputsOf, writeNotebook } from "./notebooks.mjs";
import { windowOn } from "./window.mjs";
import { until, Workbench } from "./workbench.mjs";

const { promise } = windowOn();
const seconds = (start) => `${((Date.now() - start) / 1_000).toFixed(1)} s`;

promise("a notebook of 500 cells opens, runs from top to bottom, and scrolls", async ({ folder, bench }) => {
  writeNotebook(
    path.join(folder, "long.vaenb"),
    Array.from({ length: 500 }, (_, i) =>
      i === 0 ? "let sum = 0;" : `sum += ${i};\n\`after ${i}: \${sum}\``,
    ),
  );
  let start = Date.now();
  await bench.openFile("long.vaenb");
  await bench.notebookShown();
  console.log(`    opened in ${seconds(start)}`);
  start = Date.now();
  await bench.toolbar("Run All");
  await bench.statusIs("busy");
  await bench.statusIs("idle", 240_000);
  console.log(`    499 cells ran in ${seconds(start)}`);
  start = Date.now();
  await bench.command("Notebook: Focus Last Cell");
  await bench.shows(`after 499: ${(499 * 500) / 2}`);
  console.log(`    scrolled to its end in ${seconds(start)}`);
  await bench.save();
  await until(
    () => readFileSync(path.join(folder, "long.vaenb"), "utf8").includes("after 499: "),
    "the saved file",
  );
});

promise(
  "a notebook with 50 MB of outputs opens within seconds, and is saved byte for byte",
  async ({ folder, page, bench }) => {
    const file = path.join(folder, "heavy.vaenb");
    writeNotebook(
      file,
      Array.from({ length: 50 }, (_, i) => `"cell ${i + 1}"`),
      (i) => outputsOf(i, 1_000_000),
    );
    const before = readFileSync(file);
    console.log(`    ${(statSync(file).size / 1e6).toFixed(0)} MB`);
    let start = Date.now();
    await bench.openLargeFile("heavy.vaenb");
    await bench.shows(/output 1:/, 120_000);
    console.log(`    opened in ${seconds(start)}`);
    start = Date.now();
    await bench.command("Notebook: Insert Code Cell Below");
    await page.locator(".tab.active.dirty").waitFor({ state: "attached", timeout: 120_000 });
    await page.keyboard.press("Escape");
    await bench.command("Notebook: Delete Cell");
    await bench.save();
    await page.locator(".tab.active.dirty").waitFor({ state: "detached", timeout: 120_000 });
    console.log(`    changed and saved in ${seconds(start)}`);
    assert.ok(before.equals(readFileSync(file)), "the file is the same, byte for byte");
  },
);

promise(
  "a file that changed on the disk is not written over without a word",
  async ({ folder, page, bench, browser, server }) => {
    const file = path.join(folder, "shared.vaenb");
    writeNotebook(file, ["'first window'", "1"]);
    await bench.openFile("shared.vaenb");
    await bench.notebookShown();
    await bench.runAll(60_000); // Not saved: there is something to lose here.
    const other = await browser.newPage({ viewport: { width: 1000, height: 800 } });
    const second = new Workbench(other);
    await second.open(server.url({ folder, open: file }));
    await second.notebookShown();
    await second.runAll(60_000);
    await second.save();
    await other.locator(".tab.active.dirty").waitFor({ state: "detached", timeout: 120_000 });
    await other.close();
    const theirs = readFileSync(file, "utf8").replace("first window", "second window");
    writeFileSync(file, theirs);
    await page.waitForTimeout(1_500);
    await page.bringToFront();
    await bench.save();
    await bench.notification(/The content of the file is newer/);
    assert.equal(readFileSync(file, "utf8"), theirs);
  },
);
