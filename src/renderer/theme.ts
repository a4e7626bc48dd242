import { rgbOf } from "./colour";
import type { Theme, ThemeColours } from "./view";

const variable = (name: string, otherwise: string): string =>
  getComputedStyle(document.body).getPropertyValue(name).trim() || otherwise;

/** VS Code's colours as it puts them into the webview; a plain page's own where there are none. */
export const editorTheme: Theme = {
  colours: (): ThemeColours => ({
    foreground: variable("--vscode-editor-foreground", getComputedStyle(document.body).color),
    background: variable("--vscode-editor-background", "#ffffff"),
    faint: variable("--vscode-editorWidget-border", "rgba(128, 128, 128, 0.3)"),
    grid: gridOn(variable("--vscode-editor-foreground", getComputedStyle(document.body).color)),
    warning: variable("--vscode-editorWarning-foreground", "#bf8803"),
    hover: variable(
      "--vscode-editorHoverWidget-background",
      variable("--vscode-editor-background", "#ffffff"),
    ),
    highContrast: /\bvscode-high-contrast/.test(document.body.className),
    font: variable("--vscode-font-family", "system-ui, sans-serif"),
  }),
  onChange: (changed) => {
    // VS Code changes the class of the body and the style of the document when the theme changes.
    const observer = new MutationObserver(changed);
    observer.observe(document.body, { attributes: true, attributeFilter: ["class"] });
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style"] });
    return () => observer.disconnect();
  },
};

/** Lines behind the data: there, and no more than that, also where a theme's borders are bright. */
function gridOn(foreground: string): string {
  const rgb = rgbOf(foreground) ?? [128, 128, 128];
  return `rgba(${rgb.join(", ")}, 0.15)`;
}

/** Layout that every chart shares, in the theme's colours. */
export function chartLayout({ foreground, faint, hover, font }: ThemeColours): object {
  return {
    paper_bgcolor: "rgba(0, 0, 0, 0)",
    plot_bgcolor: "rgba(0, 0, 0, 0)",
    font: { color: foreground, family: font, size: 12 },
    hoverlabel: { bgcolor: hover, bordercolor: faint, font: { color: foreground, family: font } },
    modebar: { bgcolor: "rgba(0, 0, 0, 0)", color: foreground, activecolor: foreground },
    margin: { l: 56, r: 12, t: 30, b: 44 },
    autosize: true,
    uirevision: "kept",
  };
}

/** An axis's lines in the theme's colours. */
export const axisLines = ({ grid, foreground }: ThemeColours): object => ({
  gridcolor: grid,
  zerolinecolor: grid,
  linecolor: grid,
  tickcolor: foreground,
});
