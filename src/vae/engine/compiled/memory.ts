import type { WeightSpec } from "../engine";
import { sizeOf } from "./graph";

/** A stretch of a memory: where it starts, in bytes, and how many floats it holds. */
export interface Block {
  readonly offset: number;
  readonly length: number;
}

const pageBytes = 65_536;
const alignment = 64;
/** The first bytes belong to the WebAssembly module that works on this memory. */
const reserved = 1024;

/**
 * Float32 blocks in one WebAssembly memory, which ONNX Runtime and the optimizers read and write in place. The memory
 * grows when it has to; then every array over it is void, and `generation` tells those who keep some to make new ones.
 */
export class Arena {
  readonly memory = new WebAssembly.Memory({ initial: 1 });
  generation = 0;
  private end = reserved;
  private readonly free = new Map<number, Block[]>();

  /** A block of zeros. */
  allocate(length: number): Block {
    const known = this.free.get(length)?.pop();
    if (known) {
      this.view(known).fill(0);
      return known;
    }
    const block = { offset: this.end, length };
    this.end += Math.ceil((length * Float32Array.BYTES_PER_ELEMENT) / alignment) * alignment;
    const missing = Math.ceil((this.end - this.memory.buffer.byteLength) / pageBytes);
    if (missing > 0) {
      this.memory.grow(missing);
      this.generation++;
    }
    return block;
  }

  release(block: Block): void {
    const blocks = this.free.get(block.length) ?? [];
    blocks.push(block);
    this.free.set(block.length, blocks);
  }

  /** The block's values, live; valid until the generation changes. */
  view({ offset, length }: Block): Float32Array<ArrayBuffer> {
    return new Float32Array(this.memory.buffer, offset, length);
  }
}

/** Where each weight lies inside a block that holds all of them: the trainable ones first, each aligned. */
export interface Layout {
  readonly specs: readonly WeightSpec[];
  /** In floats, including padding. */
  readonly length: number;
  readonly trainableLength: number;
  /** The part of a block that holds one weight. */
  within(block: Block, name: string): Block;
}

export function layOut(specs: readonly WeightSpec[]): Layout {
  const lanes = alignment / Float32Array.BYTES_PER_ELEMENT;
  const places = new Map<string, Block>();
  let length = 0;
  const place = (spec: WeightSpec): void => {
    const size = sizeOf(spec.shape);
    if (places.has(spec.name)) throw new Error(`two weights are named "${spec.name}"`);
    if (spec.initial.length !== size)
      throw new Error(
        `weight "${spec.name}" of shape [${spec.shape.join(", ")}] needs ${size} initial values, got ${spec.initial.length}`,
      );
    places.set(spec.name, { offset: length, length: size });
    length += Math.ceil(size / lanes) * lanes;
  };
  specs.filter((spec) => spec.trainable).forEach(place);
  const trainableLength = length;
  specs.filter((spec) => !spec.trainable).forEach(place);
  return {
    specs,
    length,
    trainableLength,
    within(block, name) {
      const found = places.get(name);
      if (!found)
        throw new Error(`there is no weight "${name}"; the model has ${[...places.keys()].join(", ")}`);
      return { offset: block.offset + found.offset * Float32Array.BYTES_PER_ELEMENT, length: found.length };
    },
  };
}
