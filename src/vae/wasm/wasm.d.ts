/** A compiled WebAssembly module, embedded by the build. */
declare module "*.wasm" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
