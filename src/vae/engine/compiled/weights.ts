import type { WeightSpec, WeightStore } from "../engine";
import type { BlockedMatrix, OptimizerKernels } from "../optimizers/kernels";
import { optimizerKernels } from "../optimizers/kernels";
import type { Arrangement } from "./arrangement";
import { arrangementOf } from "./arrangement";
import type { Block, Layout } from "./memory";
import { Arena, layOut } from "./memory";

/** A model's weights in a WebAssembly memory of their own, together with the room that its trainers ask for. */
export class CompiledWeights implements WeightStore {
  readonly arena = new Arena();
  readonly layout: Layout;
  readonly block: Block;
  readonly kernels: OptimizerKernels;
  private arrangement: Arrangement | undefined;
  private disposed = false;

  constructor(readonly specs: readonly WeightSpec[]) {
    this.layout = layOut(specs);
    this.block = this.arena.allocate(this.layout.length);
    this.kernels = optimizerKernels(this.arena.memory);
    for (const { name, initial } of specs) this.write(name, initial);
  }

  /** Puts weights into blocks, before the first program that reads them; where they lie then, they stay. */
  arrange(block: number | undefined): Arrangement {
    if (this.arrangement) return this.arrangement;
    const arrangement = arrangementOf(this.specs, block);
    const values = [...arrangement.names].map((name) => [name, this.read(name)] as const);
    this.arrangement = arrangement;
    for (const [name, weight] of values) this.write(name, weight);
    return arrangement;
  }

  read(name: string): Float32Array {
    this.view(name);
    return this.readFrom(this.block, name);
  }

  write(name: string, values: Float32Array): void {
    const target = this.view(name);
    if (values.length !== target.length)
      throw new Error(`weight "${name}" holds ${target.length} values, got ${values.length}`);
    this.writeTo(this.block, name, values);
  }

  /**
   * What belongs to a weight in a block like that of the weights: its values, its gradient, or what an optimizer remembers
   * of it. A copy, by rows.
   */
  readFrom(block: Block, name: string): Float32Array {
    const place = this.layout.within(block, name);
    const matrix = this.matrix(name);
    if (!matrix) return this.arena.view(place).slice();
    const rows = this.arena.allocate(place.length);
    this.kernels.blocksToRows(place.offset, rows.offset, matrix);
    const values = this.arena.view(rows).slice();
    this.arena.release(rows);
    return values;
  }

  writeTo(block: Block, name: string, values: Float32Array): void {
    const place = this.layout.within(block, name);
    const matrix = this.matrix(name);
    if (!matrix) {
      this.arena.view(place).set(values);
      return;
    }
    const rows = this.arena.allocate(place.length);
    this.arena.view(rows).set(values);
    this.kernels.rowsToBlocks(rows.offset, place.offset, matrix);
    this.arena.release(rows);
  }

  /** The values themselves as they lie, valid until the arena grows. */
  view(name: string): Float32Array<ArrayBuffer> {
    if (this.disposed) throw new Error("the model's weights were disposed; make the model again to use it");
    return this.arena.view(this.layout.within(this.block, name));
  }

  dispose(): void {
    this.disposed = true;
  }

  /** What a weight that lies in blocks is a matrix of. */
  private matrix(name: string): BlockedMatrix | undefined {
    if (!this.arrangement?.names.has(name)) return undefined;
    const [rows = 1, columns = 1] = this.specs.find((spec) => spec.name === name)?.shape ?? [];
    return { rows, columns, block: this.arrangement.block };
  }
}
