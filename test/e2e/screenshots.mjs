// Pictures of the product, for the README and for people to look at: `npm run screenshots`. Runs the first example in a
// real workbench, once in a dark and once in a light theme, and writes what the window shows to media/screenshots.
import { cpSync, mkdirSync, mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { launchBrowser, missing, root, startServer, until, Workbench } from "./workbench.mjs";

const why = missing();
if (why) {
  console.error(`No screenshots were made: ${why}.`);
  process.exit(1);
}
const out = path.join(root, "media/screenshots");
mkdirSync(out, { recursive: true });

const themes = { dark: "Default Dark Modern", light: "Default Light Modern" };
const chosen = process.argv.slice(2);
for (const [name, theme] of Object.entries(themes)) {
  if (chosen.length === 0 || chosen.includes(name)) await take(name, theme);
}

async function take(name, theme) {
  const folder = path.join(mkdtempSync(path.join(os.tmpdir(), "vaenb-pictures-")), "vae");
  cpSync(path.join(root, "examples"), folder, { recursive: true });
  const more = { "workbench.colorTheme": theme, "window.autoDetectColorScheme": false };
  const server = await startServer({ more });
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  const bench = new Workbench(page);
  try {
    await bench.open(server.url({ folder, open: path.join(folder, "first-vae.vaenb") }));
    await bench.notebookShown();
    await bench.toolbar("Run All");
    await bench.statusIs("busy", 60_000);
    // The editor draws outputs that are near what it shows.
    await bench.reveal("fit(digits.train");
    await until(async () => /epoch [1-9]/.test(await bench.outputText()), "the training to go on", 300_000);
    await shoot("training", "fit(digits.train");
    await bench.statusIs("idle", 600_000);
    for (const [picture, text] of [
      ["data", "data.digits"],
      ["reconstructions", "plot.reconstructions"],
      ["latent", "plot.latentSpace"],
      ["manifold", "plot.manifold"],
      ["score", "model.evaluate"],
    ])
      await shoot(picture, text);
  } finally {
    await page.screenshot({ path: path.join(out, "../../.cache", `screenshots-${name}-last.png`) });
    await browser.close();
    await server.stop();
  }

  /** Brings the cell with this text to the top, and takes the window. */
  async function shoot(picture, text) {
    await page.keyboard.press("Escape");
    await bench.reveal(text);
    await page.mouse.move(200, 700);
    await page.waitForTimeout(2_500);
    await page.screenshot({ path: path.join(out, `${picture}-${name}.png`) });
    console.log(`media/screenshots/${picture}-${name}.png`);
  }
}
