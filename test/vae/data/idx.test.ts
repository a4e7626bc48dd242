import fc from "fast-check";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gzipSync } from "node:zlib";
import { idx, parseIdx } from "../../../src/vae/data/idx";

const folder = mkdtempSync(join(tmpdir(), "idx-"));
let written = 0;
const write = (bytes: Uint8Array): string => {
  const path = join(folder, `file${written++}-ubyte`);
  writeFileSync(path, bytes);
  return path;
};

function encode(type: number, shape: readonly number[], numbers: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, type, shape.length]);
  shape.forEach((length, index) => header.writeUInt32BE(length, 4 + 4 * index));
  return Buffer.concat([header, numbers]);
}
const bytes = (shape: readonly number[], numbers: readonly number[]): Buffer =>
  encode(8, shape, Uint8Array.from(numbers));

test("what is encoded is parsed, in any shape", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
      fc.infiniteStream(fc.nat(255)),
      (shape, stream) => {
        const numbers = [...stream.take(shape.reduce((a, b) => a * b, 1))];
        const parsed = parseIdx("it", bytes(shape, numbers));
        expect([parsed.shape, [...parsed.values]]).toEqual([shape, numbers]);
      },
    ),
  );
});

test("the other types of numbers are read too, most significant byte first", () => {
  const floats = Buffer.alloc(8);
  floats.writeFloatBE(1.5, 0);
  floats.writeFloatBE(-2, 4);
  expect([...parseIdx("it", encode(0x0d, [2], floats)).values]).toEqual([1.5, -2]);
  const doubles = Buffer.alloc(8);
  doubles.writeDoubleBE(0.25);
  expect([...parseIdx("it", encode(0x0e, [1], doubles)).values]).toEqual([0.25]);
  expect([...parseIdx("it", encode(0x0b, [2], Uint8Array.of(1, 0, 255, 255))).values]).toEqual([256, -1]);
  expect([...parseIdx("it", encode(0x0c, [1], Uint8Array.of(0, 1, 0, 0))).values]).toEqual([65536]);
  expect([...parseIdx("it", encode(0x09, [1], Uint8Array.of(200))).values]).toEqual([-56]);
});

test("images get a channel and values in [0, 1], labels their names; gzipped or not", async () => {
  const file = bytes([2, 2, 3], [0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 6]);
  const labels = write(bytes([2], [1, 0]));
  for (const path of [write(file), write(gzipSync(file))]) {
    const data = await idx(path, { name: "pictures", labels, names: ["no", "yes"] });
    const into = new Float32Array(6);
    data.read([0], into);
    expect([data.name, data.size, data.shape]).toEqual(["pictures", 2, [2, 3, 1]]);
    expect([...into]).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1].map(Math.fround));
    expect(data.labels?.names[data.labels.of(0)]).toBe("yes");
  }
});

test("a wrong magic number is told, with a guess at what the file is", async () => {
  await expect(idx(write(Buffer.from("hello, world")))).rejects.toThrow(
    /not an IDX file: .* but it is 0x68656c6c/,
  );
  await expect(idx(write(Buffer.from("<!DOCTYPE html>")))).rejects.toThrow("It looks like a web page");
  await expect(idx(write(Buffer.from("PK\u0003\u0004zip")))).rejects.toThrow("It looks like a zip archive");
  await expect(idx(write(Uint8Array.of(0, 0)))).rejects.toThrow("only 2 bytes long");
  await expect(idx(write(Uint8Array.of(0, 0, 7, 1, 0, 0, 0, 1, 5)))).rejects.toThrow("0x00000701");
});

test("a file cut short or too long is told with both lengths", async () => {
  const file = bytes([2, 2], [1, 2, 3, 4]);
  await expect(idx(write(file.subarray(0, 14)))).rejects.toThrow(
    /cut short: its header promises 2 x 2 numbers of type unsigned byte, 16 bytes in all, but there are 14/,
  );
  await expect(idx(write(Buffer.concat([file, Uint8Array.of(9)])))).rejects.toThrow("too long");
  await expect(idx(write(file.subarray(0, 9)))).rejects.toThrow(
    "ends in its header: 2 dimensions need 12 bytes, and there are 9",
  );
});

test("a file cut at any byte is refused", () => {
  const file = bytes([3, 2], [1, 2, 3, 4, 5, 6]);
  for (let end = 0; end < file.length; end++)
    expect(() => parseIdx("it", file.subarray(0, end))).toThrow(/^it /);
});

test("a damaged gzip file, a missing file, and labels of another number are refused", async () => {
  const zipped = gzipSync(bytes([4], [1, 2, 3, 4]));
  await expect(idx(write(zipped.subarray(0, zipped.length - 6)))).rejects.toThrow(/damaged gzip file \(.+\)/);
  await expect(idx(join(folder, "nowhere"))).rejects.toThrow("nowhere does not exist. Check the path");
  await expect(idx(write(bytes([2, 1], [1, 2])), { labels: write(bytes([3], [0, 0, 0])) })).rejects.toThrow(
    "2 examples but 3 labels",
  );
});
