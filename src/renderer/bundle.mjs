// How the renderer is bundled: an ES module for the notebook's webview, in which plotly is a part that loads on demand.
import { fileURLToPath } from "node:url";

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

/** @type {import("esbuild").BuildOptions} */
export const rendererBundle = {
  bundle: true,
  platform: "browser",
  target: "es2022",
  format: "esm",
  splitting: true,
  minify: true,
  entryPoints: { renderer: here("index.ts") },
  outdir: "dist/renderer",
  chunkNames: "part-[hash]",
  logLevel: "error",
  // plotly.js is built from its parts: only the charts listed in plotlyParts.ts, without its maps' style sheet.
  define: { global: "window" },
  loader: { ".css": "empty", ".glsl": "text" },
  alias: { regl: "@plotly/regl", stream: "stream-browserify", buffer: here("noBuffer.ts") },
};
