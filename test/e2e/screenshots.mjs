// The README's pictures: `npm run screenshots`. Runs notebooks in a real workbench, points at what a person would point
// at, and writes what the window shows to media/screenshots. `npm run screenshots -- latent error` makes only these.
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { PNG } from "pngjs";
import { writeNotebook } from "./notebooks.mjs";
import { launchBrowser, missing, root, startServer, until, Workbench } from "./workbench.mjs";

const why = missing();
if (why) {
  console.error(`No screenshots were made: ${why}.`);
  process.exit(1);
}
const out = path.join(root, "media/screenshots");
mkdirSync(out, { recursive: true });
const chosen = process.argv.slice(2);
const mostBytes = 195_000;

const long = [
  `import { data, dense, session, vae } from "vaenb";
session.seed(7);
const digits = data.digits({ train: 20_000, test: 2_000 });`,
  `const model = vae({ input: digits.shape, latent: 2, encoder: [dense(400)], likelihood: "bernoulli" });`,
  `const run = await model.fit(digits.train, {
  epochs: 60,
  batchSize: 128,
  validationData: digits.test,
});`,
];
const compared = [
  `import { data, dense, plot, session, vae } from "vaenb";
session.seed(1);
const digits = data.digits({ train: 10_000, test: 1_000 });
const layers = { input: digits.shape, latent: 8, encoder: [dense(128)], decoder: [dense(128)] };
const fit = { epochs: 8, batchSize: 128, validationData: digits.test };`,
  `const plain = await vae({ ...layers, likelihood: "bernoulli" }).fit(digits.train, fit);
const strict = await vae({ ...layers, likelihood: "bernoulli" }).fit(digits.train, { ...fit, beta: 4 });`,
  `plot.loss({ "beta 1": plain, "beta 4": strict })`,
];
const mistaken = [
  `import { data, dense, vae } from "vaenb";
const digits = data.digits({ train: 6_000, test: 500 });`,
  `const model = vae({
  input: digits.shape,
  latent: 2,
  encoder: [dense(128)],
  decoder: [dense(128)],
  likelihood: "bernouli",
});`,
];

/** Each notebook that is run, in which theme, and what is taken of it. */
const sittings = [
  {
    theme: "dark",
    notebook: "train.vaenb",
    sources: long,
    pictures: { training: { text: "fit(digits.train", during: /epoch [5-9]/ } },
  },
  {
    theme: "dark",
    notebook: "first-vae.vaenb",
    pictures: {
      latent: { text: "plot.latentSpace", point: { on: ".vaenb-surface", at: [0.6, 0.62] } },
      manifold: { text: "plot.manifold", point: { on: ".vaenb-pictures", at: [0.33, 0.7], last: true } },
    },
  },
  {
    theme: "light",
    notebook: "compare.vaenb",
    sources: compared,
    pictures: { compare: { text: "plot.loss" } },
  },
  {
    theme: "light",
    notebook: "mistake.vaenb",
    sources: mistaken,
    fails: true,
    pictures: { error: { text: "const model = vae({", height: 450 } },
  },
];
const themes = { dark: "Default Dark Modern", light: "Default Light Modern" };

/** The window without what is not ours: the notebook has it for itself. */
const plainWindow = {
  "window.autoDetectColorScheme": false,
  "window.commandCenter": false,
  "window.menuBarVisibility": "hidden",
  "workbench.layoutControl.enabled": false,
  "workbench.activityBar.location": "hidden",
  "breadcrumbs.enabled": false,
  "notebook.output.wordWrap": true,
};

for (const sitting of sittings) {
  const wanted = Object.keys(sitting.pictures).filter((name) => chosen.length === 0 || chosen.includes(name));
  if (wanted.length > 0) await take(sitting, wanted);
}

async function take({ theme, notebook, sources, fails, pictures }, wanted) {
  const folder = path.join(mkdtempSync(path.join(os.tmpdir(), "vaenb-pictures-")), "vae");
  mkdirSync(folder);
  const file = path.join(folder, notebook);
  if (sources) writeNotebook(file, sources);
  else copyFileSync(path.join(root, "examples", notebook), file);
  const server = await startServer({ more: { ...plainWindow, "workbench.colorTheme": themes[theme] } });
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1040, height: 790 }, deviceScaleFactor: 1.25 });
  // A picture is worth waiting for, also on a machine that does other things.
  page.setDefaultNavigationTimeout(240_000);
  const bench = new Workbench(page);
  try {
    await bench.open(server.url({ folder, open: file }));
    await bench.notebookShown().catch(() => bench.notebookShown());
    await bench.command("View: Close Primary Side Bar").catch(() => {});
    await bench.toolbar("Run All");
    const [name, scene] = Object.entries(pictures)[0];
    if (scene.during) {
      // The editor draws outputs that are near what it shows.
      await bench.reveal(scene.text);
      await until(async () => scene.during.test(await bench.outputText()), "the training to go on", 400_000);
      await shoot(name, scene, true);
      return;
    }
    // A short notebook may be over before anybody looks.
    await until(async () => /VAE: (busy|idle)/.test(await bench.status()), "the kernel", 120_000);
    await bench.statusIs("idle", 600_000);
    if (fails) await bench.shows("Did you mean", 30_000);
    for (const name of wanted) await shoot(name, pictures[name]);
  } catch (error) {
    await page.screenshot({ path: path.join(root, ".cache/screenshots-last.png") });
    throw error;
  } finally {
    await browser.close();
    await server.stop();
  }

  async function shoot(name, { text, point, height = 790 }, inView = false) {
    if (!inView) {
      await page.keyboard.press("Escape");
      await bench.reveal(text);
      await page.mouse.move(20, 400);
      await page.waitForTimeout(2_500);
    }
    if (point) await pointAt(point);
    const target = path.join(out, `${name}.png`);
    writeFileSync(target, small(await page.screenshot({ clip: { x: 0, y: 0, width: 1040, height } })));
    console.log(path.relative(root, target));
  }

  /** Moves the pointer to a place of a view, as shares of its size, and waits for what is decoded there. */
  async function pointAt({ on, at: [x, y], last }) {
    const all = bench.outputs.locator(on);
    const target = last ? all.last() : all.first();
    const box = await target.boundingBox();
    await page.mouse.move(box.x + box.width * x - 5, box.y + box.height * y);
    await page.mouse.move(box.x + box.width * x, box.y + box.height * y, { steps: 4 });
    await bench.outputs.locator(".vaenb-decoded canvas:not([hidden])").first().waitFor({ timeout: 30_000 });
    await page.waitForTimeout(700);
  }
}

/** The same picture in fewer bytes: what no eye sees of a colour (its last two or three bits) is dropped. */
function small(png) {
  for (const step of [4, 8, 12]) {
    const picture = PNG.sync.read(png);
    for (let i = 0; i < picture.data.length; i++)
      if (i % 4 !== 3) picture.data[i] = Math.min(255, Math.round(picture.data[i] / step) * step);
    const written = PNG.sync.write(picture, { deflateLevel: 9, colorType: 2 });
    if (written.length <= mostBytes || step === 12) return written;
  }
}
