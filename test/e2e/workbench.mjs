// A real VS Code for tests: the workbench of code-server, its Node extension host, and Chromium to drive it.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";

export const root = path.resolve(import.meta.dirname, "../..");
const serverFolder = process.env.VAENB_E2E_VSCODE ?? path.join(root, ".cache/vscode");
const browserPath = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Why these tests cannot run here, or undefined. */
export function missing() {
  if (!existsSync(path.join(serverFolder, "bin/code-server")))
    return `there is no VS Code in ${serverFolder}: run "test/e2e/setup.sh ${serverFolder}" once (about 600 MB)`;
  if (!existsSync(browserPath))
    return `there is no browser at ${browserPath}: install Chromium, or set CHROMIUM`;
  return undefined;
}

let extensionsFolder;
/** A folder with the extension installed as people install it: from the VSIX of this platform. */
export function installed() {
  if (extensionsFolder) return extensionsFolder;
  const vsix = path.join(root, ".cache/e2e/vaenb.vsix");
  mkdirSync(path.dirname(vsix), { recursive: true });
  execFileSync(process.execPath, [path.join(root, "src/extension/package.mjs"), "--out", vsix], {
    stdio: "pipe",
  });
  extensionsFolder = mkdtempSync(path.join(os.tmpdir(), "vaenb-extensions-"));
  const home = mkdtempSync(path.join(os.tmpdir(), "vaenb-install-"));
  const folders = ["--user-data-dir", home, "--extensions-dir", extensionsFolder];
  const config = ["--config", path.join(home, "config.yaml")];
  execFileSync(
    path.join(serverFolder, "bin/code-server"),
    [...config, ...folders, "--install-extension", vsix],
    {
      stdio: "pipe",
      env: { ...process.env, HOME: home },
    },
  );
  return extensionsFolder;
}

const settings = {
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.enableExperiments": false,
  "workbench.tips.enabled": false,
  "workbench.editorAssociations": { "*.vaenb": "vaenb" },
  "chat.disableAIFeatures": true,
  "telemetry.telemetryLevel": "off",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  "files.autoSave": "off",
  "typescript.disableAutomaticTypeAcquisition": true,
};

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

/**
 * Starts a server. `extensionsFolder` holds installed extensions; without it, the repository itself is loaded as an
 * extension under development.
 */
export async function startServer({
  extensionsFolder,
  more = {},
  env: given = {},
  trustEverything = true,
} = {}) {
  const port = await freePort();
  const home = mkdtempSync(path.join(os.tmpdir(), "vaenb-e2e-"));
  const user = path.join(home, "data/User");
  mkdirSync(user, { recursive: true });
  const all = { ...settings, "security.workspace.trust.enabled": !trustEverything, ...more };
  writeFileSync(path.join(user, "settings.json"), JSON.stringify(all));
  const log = path.join(home, "server.log");
  const out = openSync(log, "w");
  const env = Object.fromEntries(
    Object.entries({
      ...process.env,
      HOME: home,
      XDG_CONFIG_HOME: home,
      XDG_DATA_HOME: home,
      ...given,
    }).filter(([name]) => !/^VSCODE_|^(HASHED_)?PASSWORD$|^PORT$/.test(name)),
  );
  const child = spawn(
    path.join(serverFolder, "bin/code-server"),
    [
      ...["--config", path.join(home, "config.yaml"), "--bind-addr", `127.0.0.1:${port}`, "--auth", "none"],
      ...[
        "--user-data-dir",
        path.join(home, "data"),
        "--extensions-dir",
        extensionsFolder ?? path.join(home, "ext"),
      ],
      ...["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"],
      ...(trustEverything ? ["--disable-workspace-trust"] : []),
      // Lets a page ask for an extension under development; it also keeps notifications from popping up.
      ...(extensionsFolder ? [] : ["--vscode-option", "enable-smoke-test-driver"]),
    ],
    { stdio: ["ignore", out, out], env, detached: true },
  );
  const origin = `http://127.0.0.1:${port}`;
  await until(async () => {
    if (child.exitCode !== null) throw new Fatal(`the server ended: ${readFileSync(log, "utf8")}`);
    return (await fetch(`${origin}/healthz`)).ok;
  }, "the server's answer");
  return {
    home,
    origin,
    log,
    uri: (file) => `vscode-remote://127.0.0.1:${port}${encodeURI(file)}`,
    url({ folder, open, payload = [] }) {
      const query = new URLSearchParams({ folder });
      const entries = [...payload];
      if (open) entries.push(["openFile", this.uri(open)]);
      if (!extensionsFolder) entries.push(["extensionDevelopmentPath", this.uri(root)]);
      if (entries.length > 0) query.set("payload", JSON.stringify(entries));
      return `${origin}/?${query}`;
    },
    async stop() {
      if (child.exitCode !== null) return;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      process.kill(-child.pid, "SIGTERM");
      const timer = setTimeout(() => process.kill(-child.pid, "SIGKILL"), 5_000);
      await gone;
      clearTimeout(timer);
    },
  };
}

