import { interpolation } from "./interpolation";
import { klPerDimension } from "./klPerDimension";
import { latentSpace } from "./latentSpace";
import { loss } from "./loss";
import { manifold } from "./manifold";
import { reconstructions } from "./reconstructions";
import { samples } from "./samples";
import { traversals } from "./traversals";

/** Pictures of what a model has learned. Each is a figure: return it from a cell, or print it for its text. */
export const plot = {
  loss,
  reconstructions,
  samples,
  latentSpace,
  manifold,
  traversals,
  interpolation,
  klPerDimension,
} as const;
