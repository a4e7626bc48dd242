import { datasetFigure } from "../figures/dataset";
import { display, type Displayable, type MimeBundle } from "../host";
import { explainOtherNames } from "../otherNames";
import type { Dataset, TrainTest } from "./dataset";
import { describe } from "./describe";

const inspect = Symbol.for("nodejs.util.inspect.custom");

/** Two datasets of one kind, displayed together. */
export class TrainTestPair implements TrainTest, Displayable {
  readonly shape: readonly number[];

  constructor(
    readonly name: string,
    readonly train: Dataset,
    readonly test: Dataset,
  ) {
    this.shape = train.shape;
  }

  /** Both as flat vectors. */
  flatten(): TrainTestPair {
    return new TrainTestPair(this.name, this.train.flatten(), this.test.flatten());
  }

  [display](): MimeBundle {
    return datasetFigure(this)[display]();
  }

  /** What `console.log` prints. */
  [inspect](): string {
    return `${describe(this.train)}\n\n${describe(this.test)}`;
  }
}

const onlyOne = "Use .train or .test, one of the two datasets in it.";

explainOtherNames(
  TrainTestPair.prototype,
  "Training and test data together have",
  Object.fromEntries(
    ["0", "take", "filter", "shuffle", "split", "scale", "binarize", "augment", "batches", "reshape"].map(
      (name) => [name, onlyOne],
    ),
  ),
);
