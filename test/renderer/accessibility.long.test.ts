import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { contrast, rgbOf } from "../../src/renderer/colour";
import { everyView } from "./everyView";
import { themes, webviews } from "./page";

const open = webviews();

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

describe.each(["dark", "light", "high-contrast", "high-contrast-light"] as const)(
  "in the %s theme",
  (theme) => {
    it.each(Object.entries(everyView))("axe finds nothing serious in the %s view", async (_, make) => {
      const view = await open({}, theme);
      await view.draw(await make());
      await view.page.waitForSelector("#output .vaenb-root > *", { state: "attached" });
      await view.page.addScriptTag({
        content: await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"),
      });
      const findings = await view.page.evaluate<Finding[]>(
        "axe.run('#output').then(({ violations }) => violations)",
      );
      const serious = findings.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect(
        serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary ?? ""}`),
      ).toEqual([]);
    });

    it("whatever has the focus is seen to have it", async () => {
      const view = await open({}, theme);
      for (const [name, make] of Object.entries(everyView)) await view.draw(await make(), name);
      await view.page.waitForSelector("#training .vaenb-lines path[d]", { state: "attached" });
      await view.page.waitForSelector("#latent canvas[data-points]");
      const background = rgbOf(themes[theme]["--vscode-editor-background"]) ?? [0, 0, 0];
      const unseen: string[] = [];
      const seen = new Set<string>();
      for (let stops = 0; stops < 120; stops++) {
        await view.page.keyboard.press("Tab");
        const focus = await view.page.evaluate(() => {
          const at = document.activeElement;
          if (at === null || at === document.body) return undefined;
          const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(at);
          return {
            what: `${at.closest("#outputs > *")?.id}: ${at.tagName} ${at.getAttribute("aria-label") ?? at.textContent}`,
            view: at.closest("#outputs > *")?.id ?? "",
            ring: outlineStyle !== "none" && parseFloat(outlineWidth) >= 1 ? outlineColor : "none",
          };
        });
        if (focus === undefined) break;
        seen.add(focus.view);
        const ring = rgbOf(focus.ring);
        if (ring === undefined || contrast(ring, background) < 3) unseen.push(`${focus.what}: ${focus.ring}`);
      }
      expect(unseen).toEqual([]);
      expect([...seen].sort()).toEqual(Object.keys(everyView).sort());
    });
  },
);
