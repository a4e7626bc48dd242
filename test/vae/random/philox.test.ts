import { expect, test } from "vitest";
import { blocksAtOnce, blocksOf } from "../../../src/vae/random/blocks";
import { philox } from "../../../src/vae/random/philox";

interface KnownAnswer {
  readonly counter: readonly [number, number, number, number];
  readonly key: readonly [number, number];
  readonly result: readonly number[];
}

/** Known answers published with the Random123 library (file kat_vectors, "philox4x32 10"): counter, key, result. */
const knownAnswers: readonly KnownAnswer[] = [
  {
    counter: [0, 0, 0, 0],
    key: [0, 0],
    result: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  },
  {
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    result: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    result: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
];

for (const { counter, key, result } of knownAnswers)
  test(`counter ${counter.join(", ")} under key ${key.join(", ")} gives the published words`, () => {
    const words = new Uint32Array(4);
    philox(...counter, ...key, words);
    expect([...words]).toEqual(result);
  });

test("equals the paper's definition in exact integers on 2,000 random counters", () => {
  const words = new Uint32Array(4);
  for (let trial = 0; trial < 2_000; trial++) {
    const at = Array.from({ length: 6 }, () => Math.floor(Math.random() * 2 ** 32));
    const [c0 = 0, c1 = 0, c2 = 0, c3 = 0, k0 = 0, k1 = 0] = at;
    philox(c0, c1, c2, c3, k0, k1, words);
    expect([...words], at.join()).toEqual(exactPhilox([c0, c1, c2, c3], [k0, k1]));
  }
});

function exactPhilox(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): number[] {
  const low = (value: bigint): bigint => value & 0xffffffffn;
  let [c0, c1, c2, c3] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
  let [k0, k1] = key.map(BigInt) as [bigint, bigint];
  for (let round = 0; round < 10; round++) {
    const product0 = 0xd2511f53n * c0;
    const product1 = 0xcd9e8d57n * c2;
    [c0, c1, c2, c3] = [
      (product1 >> 32n) ^ c1 ^ k0,
      low(product1),
      (product0 >> 32n) ^ c3 ^ k1,
      low(product0),
    ];
    k0 = low(k0 + 0x9e3779b9n);
    k1 = low(k1 + 0xbb67ae85n);
  }
  return [c0, c1, c2, c3].map(Number);
}

test("many blocks at once are the same words", () => {
  for (let trial = 0; trial < 20; trial++) {
    const at = Array.from({ length: 6 }, () => Math.floor(Math.random() * 2 ** 32));
    const [first = 0, c1 = 0, c2 = 0, c3 = 0, k0 = 0, k1 = 0] = at;
    const words = blocksOf({ key: [k0, k1], counter: [c1, c2, c3] }, first, blocksAtOnce);
    const block = new Uint32Array(4);
    for (const i of [0, 1, 2, 1000, blocksAtOnce - 1]) {
      philox((first + i) % 2 ** 32, c1, c2, c3, k0, k1, block);
      expect([...words.subarray(4 * i, 4 * i + 4)], `block ${i} of ${at.join(", ")}`).toEqual([...block]);
    }
  }
});
