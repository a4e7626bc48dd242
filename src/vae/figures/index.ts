export { datasetFigure } from "./dataset";
export type { Figure } from "./figure";
export { gradientCheckFigure } from "./gradientCheck";
export { modelFigure } from "./model";
export { plot } from "./plot";
export { runFigure } from "./run";
export { scoreFigure } from "./score";
export { tableFigure } from "./table";
export { tensorFigure } from "./tensor";
