/** How views look: the editor's own colours and fonts, nothing of a page's. */
const sheet = `
.vaenb-root { --vaenb-track: color-mix(in srgb, currentColor 30%, transparent); color: var(--vscode-editor-foreground, inherit); font-family: var(--vscode-font-family, system-ui, sans-serif); font-size: var(--vscode-font-size, 13px); line-height: 1.45; max-width: 100%; }
.vscode-dark .vaenb-root, .vscode-high-contrast:not(.vscode-high-contrast-light) .vaenb-root { color-scheme: dark; }
.vscode-light .vaenb-root, .vscode-high-contrast-light .vaenb-root { color-scheme: light; }
.vaenb-root [hidden] { display: none !important; }
.vaenb-panel { display: flex; flex-direction: column; gap: 8px; }
.vaenb-title { font-weight: 600; }
.vaenb-note { color: var(--vscode-descriptionForeground, inherit); margin: 0; }
.vaenb-row { display: flex; flex-wrap: wrap; gap: 6px 14px; align-items: center; }
.vaenb-spoken { position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; border: 0; }
.vaenb-scrolling { overflow-x: auto; max-width: 100%; }
.vaenb-scrolling:focus-visible, .vaenb-surface:focus-visible, .vaenb-pictures:focus-visible, .vaenb-root button:focus-visible, .vaenb-root a:focus-visible, .vaenb-root summary:focus-visible, .vaenb-root input:focus-visible, .vaenb-root select:focus-visible { outline: 2px solid var(--vscode-focusBorder, Highlight); outline-offset: 1px; }
.vaenb-table { border-collapse: collapse; font-variant-numeric: tabular-nums; width: auto; align-self: flex-start; }
.vaenb-table tr, .vaenb-table th, .vaenb-table td { background: none !important; }
.vaenb-table th, .vaenb-table td { padding: 2px 12px 2px 0; font-weight: normal; border: 0; vertical-align: baseline; }
.vaenb-table thead th, .vaenb-table thead td { border-bottom: 1px solid var(--vscode-editorWidget-border, rgba(128,128,128,0.4)); font-weight: 600; }
.vaenb-left { text-align: left; }
.vaenb-right { text-align: right; }
.vaenb-bad > * { font-weight: 600 !important; }
.vaenb-bad > :first-child { box-shadow: inset 3px 0 0 var(--vscode-errorForeground, #c4314b); padding-left: 8px; }
.vaenb-warning { border-left: 3px solid var(--vscode-editorWarning-foreground, #bf8803); padding: 1px 0 1px 8px; margin: 0; }
.vaenb-list { list-style: none; margin: 0; padding: 0; display: flex; flex-direction: column; gap: 4px; }
.vaenb-root button { color: var(--vscode-button-secondaryForeground, inherit); background: var(--vscode-button-secondaryBackground, transparent); border: 1px solid var(--vscode-button-border, rgba(128,128,128,0.5)); border-radius: 2px; padding: 2px 8px; font: inherit; cursor: pointer; }
.vaenb-root button:hover { background: var(--vscode-button-secondaryHoverBackground, rgba(128,128,128,0.2)); }
.vaenb-root select, .vaenb-root input[type="text"] { color: var(--vscode-dropdown-foreground, inherit); background: var(--vscode-dropdown-background, transparent); border: 1px solid var(--vscode-dropdown-border, rgba(128,128,128,0.5)); font: inherit; padding: 1px 4px; }
.vaenb-root input[type="range"] { appearance: none; width: 130px; height: 16px; margin: 2px; background: none; }
.vaenb-root .vaenb-sliders input[type="range"] { width: auto; min-width: 0; }
.vaenb-root input[type="range"]::-webkit-slider-runnable-track { height: 4px; border-radius: 2px; background: var(--vaenb-track); }
.vaenb-root input[type="range"]::-moz-range-track { height: 4px; border-radius: 2px; background: var(--vaenb-track); }
.vaenb-root input[type="range"]::-webkit-slider-thumb { appearance: none; box-sizing: border-box; width: 14px; height: 14px; margin-top: -5px; border: 0; border-radius: 50%; background: var(--vscode-progressBar-background, #0e70c0); }
.vaenb-root input[type="range"]::-moz-range-thumb { width: 14px; height: 14px; border: 0; border-radius: 50%; background: var(--vscode-progressBar-background, #0e70c0); }
.vaenb-root input[type="checkbox"] { accent-color: var(--vscode-progressBar-background, #0e70c0); margin: 0; }
.vaenb-root label { display: inline-flex; gap: 6px; align-items: center; }
.vaenb-root progress { appearance: none; width: 180px; height: 6px; border: 0; border-radius: 3px; overflow: hidden; background: var(--vaenb-track); }
.vaenb-root progress::-webkit-progress-bar { background: none; }
.vaenb-root progress::-webkit-progress-value { background: var(--vscode-progressBar-background, #0e70c0); }
.vaenb-root progress::-moz-progress-bar { background: var(--vscode-progressBar-background, #0e70c0); }
.vaenb-row label { max-width: 100%; }
.vaenb-row label input[type="range"] { flex: 0 1 auto; min-width: 60px; }
.vaenb-row output { min-width: 7em; }
.vaenb-progress { display: flex; flex-wrap: wrap; gap: 0 14px; align-items: center; }
.vaenb-progress span { flex: 1 1 300px; }
.vaenb-root .vaenb-key-button { display: inline-flex; align-items: center; gap: 8px; background: none; border-color: transparent; color: inherit; padding: 0 6px 0 0; text-align: left; }
.vaenb-root .vaenb-key-button[aria-pressed="false"] { text-decoration: line-through; }
.vaenb-key-button[aria-pressed="false"] .vaenb-line { visibility: hidden; }
.vaenb-line { flex: none; width: 24px; border-top: 2px solid; }
.vaenb-line.vaenb-dashed { border-top-style: dashed; }
.vaenb-losses td { min-width: 5em; }
.vaenb-table.vaenb-losses th, .vaenb-table.vaenb-losses td { vertical-align: middle; }
.vaenb-root button[aria-disabled="true"] { opacity: 0.5; cursor: default; }
.vaenb-root .vaenb-chart .modebar .modebar-btn:focus-visible { outline: 2px solid var(--vscode-focusBorder, Highlight); }
.vaenb-root .modebar button { border: 0; background: none; padding: 3px 4px; }
.vaenb-chart { width: 100%; min-width: 0; }
.vaenb-lines { position: relative; min-width: 0; }
.vaenb-lines svg { display: block; overflow: hidden; font-variant-numeric: tabular-nums; }
.vaenb-lines > svg { position: absolute; left: 0; top: 0; }
.vaenb-lines-surface { position: absolute; inset: 0; cursor: default; touch-action: pan-y; }
.vaenb-lines-surface[data-over="lines"] { cursor: crosshair; }
.vaenb-lines-surface[data-over="axis"] { cursor: ew-resize; }
.vaenb-hover { font-size: 0.92em; position: absolute; left: 0; top: 0; z-index: 1; pointer-events: none; width: max-content; max-width: 100%; padding: 4px 8px; background: color-mix(in srgb, var(--vscode-editorHoverWidget-background, var(--vscode-editor-background, Canvas)) 90%, transparent); color: var(--vscode-editorHoverWidget-foreground, inherit); border: 1px solid var(--vscode-editorHoverWidget-border, rgba(128, 128, 128, 0.5)); border-radius: 3px; font-variant-numeric: tabular-nums; }
.vscode-high-contrast .vaenb-hover { background: var(--vscode-editorHoverWidget-background, Canvas); }
.vaenb-hover table { border-collapse: collapse; }
.vaenb-hover tr, .vaenb-hover th, .vaenb-hover td { background: none !important; border: 0; padding: 1px 0 1px 12px; font-weight: normal; white-space: nowrap; }
.vaenb-hover th { font-weight: 600; text-align: right; }
.vaenb-hover tr > :first-child { padding-left: 0; text-align: left; }
.vaenb-hover .vaenb-line { display: inline-block; vertical-align: middle; margin-right: 6px; width: 18px; }
.vaenb-plane { position: relative; min-height: 220px; }
.vaenb-plane svg, .vaenb-plane canvas, .vaenb-surface { position: absolute; left: 0; top: 0; }
.vaenb-plane svg { pointer-events: none; overflow: hidden; }
.vaenb-surface { cursor: crosshair; }
.vaenb-surface[data-tool="pan"] { cursor: grab; }
.vaenb-surface:active { cursor: grabbing; }
.vaenb-tick { font-variant-numeric: tabular-nums; }
.vaenb-cross { stroke: currentColor; stroke-width: 2; fill: none; paint-order: stroke; filter: drop-shadow(0 0 1px var(--vscode-editor-background, Canvas)) drop-shadow(0 0 1px var(--vscode-editor-background, Canvas)); }
.vaenb-ring { fill: none; stroke: currentColor; stroke-width: 2; filter: drop-shadow(0 0 1px var(--vscode-editor-background, Canvas)) drop-shadow(0 0 1px var(--vscode-editor-background, Canvas)); }
.vaenb-outline { fill: var(--vscode-focusBorder, Highlight); fill-opacity: 0.12; stroke: var(--vscode-focusBorder, Highlight); stroke-dasharray: 4 3; }
.vaenb-legend { display: flex; flex-wrap: wrap; gap: 2px; padding-left: 58px; }
.vaenb-legend summary { cursor: pointer; padding: 3px 8px; }
.vaenb-legend.vaenb-more { padding-left: 0; max-height: 200px; overflow-y: auto; }
.vaenb-root .vaenb-legend button { display: inline-flex; align-items: center; gap: 5px; background: none; border-color: transparent; color: inherit; max-width: 16em; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
.vaenb-root .vaenb-legend button[aria-pressed="false"] { text-decoration: line-through; }
.vaenb-legend button[aria-pressed="false"] .vaenb-swatch { visibility: hidden; }
.vaenb-swatch { flex: none; width: 10px; height: 10px; border-radius: 50%; box-shadow: 0 0 0 1px rgba(128, 128, 128, 0.5); }
.vaenb-tools { padding-left: 58px; }
.vaenb-joined { display: inline-flex; align-items: center; }
.vaenb-joined > span { margin-right: 6px; }
.vaenb-joined button + button { margin-left: -1px; }
.vaenb-root button[aria-pressed="true"]:not(.vaenb-legend button, .vaenb-key-button) { color: var(--vscode-button-foreground, HighlightText); background: var(--vscode-button-background, Highlight); }
.vscode-high-contrast .vaenb-root { --vaenb-track: color-mix(in srgb, currentColor 50%, transparent); }
.vscode-high-contrast .vaenb-root button[aria-pressed="true"]:not(.vaenb-legend button, .vaenb-key-button) { color: var(--vscode-editor-background, Canvas); background: var(--vscode-editor-foreground, CanvasText); }
.vscode-high-contrast .vaenb-swatch { box-shadow: 0 0 0 1px currentColor; }
.vaenb-pictures { position: relative; display: inline-block; }
.vaenb-pictures canvas, .vaenb-decoded canvas { image-rendering: pixelated; display: block; }
.vaenb-pictures canvas.vaenb-reduced, .vaenb-decoded canvas.vaenb-reduced { image-rendering: auto; }
.vscode-high-contrast .vaenb-pictures canvas, .vscode-high-contrast .vaenb-decoded canvas { outline: 1px solid var(--vscode-contrastBorder, currentColor); }
.vaenb-columnNames > .vaenb-spread { overflow: visible; }
.vaenb-frame { display: grid; grid-template-columns: auto auto; justify-content: start; gap: 3px 0; width: max-content; padding: 1px; }
.vaenb-rowNames { display: flex; flex-direction: column; justify-content: space-around; text-align: right; color: var(--vscode-descriptionForeground, inherit); }
.vaenb-rowNames:not(:empty) { padding-right: 8px; }
.vaenb-rowNames > *, .vaenb-columnNames > * { flex: 1 1 0; min-width: 0; min-height: 0; display: flex; align-items: center; }
.vaenb-rowNames > * { justify-content: flex-end; }
.vaenb-columnNames { display: flex; grid-column: 2; color: var(--vscode-descriptionForeground, inherit); font-size: 0.9em; }
.vaenb-columnNames > * { justify-content: center; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
.vaenb-root .vaenb-edges { justify-content: space-between; white-space: nowrap; }
.vaenb-root .vaenb-edges > * { flex: none; overflow: visible; }
.vaenb-marker { position: absolute; pointer-events: none; box-sizing: border-box; border: 2px solid var(--vscode-focusBorder, Highlight); }
.vaenb-sides { display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-start; }
.vaenb-sides > * { min-width: 0; max-width: 100%; }
.vaenb-sides > .vaenb-wide { flex: 1 1 420px; min-width: 0; }
.vaenb-sides > .vaenb-beside { flex: 0 1 290px; min-width: 220px; }
.vaenb-beside .vaenb-sliders { grid-template-columns: auto minmax(80px, 1fr) 3.2em; }
.vaenb-decoded { display: flex; flex-direction: column; gap: 6px; min-width: 150px; }
.vaenb-value { font-family: var(--vscode-editor-font-family, monospace); font-size: var(--vscode-editor-font-size, 13px); overflow-x: auto; }
.vaenb-value ul { list-style: none; margin: 0; padding-left: 1.4em; }
.vaenb-value summary { cursor: pointer; }
.vaenb-value .vaenb-leaf { padding-left: 1em; }
.vaenb-key { color: var(--vscode-symbolIcon-propertyForeground, inherit); font-weight: 600; }
.vaenb-bars { width: min(260px, 26vw); }
.vaenb-bar { display: block; height: 0.8em; background: var(--vscode-charts-blue, #3f90da); min-width: 1px; }
.vaenb-values summary { cursor: pointer; width: fit-content; }
.vaenb-values .vaenb-scrolling { max-height: 320px; overflow: auto; }
.vaenb-sliders { display: grid; grid-template-columns: auto minmax(100px, 260px) 4em; justify-content: start; gap: 2px 10px; align-items: center; }
`;

const id = "vaenb-style";

/** Puts the style sheet into the page, once. */
export function addStyle(): void {
  if (document.getElementById(id)) return;
  const style = document.createElement("style");
  style.id = id;
  style.textContent = sheet;
  document.head.append(style);
}
