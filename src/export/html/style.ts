/** The page's looks. Views take their colours from VS Code's variables, which are set here as a theme of VS Code would. */

const light = `
color-scheme: light;
--background: #ffffff; --foreground: #1f2630; --muted: #5b6673; --line: #dfe4ea; --soft: #f6f8fa; --accent: #0a62b8; --mark: #fff3d6;
--error: #b3261e; --error-soft: #fdf1f0; --warning-soft: #fff8e8; --warning: #9a6700;
--t-comment: #5f6b78; --t-keyword: #8431a8; --t-string: #1a6e3c; --t-number: #a0460b; --t-constant: #a0460b; --t-regexp: #a0460b;
--t-type: #0b6a78; --t-function: #0a5cad; --t-property: #33507a;
--ansi-black: #1f2630; --ansi-red: #b3261e; --ansi-green: #1a6e3c; --ansi-yellow: #8a5b00; --ansi-blue: #0a5cad; --ansi-magenta: #8431a8;
--ansi-cyan: #0b6a78; --ansi-white: #5b6673; --button: #ffffff; --button-over: #eef2f6;`;

const dark = `
color-scheme: dark;
--background: #14181f; --foreground: #d9dee5; --muted: #97a3b0; --line: #2c343f; --soft: #1b212a; --accent: #6fb1ff; --mark: #4a3a12;
--error: #ff8f87; --error-soft: #2b1b1d; --warning-soft: #272115; --warning: #e3b341;
--t-comment: #8a96a3; --t-keyword: #d2a8ff; --t-string: #93d8a0; --t-number: #ffb27a; --t-constant: #ffb27a; --t-regexp: #ffb27a;
--t-type: #7fd6df; --t-function: #8cc2ff; --t-property: #b9cdea;
--ansi-black: #97a3b0; --ansi-red: #ff8f87; --ansi-green: #93d8a0; --ansi-yellow: #e3b341; --ansi-blue: #8cc2ff; --ansi-magenta: #d2a8ff;
--ansi-cyan: #7fd6df; --ansi-white: #d9dee5; --button: #222a35; --button-over: #2c3643;`;

const fonts = `
--text: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "DejaVu Sans", sans-serif;
--code: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace;`;

const viewColours = `
--vscode-editor-foreground: var(--foreground); --vscode-editor-background: var(--background);
--vscode-descriptionForeground: var(--muted); --vscode-editorWidget-border: var(--line); --vscode-focusBorder: var(--accent);
--vscode-font-family: var(--text); --vscode-font-size: 14px; --vscode-editor-font-family: var(--code); --vscode-editor-font-size: 13px;
--vscode-button-secondaryForeground: var(--foreground); --vscode-button-secondaryBackground: var(--button);
--vscode-button-secondaryHoverBackground: var(--button-over); --vscode-button-border: var(--line);
--vscode-button-foreground: var(--background); --vscode-button-background: var(--accent); --vscode-editorHoverWidget-background: var(--button);
--vscode-dropdown-foreground: var(--foreground); --vscode-dropdown-background: var(--button); --vscode-dropdown-border: var(--line);
--vscode-progressBar-background: var(--accent); --vscode-errorForeground: var(--error); --vscode-editorWarning-foreground: var(--warning);
--vscode-symbolIcon-propertyForeground: var(--t-property);`;

const ansi = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]
  .flatMap((name) => ["", "bright-"].map((kind) => ({ name, selector: `.ansi-${kind}${name}` })))
  .map(
    ({ name, selector }) =>
      `${selector}-fg { color: var(--ansi-${name}); } ${selector}-bg { background: var(--ansi-${name}); color: var(--background); }`,
  )
  .join("\n");

const syntax = [
  "comment",
  "keyword",
  "string",
  "number",
  "constant",
  "regexp",
  "type",
  "function",
  "property",
]
  .map((kind) => `.t-${kind} { color: var(--t-${kind}); }`)
  .join("\n");

