import type { Dataset } from "../data/dataset";
import type { RandomStream } from "../random";

/** More than a run has. */
const epochsOfOneRun = 2 ** 24;

/**
 * The order in which training sees the examples: one permutation per epoch, one after the other without a gap, cut
 * into batches. A batch may reach from one epoch into the next; every example is seen once per epoch, and every batch
 * is full. Which examples a step sees depends on the stream and the step only.
 */
export class ExampleOrder {
  private readonly permutations = new Map<number, Uint32Array>();

  constructor(
    private readonly data: Dataset,
    private readonly batchSize: number,
    private readonly random: RandomStream,
    /** How many runs the model had before: what is drawn anew on each pass is so in each run, too. */
    private readonly runsBefore = 0,
  ) {}

  /** Reads the examples of a step, `[batchSize, ...shape]`. */
  read(step: number, into: Float32Array): void {
    const { size, valuesPerExample } = this.data;
    let position = step * this.batchSize;
    for (let filled = 0; filled < this.batchSize;) {
      const epoch = Math.floor(position / size);
      const start = position % size;
      const count = Math.min(this.batchSize - filled, size - start);
      const examples = this.permutation(epoch).subarray(start, start + count);
      this.data.read(
        examples,
        into.subarray(filled * valuesPerExample, (filled + count) * valuesPerExample),
        this.runsBefore * epochsOfOneRun + epoch,
      );
      filled += count;
      position += count;
    }
  }

  private permutation(epoch: number): Uint32Array {
    const known = this.permutations.get(epoch);
    if (known) return known;
    for (const old of this.permutations.keys()) if (old < epoch - 1) this.permutations.delete(old);
    const made = this.random.permutation(this.data.size, epoch);
    this.permutations.set(epoch, made);
    return made;
  }
}
