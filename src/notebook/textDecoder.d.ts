/** Node and browsers both have it; this room takes nothing else from either, so it takes neither's types. */
declare class TextDecoder {
  constructor(label: "utf-8", options: { readonly fatal: true });
  decode(input: Uint8Array, options?: { readonly stream?: boolean }): string;
}
