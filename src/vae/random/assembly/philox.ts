// AssemblyScript: compiled to WebAssembly by the build (see ../../wasm/plugin.mjs).

// @ts-nocheck

/**
 * Blocks `first`, `first + 1`, ... of a draw: the generator of ../philox.ts with its 64-bit products as the processor has
 * them, four unsigned 32-bit words each, one after the other from `target` on.
 */
export function blocks(
  target: usize,
  first: u32,
  count: i32,
  counter1: u32,
  counter2: u32,
  counter3: u32,
  key0: u32,
  key1: u32,
): void {
  for (let block = 0; block < count; block++) {
    let c0: u32 = first + block;
    let c1 = counter1;
    let c2 = counter2;
    let c3 = counter3;
    let k0 = key0;
    let k1 = key1;
    for (let round = 0; round < 10; round++) {
      const product0 = <u64>c0 * 0xd2511f53;
      const product1 = <u64>c2 * 0xcd9e8d57;
      c0 = (<u32>(product1 >> 32)) ^ c1 ^ k0;
      c1 = <u32>product1;
      c2 = (<u32>(product0 >> 32)) ^ c3 ^ k1;
      c3 = <u32>product0;
      k0 += 0x9e3779b9;
      k1 += 0xbb67ae85;
    }
    store<u32>(target, c0);
    store<u32>(target, c1, 4);
    store<u32>(target, c2, 8);
    store<u32>(target, c3, 12);
    target += 16;
  }
}
