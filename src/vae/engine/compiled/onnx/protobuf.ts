/**
 * The part of the protocol buffer wire format that ONNX files need. A message is the concatenation of its fields.
 * Source: https://protobuf.dev/programming-guides/encoding
 */
export type Message = readonly Uint8Array[];

const text = new TextEncoder();

/** Seven bits per byte, lowest first; negative numbers as 64-bit two's complement. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  if (value >= 0) {
    for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
    bytes.push(value);
    return Uint8Array.from(bytes);
  }
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

const tag = (field: number, wireType: number): Uint8Array => varint(field * 8 + wireType);

const lengthOf = (message: Message): number => message.reduce((sum, bytes) => sum + bytes.length, 0);

export const integerField = (field: number, value: number): Message => [tag(field, 0), varint(value)];

export const floatField = (field: number, value: number): Message => [
  tag(field, 5),
  new Uint8Array(new Float32Array([value]).buffer),
];

export const messageField = (field: number, message: Message): Message => [
  tag(field, 2),
  varint(lengthOf(message)),
  ...message,
];

export const bytesField = (field: number, bytes: Uint8Array): Message => messageField(field, [bytes]);
export const textField = (field: number, value: string): Message => bytesField(field, text.encode(value));

export function encode(message: Message): Uint8Array {
  const bytes = new Uint8Array(lengthOf(message));
  let offset = 0;
  for (const part of message) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
