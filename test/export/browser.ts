import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { launchChromium } from "../chromium";

export interface Look {
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
  /** What the page may complain about. */
  readonly expected?: RegExp;
}

/**
 * Opens pages from files, as people do. A page that complains, throws, or asks for anything outside itself fails its
 * test.
 */
export function pages(): (html: string, look?: Look) => Promise<Page> {
  const folder = mkdtempSync(path.join(tmpdir(), "vaenb-page-"));
  let browser: Browser | undefined;
  let opened: Page[] = [];
  let complaints: string[] = [];
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });
  afterEach(async () => {
    await Promise.all(opened.map((page) => page.close()));
    opened = [];
    const found = complaints;
    complaints = [];
    expect(found).toEqual([]);
  });
  return async (html, { colorScheme = "light", width = 1280, expected } = {}) => {
    if (browser === undefined) throw new Error("there is no browser yet");
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    opened.push(page);
    const complain = (text: string): void => {
      if (!expected?.test(text)) complaints.push(text);
    };
    page.on("pageerror", (error) => complain(String(error)));
    page.on("dialog", (dialog) => {
      complain(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complain(message.text());
    });
    page.on("request", (request) => {
      if (!/^(?:file|data|blob|about):/.test(request.url())) complain(`a request: ${request.url()}`);
    });
    const file = path.join(folder, `page ${opened.length}.html`);
    writeFileSync(file, html);
    await page.goto(pathToFileURL(file).href);
    return page;
  };
}

/** Scrolls to an output and waits until it is drawn. */
export async function reveal(page: Page, view: string): Promise<void> {
  const output = page.locator(`.output.view[data-view="${view}"]`).first();
  await output.scrollIntoViewIfNeeded();
  await page.waitForSelector(`.output.view[data-view="${view}"].mounted .vaenb-root`, { state: "attached" });
}

/** Scrolls through the whole page, so that all of it is drawn. */
export async function readThrough(page: Page): Promise<void> {
  for (const output of await page.locator(".output.view, .output.frame").all())
    await output.scrollIntoViewIfNeeded();
  await page.waitForFunction(
    "[...document.querySelectorAll('.output.view')].every((one) => one.classList.contains('mounted'))",
  );
  for (const chart of await page.locator(".vaenb-chart").all())
    await chart.locator(".main-svg").first().waitFor({ state: "attached" });
}
