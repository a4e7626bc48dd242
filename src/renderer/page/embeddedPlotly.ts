import type { Plotly } from "../plotly";
import { runScript } from "./inert";

/** Takes the place of `plotlyParts` in an exported page: plotly lies in the page, packed, until the first chart needs it. */
export const parts: Promise<Plotly> = unpack();

async function unpack(): Promise<Plotly> {
  const packed = document.getElementById("vaenb_plotly")?.textContent ?? "";
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const code = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  runScript(await new Response(code).text());
  if (window.vaenbPlotly === undefined) throw new Error("this page was exported without its charts");
  return window.vaenbPlotly;
}
