import { convolutions } from "./convolution";
import { elementwise } from "./elementwise";
import { indexing } from "./indexing";
import { matrices } from "./matrices";
import { movement } from "./movement";
import { normalisation } from "./normalisation";
import { pooling } from "./pooling";
import { reductions } from "./reductions";
import { resizing } from "./resizing";
import type { RuleTable } from "./rule";

/** Every tfjs kernel that can be compiled, with how it is written as a graph. Adding an operation is adding a row. */
export const rules: RuleTable = {
  ...elementwise,
  ...reductions,
  ...movement,
  ...matrices,
  ...convolutions,
  ...pooling,
  ...resizing,
  ...indexing,
  ...normalisation,
};
