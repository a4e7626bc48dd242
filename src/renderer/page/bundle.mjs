// The scripts that an exported page carries, each a file of its own: pages embed what their outputs need.
import { fileURLToPath } from "node:url";
import { rendererBundle } from "../bundle.mjs";

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const { splitting: _, chunkNames: __, ...renderer } = rendererBundle;

/** @type {import("esbuild").BuildOptions} */
export const pageBundle = {
  ...renderer,
  format: "iife",
  entryPoints: {
    host: here("host.ts"),
    views: here("views.ts"),
    frame: here("frame.ts"),
    plotly: here("plotly.ts"),
  },
  outdir: "dist/page",
  plugins: [
    {
      name: "plotly lies in the page",
      setup(build) {
        build.onResolve({ filter: /^\.\/plotlyParts$/ }, () => ({ path: here("embeddedPlotly.ts") }));
      },
    },
  ],
};
