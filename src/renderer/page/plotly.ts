/** The part of an exported page that charts need. */
import { parts } from "../plotlyParts";

window.vaenbPlotly = parts;
