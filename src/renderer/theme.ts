import type { Theme, ThemeColours } from "./view";

const variable = (name: string, otherwise: string): string =>
  getComputedStyle(document.body).getPropertyValue(name).trim() || otherwise;

/** VS Code's colours as it puts them into the webview; a plain page's own where there are none. */
export const editorTheme: Theme = {
  colours: (): ThemeColours => ({
    foreground: variable("--vscode-editor-foreground", getComputedStyle(document.body).color),
    background: variable("--vscode-editor-background", "#ffffff"),
    faint: variable("--vscode-editorWidget-border", "rgba(128, 128, 128, 0.3)"),
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

/** Ten colours that people with colour vision deficiencies tell apart (Petroff 2021); they repeat beyond ten. */
const labelColours = [
  "#3f90da",
  "#ffa90e",
  "#bd1f01",
  "#94a4a2",
  "#832db6",
  "#a96b59",
  "#e76300",
  "#b9ac70",
  "#717581",
  "#92dadd",
] as const;
export const colourOf = (index: number): string =>
  labelColours[index % labelColours.length] ?? labelColours[0];

/** Layout that every chart shares, in the theme's colours. */
export function chartLayout({ foreground, faint, font }: ThemeColours): object {
  return {
    paper_bgcolor: "rgba(0, 0, 0, 0)",
    plot_bgcolor: "rgba(0, 0, 0, 0)",
    font: { color: foreground, family: font, size: 12 },
    hoverlabel: { font: { family: font } },
    modebar: { bgcolor: "rgba(0, 0, 0, 0)", color: faint, activecolor: foreground },
    margin: { l: 56, r: 12, t: 30, b: 44 },
    autosize: true,
    uirevision: "kept",
  };
}

export const chartAxis = ({ faint }: ThemeColours, title: string, more: object = {}): object => ({
  title: { text: title },
  gridcolor: faint,
  zerolinecolor: faint,
  linecolor: faint,
  automargin: true,
  ...more,
});
