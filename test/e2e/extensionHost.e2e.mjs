// Runs test/extension-host inside the real extension host, on the repository as an extension under development: the way
// that F5 takes. Each promise is reported as a test of its own.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { LOADING, launchBrowser, missing, root, startServer, until } from "./workbench.mjs";

const skip = missing();
if (skip) console.warn(`SKIPPED: tests in the extension host: ${skip}.`);

test("in the extension host", { skip: skip ?? false, timeout: 400_000 }, async (t) => {
  const entry = path.join(root, ".cache/extension-host/index.cjs");
  await build({
    entryPoints: [path.join(root, "test/extension-host/index.ts")],
    outfile: entry,
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["vscode"],
    logLevel: "error",
  });
  const folder = mkdtempSync(path.join(os.tmpdir(), "vaenb-host-"));
  const results = path.join(folder, "results.json");
  const server = await startServer({
    env: { VAENB_HOST_RESULTS: results, VAENB_REPOSITORY: root },
    more: { "notebook.stickyScroll.enabled": false },
  });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultNavigationTimeout(LOADING);
    const ended = new Promise((resolve) => page.exposeFunction("codeAutomationExit", resolve));
    await page.exposeFunction("codeAutomationLog", () => {});
    await page.goto(
      server.url({
        folder,
        payload: [
          ["extensionTestsPath", server.uri(entry)],
          ["skipWelcome", "true"],
        ],
      }),
    );
    let code;
    void ended.then((value) => (code = { value }));
    const reported = new Set();
    await until(
      async () => {
        const { outcomes = [] } = read(results);
        for (const outcome of outcomes) {
          if (reported.has(outcome.name)) continue;
          reported.add(outcome.name);
          for (const error of outcome.earlier)
            console.log(`    SECOND ATTEMPT at "${outcome.name}", for the first failed: ${error}`);
          await t.test(`${outcome.name} (${Math.round(outcome.milliseconds)} ms)`, () => {
            if (outcome.error) throw new Error(outcome.error);
          });
        }
        return code;
      },
      "the tests' end",
      390_000,
    ).catch(async (error) => {
      await page.screenshot({ path: path.join(root, ".cache/e2e/failed in the extension host.png") });
      throw error;
    });
    const { expected = [], outcomes = [] } = read(results);
    assert.ok(
      expected.length > 0,
      `the extension host ran nothing: ${readFileSync(server.log, "utf8").slice(-2_000)}`,
    );
    assert.deepEqual(
      outcomes.map(({ name }) => name),
      expected,
      "every promise was tried",
    );
  } finally {
    if (process.env.VAENB_HOST_ONLY) console.log(`logs: ${server.home}/data/logs`);
    await browser.close();
    await server.stop();
  }
});

function read(file) {
  try {
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  } catch {
    return {}; // It is being written.
  }
}