export const style = `
:root { ${fonts} ${viewColours} ${light} }
@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { ${dark} } }
:root[data-theme="dark"] { ${dark} }
@media print { :root:root:root { ${light} } }

*, ::before, ::after { box-sizing: border-box; }
html { background: var(--background); color: var(--foreground); scroll-padding-top: 60px; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; font: 16px/1.6 var(--text); display: grid; grid-template-columns: minmax(0, 1fr); }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
button { font: inherit; }

.bar { position: sticky; top: 0; z-index: 2; display: flex; align-items: center; justify-content: space-between; gap: 12px; height: 46px; padding: 0 20px; background: color-mix(in srgb, var(--background) 88%, transparent); backdrop-filter: blur(8px); border-bottom: 1px solid var(--line); font-size: 13px; }
.bar .file { color: var(--muted); font-family: var(--code); font-size: 12.5px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bar button { display: inline-flex; align-items: center; gap: 6px; border: 1px solid var(--line); background: var(--button); color: var(--foreground); border-radius: 6px; padding: 3px 10px; cursor: pointer; white-space: nowrap; }
.bar button[hidden] { display: none; }
.bar button:hover { background: var(--button-over); }

main { width: 100%; max-width: 960px; margin: 0 auto; padding: 28px 20px 96px; min-width: 0; }
.cell { position: relative; min-width: 0; }
.cell + .cell { margin-top: 18px; }
.cell.prose + .cell.prose { margin-top: 0; }

.prose { overflow-wrap: break-word; }
.prose > * { max-width: 720px; }
.prose > .scroll, .prose > img { max-width: 100%; }
.prose h1, .prose h2, .prose h3, .prose h4, .prose h5, .prose h6 { line-height: 1.25; margin: 1.5em 0 0.5em; font-weight: 650; letter-spacing: -0.01em; text-wrap: balance; }
.prose h1 { font-size: 2.1em; letter-spacing: -0.022em; margin-top: 0.4em; }
.prose h2 { font-size: 1.45em; margin-top: 1.9em; }
.prose h3 { font-size: 1.18em; }
.prose h4, .prose h5, .prose h6 { font-size: 1em; }
.prose p, .prose ul, .prose ol, .prose blockquote, .prose pre, .prose .scroll, .prose dl { margin: 0 0 1em; }
.prose li + li { margin-top: 0.2em; }
.prose ul, .prose ol { padding-left: 1.5em; }
.prose blockquote { padding: 0.1em 1em; border-left: 3px solid var(--line); color: var(--muted); }
.prose blockquote > :last-child { margin-bottom: 0; }
.prose code, .prose kbd { font-family: var(--code); font-size: 0.875em; background: var(--soft); border: 1px solid var(--line); border-radius: 4px; padding: 0.08em 0.32em; }
.prose pre { background: var(--soft); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; overflow-x: auto; line-height: 1.5; }
.prose pre code { background: none; border: 0; padding: 0; font-size: 13px; }
.prose img, .prose video { max-width: 100%; height: auto; }
.prose mark { background: var(--mark); color: inherit; }
.prose hr { border: 0; border-top: 1px solid var(--line); margin: 2em 0; }
.prose summary { cursor: pointer; }
.prose math { font-size: 1.08em; }
.prose .katex-error { color: var(--error) !important; }
math[display="block"] { margin: 1em 0; overflow-x: auto; overflow-y: hidden; }
.scroll { overflow-x: auto; }
.prose table { border-collapse: collapse; font-size: 0.94em; font-variant-numeric: tabular-nums; }
.prose th, .prose td { padding: 6px 14px 6px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.prose th { font-weight: 600; border-bottom-width: 2px; }
.prose > :last-child { margin-bottom: 0.6em; }

.source { position: relative; background: var(--soft); border: 1px solid var(--line); border-radius: 8px; }
.source pre { margin: 0; padding: 12px 16px; overflow-x: auto; font: 13px/1.55 var(--code); tab-size: 2; }
.source pre code { font: inherit; }
.source .copy { position: absolute; top: 6px; right: 6px; opacity: 0; border: 1px solid var(--line); border-radius: 6px; background: var(--button); color: var(--foreground); font-size: 12px; line-height: 1.4; padding: 3px 9px; cursor: pointer; transition: opacity 0.12s; }
.source:hover .copy, .source:focus-within .copy, .copy:focus-visible { opacity: 1; }
.copy:hover { background: var(--button-over); }
@media (hover: none) { .source .copy { display: none; } }
.count { color: var(--muted); font: 11.5px/1.4 var(--code); text-align: right; font-variant-numeric: tabular-nums; position: absolute; right: 100%; top: 15px; margin-right: 10px; user-select: none; }
.cell-title { color: var(--muted); font-size: 13px; font-weight: 600; margin-bottom: 5px; }
.folded > summary { color: var(--muted); font-size: 13px; cursor: pointer; padding: 2px 0; }
.folded[open] > summary { margin-bottom: 6px; }

.outputs { margin-top: 12px; display: flex; flex-direction: column; gap: 12px; min-width: 0; padding: 0 2px 0 16px; border-left: 2px solid var(--line); }
.output { min-width: 0; position: relative; }
pre.text { margin: 0; font: 13px/1.5 var(--code); white-space: pre-wrap; overflow-wrap: anywhere; max-height: 560px; overflow: auto; }
.output noscript pre.text, .outputs pre.text { white-space: pre; overflow-wrap: normal; }
pre.text .lines { display: block; content-visibility: auto; contain-intrinsic-height: auto 750em; }
.output.stderr { background: var(--warning-soft); border-radius: 6px; padding: 8px 12px; }
.outputs .output.error pre.text { white-space: pre-wrap; overflow-wrap: anywhere; }
.output.error { background: var(--error-soft); border-left: 3px solid var(--error); border-radius: 0 6px 6px 0; padding: 10px 14px; }
.output.picture img, .output.picture video { display: block; max-width: 100%; height: auto; }
.output.frame iframe { display: block; width: 100%; border: 0; height: 0; }
.output.view:not(.mounted) .drawn { min-height: 120px; }
.output.view[data-view="training"]:not(.mounted) .drawn { min-height: 430px; }
.output.view[data-view="latent"]:not(.mounted) .drawn { min-height: 540px; }
.output.view[data-view="plotly"]:not(.mounted) .drawn { min-height: 420px; }
.vaenb-root { line-height: 1.45; }
.vaenb-root :not(.vaenb-joined) > button { border-radius: 6px; padding: 2px 10px; }
.vaenb-root .vaenb-joined > button:first-child { border-radius: 6px 0 0 6px; }
.vaenb-root .vaenb-joined > button:last-child { border-radius: 0 6px 6px 0; }
.vaenb-sides > * { min-width: 0; max-width: 100%; }
.vaenb-root select { border-radius: 6px; padding: 2px 6px !important; }
.raw pre.text { color: var(--muted); }

.contents { font-size: 13.5px; line-height: 1.4; margin: 0 20px; padding-top: 14px; }
.contents summary { font-weight: 600; cursor: pointer; padding: 6px 0; }
.contents ol { list-style: none; margin: 4px 0 0; padding: 0; }
.contents a { display: block; padding: 4px 10px; color: var(--muted); text-decoration: none; border-left: 2px solid var(--line); }
.contents .level-1 a { padding-left: 24px; }
.contents .level-2 a { padding-left: 38px; }
.contents a:hover { color: var(--foreground); }
.contents a.here { color: var(--accent); border-left-color: var(--accent); font-weight: 550; }

@media (min-width: 1120px) {
  .has-contents body { grid-template-columns: 250px minmax(0, 1fr); }
  .has-contents .bar { grid-column: 1 / -1; }
  .contents { position: sticky; top: 46px; align-self: start; max-height: calc(100vh - 46px); overflow-y: auto; margin: 0; padding: 34px 12px 24px 20px; }
  .contents summary { list-style: none; pointer-events: none; color: var(--muted); font-size: 11.5px; letter-spacing: 0.06em; text-transform: uppercase; padding: 0 0 4px 0; }
  .contents summary::-webkit-details-marker { display: none; }
  .has-contents main { padding-left: 56px; padding-right: 40px; margin: 0; max-width: 1016px; }
}
@media (max-width: 1119.98px) {
  main { max-width: 880px; }
  .contents { max-width: 840px; width: calc(100% - 40px); margin: 0 auto; }
}
@media (max-width: 1040px) {
  .count { position: static; text-align: left; margin: 0 0 3px 1px; }
  .count::before { content: "["; }
  .count::after { content: "]"; }
}
@media (max-width: 560px) {
  body { font-size: 15.5px; }
  main { padding: 18px 14px 64px; }
  .bar { padding: 0 14px; }
  .contents { width: calc(100% - 28px); }
  .prose h1 { font-size: 1.75em; }
  .prose h2 { font-size: 1.32em; }
  .source { border-radius: 6px; }
  .source pre { padding: 10px 12px; font-size: 12.5px; }
  .outputs { padding-left: 10px; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }

@media print {
  .bar, .contents, .copy { display: none !important; }
  body { display: block; font-size: 10.5pt; }
  main { max-width: none !important; padding: 0 !important; }
  .source pre, .prose pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 8.5pt; }
  pre.text { max-height: none; overflow: visible; white-space: pre-wrap !important; overflow-wrap: anywhere !important; font-size: 8.5pt; }
  .source { break-inside: avoid; }
  .output.view, .output.picture { break-inside: avoid; }
  .prose h1, .prose h2, .prose h3 { break-after: avoid; }
  .vaenb-root :not(.vaenb-legend, th, td) > button, .vaenb-row > label, .vaenb-root input, .vaenb-root progress, .vaenb-decoded, .vaenb-sliders, .modebar { display: none !important; }
  .vaenb-bar, .vaenb-swatch { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .vaenb-pictures, .vaenb-pictures canvas { max-width: 100%; height: auto !important; }
  .vaenb-frame { width: auto !important; grid-template-columns: auto minmax(0, 1fr) !important; }
  .vaenb-root, .outputs { font-size: 9pt !important; }
  .output.error, .output.stderr, .source { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  a { color: inherit; }
}

${syntax}
${ansi}
`;