/** A machine that does other things too takes its time to load a page. */
export const LOADING = 180_000;

export const launchBrowser = () =>
  chromium.launch({
    executablePath: browserPath,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-sync",
    ],
  });

class Fatal extends Error {}

export async function until(check, what, patience = 120_000) {
  const start = Date.now();
  let last;
  for (;;) {
    try {
      const value = await check();
      if (value) return value;
    } catch (error) {
      if (error instanceof Fatal) throw error;
      last = error;
    }
    if (Date.now() - start > patience)
      throw new Error(`waited ${patience / 1000} s for ${what}${last ? `; last: ${last.message}` : ""}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** What a person does with a workbench, and what they see of it. */
export class Workbench {
  constructor(page) {
    this.page = page;
    // Two cores that do other things too take their time; a failure is told all the same.
    page.setDefaultTimeout(120_000);
    page.setDefaultNavigationTimeout(LOADING);
  }

  async open(url) {
    await this.page.goto(url);
    await this.page.waitForSelector(".monaco-workbench .part.editor", { timeout: 180_000 });
  }

  /** Opens a notebook of which VS Code asks, as of every large file, whether it is meant. */
  async openLargeFile(name) {
    await this.openFile(name);
    await this.page.locator(".monaco-button", { hasText: "Open Anyway" }).click({ timeout: 60_000 });
    await this.notebookShown();
  }

  async notebookShown() {
    await this.page.waitForSelector(".notebookOverlay .cell-list-container .monaco-list-row", {
      timeout: 120_000,
      state: "attached",
    });
  }

  /** Opens a file of the folder by its name. A file that was just written takes a moment to be found. */
  async openFile(name) {
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first();
    for (let tries = 0; tries < 5 && !(await row.isVisible()); tries++) {
      await this.page.keyboard.press("Escape");
      await this.page.keyboard.press("Control+P");
      const input = this.page.locator(".quick-input-widget input").first();
      await input.waitFor({ state: "visible" });
      await input.fill(name);
      await row.waitFor({ state: "visible", timeout: 4_000 }).catch(() => {});
    }
    await row.click();
    await this.page
      .locator(".tab.active", { hasText: name })
      .waitFor({ state: "attached", timeout: 120_000 });
  }

  /** Closes what is in front, also when a cell that runs makes it dirty again at once. */
  async closeWithoutSaving() {
    const tabs = this.page.locator(".tab");
    const asked = this.page.locator(".monaco-dialog-box .monaco-button", { hasText: "Don't Save" });
    const ends = this.page.locator(".monaco-dialog-box", { hasText: "was closed while a cell runs" });
    const open = await tabs.count();
    const isClosed = async () => {
      if (await asked.isVisible()) await asked.click();
      return (await tabs.count()) < open || (await ends.isVisible());
    };
    // An output that arrives between the reverting and the closing keeps the editor open.
    for (let tries = 0; tries < 5; tries++) {
      await this.command("View: Revert and Close Editor");
      const closed = await until(isClosed, "the editor to close", 5_000).catch(() => false);
      if (closed) return;
    }
  }

  /** Closes all that is open, and forgets what was not saved; a kernel that is busy ends. */
  async closeEditors() {
    const dialog = this.page.locator(".monaco-dialog-box .monaco-button", {
      hasText: "Interrupt and End Kernel",
    });
    const isBusy = (await this.page.locator(".statusbar-item", { hasText: "VAE: busy" }).count()) > 0;
    for (let tries = 0; tries < 5 && (await this.page.locator(".tab").count()) > 0; tries++) {
      await this.page.keyboard.press("Escape");
      await this.closeWithoutSaving();
    }
    // Where a cell goes on, the question comes when it has not ended by itself.
    if (isBusy) await dialog.click({ timeout: 6_000 }).catch(() => {});
    await this.command("Notifications: Clear All Notifications");
  }

  /** Closes what is in front, and forgets what was not saved. */
  async closeEditor() {
    await this.page.keyboard.press("Escape");
    await this.page.keyboard.press("Escape");
    await this.command("View: Revert and Close Editor");
    await this.page.locator(".tab").waitFor({ state: "detached", timeout: 15_000 });
  }

  /** The button of a dialog or a notification. */
  async press(button) {
    await this.page.locator(".monaco-button, .notification-list-item a", { hasText: button }).first().click();
  }

  /** The frame that holds a notebook's outputs. */
  get outputs() {
    return this.page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
  }

  async outputText() {
    return this.outputs.locator("#container").innerText({ timeout: 2_000 });
  }

  async shows(text, patience) {
    const fits = (all) => (typeof text === "string" ? all.includes(text) : text.test(all));
    await until(async () => fits(await this.outputText()), `the output ${text}`, patience).catch(
      async (error) => {
        throw new Error(`${error.message}; it shows: ${await this.outputText().catch(() => "nothing")}`);
      },
    );
  }

  /** Runs every cell and waits for the last one. */
  async runAll(patience) {
    await this.toolbar("Run All");
    await this.page.waitForTimeout(300);
    await this.statusIs("idle", patience);
  }

  /** Runs the code cell with this number, counted from 1. */
  async runCell(number) {
    const rows = this.page.locator(".notebookOverlay .code-cell-row");
    await until(async () => {
      // The page has them in the order in which they were drawn.
      const places = await rows.evaluateAll((all) => all.map(({ dataset }) => Number(dataset.index)));
      const place = places.sort((a, b) => a - b)[number - 1];
      const cell = this.page.locator(`.notebookOverlay .code-cell-row[data-index="${place}"]`);
      await cell.locator(".monaco-editor").first().click({ timeout: 10_000 });
      await this.page.keyboard.press("Escape");
      return cell.evaluate(({ classList }) => classList.contains("focused"));
    }, `the focus in code cell ${number}`);
    await this.command("Notebook: Execute Cell");
  }

  /** Scrolls the notebook until the cell with this text is near the top. */
  async reveal(text) {
    const box = await this.page.locator(".notebookOverlay .cell-list-container").first().boundingBox();
    await this.page.mouse.move(box.x + box.width - 60, box.y + box.height / 2);
    await this.page.mouse.wheel(0, -100_000);
    const line = this.page.locator(".notebookOverlay .view-line", { hasText: text }).first();
    for (let tries = 0; tries < 150; tries++) {
      await this.page.waitForTimeout(300);
      const place = (await line.count()) > 0 ? await line.boundingBox() : null;
      const distance = place ? place.y - box.y - 60 : 300;
      if (place && Math.abs(distance) < 40) return;
      await this.page.mouse.wheel(0, Math.max(-400, Math.min(400, distance)));
    }
  }

  async notification(text) {
    await this.page.locator(".notifications-toasts", { hasText: text }).waitFor({ timeout: 120_000 });
  }

  /** Runs a command by its title. A busy machine can lose the key that opens the palette, so it is pressed again. */
  async command(title, patience = 120_000) {
    const input = this.page.locator(".quick-input-widget input").first();
    // The most similar comes first, but the one that is meant may come later: "Save", "Save All".
    const row = this.page.locator(`.quick-input-list .monaco-list-row[aria-label^="${title}"]`).first();
    const give = Math.min(patience, 15_000);
    const end = Date.now() + patience;
    for (let tries = 1; ; tries++) {
      try {
        await this.page.keyboard.press("F1");
        await input.waitFor({ state: "visible", timeout: give });
        await input.fill(`>${title}`);
        await row.click({ timeout: give });
        return;
      } catch (error) {
        if (Date.now() > end) throw error;
        console.log(`    the palette did not offer "${title}" (${tries})`);
        await this.page.keyboard.press("Escape");
        // A frame that went away with its editor can hold the focus still.
        await this.page.evaluate(() => document.activeElement?.blur?.());
      }
    }
  }

  async save() {
    await this.page.keyboard.press("Control+S");
  }

  async toolbar(label, timeout = 120_000) {
    const button = this.page.locator(`.notebook-toolbar-container [aria-label^="${label}"]`).first();
    await button.click({ timeout });
  }

  async status() {
    const item = this.page.locator('.statusbar-item[id*="vaenb"]').first();
    return (await item.count()) > 0 ? item.innerText() : "";
  }

  async statusIs(word, patience) {
    await until(
      async () => (await this.status()).includes(`VAE: ${word}`),
      `the status "${word}"`,
      patience,
    ).catch(async (error) => {
      throw new Error(`${error.message}; it says "${await this.status()}"`);
    });
  }
}
