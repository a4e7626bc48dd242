/** The charts that people draw of data and models, in one bundle of 1.6 MB; maps, 3D and finance stay out. */
import bar from "plotly.js/lib/bar";
import box from "plotly.js/lib/box";
import contour from "plotly.js/lib/contour";
import plotly from "plotly.js/lib/core";
import heatmap from "plotly.js/lib/heatmap";
import histogram from "plotly.js/lib/histogram";
import histogram2d from "plotly.js/lib/histogram2d";
import image from "plotly.js/lib/image";
import pie from "plotly.js/lib/pie";
import scattergl from "plotly.js/lib/scattergl";
import violin from "plotly.js/lib/violin";
import type { Plotly } from "./plotly";

plotly.register([bar, box, contour, heatmap, histogram, histogram2d, image, pie, scattergl, violin]);

export const parts: Plotly = plotly;
