// One workbench window for the tests of a file: each promise is kept in it after the other, and leaves it as it found it.
import { mkdirSync, mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { installed, launchBrowser, missing, root, startServer, Workbench } from "./workbench.mjs";

/** How often a promise is tried: a machine that many share can hold up a browser for longer than anybody waits. */
const tries = Number(process.env.VAENB_TEST_TRIES ?? 1);

export const pictures = path.join(root, ".cache/e2e");

/** Opens the window before the first test. `prepare` fills the folder that it shows. */
export function windowOn(prepare = () => {}, viewport = { width: 1280, height: 1000 }) {
  const skip = missing();
  if (skip) console.warn(`SKIPPED: end-to-end tests: ${skip}.`);
  // Spaces and letters beyond ASCII: paths of people have them.
  const folder = path.join(mkdtempSync(path.join(os.tmpdir(), "vaenb-")), "Übung 1 (VAE)");
  const place = { folder };

  before(
    async () => {
      if (skip) return;
      mkdirSync(pictures, { recursive: true });
      mkdirSync(folder, { recursive: true });
      await prepare(folder);
      await attempts("opening the window", openWindow, close);
    },
    { timeout: 400_000 * tries },
  );
  async function openWindow() {
    place.server = await startServer({ extensionsFolder: installed() });
    place.browser = await launchBrowser();
    place.page = await place.browser.newPage({ viewport });
    place.bench = new Workbench(place.page);
    await place.bench.open(place.server.url({ folder }));
  }
  async function close() {
    await place.browser?.close();
    await place.server?.stop();
  }
  after(close);

  /** Keeps the promise once, and leaves the window empty whatever comes of it. */
  async function attempt(name, body) {
    const { page, bench } = place;
    try {
      await body(place);
    } catch (error) {
      await page?.screenshot({ path: path.join(pictures, `failed ${name.replace(/[^\w ]/g, "")}.png`) });
      // The driver tells every attempt; the first lines say it all.
      error.message = error.message.split("\n").slice(0, 6).join("\n");
      throw error;
    } finally {
      if (page?.url().startsWith("http"))
        await bench.closeEditors().catch((error) => console.log(`    editors stay open: ${error.message}`));
    }
  }

  const promise = (name, body) =>
    test(name, { skip: skip ?? false, timeout: 400_000 * tries }, () =>
      attempts(name, () => attempt(name, body)),
    );
  return { place, promise };
}

async function attempts(name, body, cleanUp = () => {}) {
  for (let left = tries; ; left--) {
    try {
      return await body();
    } catch (error) {
      if (left === 1) throw error;
      console.log(`    SECOND ATTEMPT at "${name}", for the first failed: ${error.stack}`);
      await cleanUp();
    }
  }
}

/** A second window on the folder, which is not trusted there, for as long as the body takes. */
export async function withoutTrust({ browser, folder }, file, body) {
  const server = await startServer({
    extensionsFolder: installed(),
    trustEverything: false,
    more: { "security.workspace.trust.startupPrompt": "never" },
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  try {
    const bench = new Workbench(page);
    await bench.open(server.url({ folder, open: path.join(folder, file) }));
    await page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor({ timeout: 120_000 });
    await bench.notebookShown();
    await body({ page, bench });
  } finally {
    await page.close();
    await server.stop();
  }
}
