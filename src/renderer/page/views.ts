/** The part of an exported page that has all views in it, and plotly not. */
import { activate } from "../index";
// Now, and not when the first chart asks: a script knows its nonce only while it starts.
import "./inert";

window.vaenbActivate = activate;

// Unpacked before anybody asks: a page that is printed has no time to wait for its charts.
window.addEventListener("load", () => {
  if (document.getElementById("vaenb_plotly")) setTimeout(() => void import("./embeddedPlotly"), 1_000);
});
