import type { WeightSpec, WeightStore } from "../engine";
import type { OptimizerKernels } from "../optimizers/kernels";
import { optimizerKernels } from "../optimizers/kernels";
import type { Block, Layout } from "./memory";
import { Arena, layOut } from "./memory";

/** A model's weights in a WebAssembly memory of their own, together with the room that its trainers ask for. */
export class CompiledWeights implements WeightStore {
  readonly arena = new Arena();
  readonly layout: Layout;
  readonly block: Block;
  readonly kernels: OptimizerKernels;
  private disposed = false;

  constructor(readonly specs: readonly WeightSpec[]) {
    this.layout = layOut(specs);
    this.block = this.arena.allocate(this.layout.length);
    this.kernels = optimizerKernels(this.arena.memory);
    for (const { name, initial } of specs) this.write(name, initial);
  }

  read(name: string): Float32Array {
    return this.view(name).slice();
  }

  write(name: string, values: Float32Array): void {
    const target = this.view(name);
    if (values.length !== target.length)
      throw new Error(`weight "${name}" holds ${target.length} values, got ${values.length}`);
    target.set(values);
  }

  /** The values themselves, valid until the arena grows. */
  view(name: string): Float32Array<ArrayBuffer> {
    if (this.disposed) throw new Error("the model's weights were disposed; make the model again to use it");
    return this.arena.view(this.layout.within(this.block, name));
  }

  dispose(): void {
    this.disposed = true;
  }
}
