import fc from "fast-check";
import { expect, it } from "vitest";
import { parseNotebook, printNotebook } from "../../src/notebook";
import { anyNotebook } from "./anyNotebook";
import { fate, fatesOfEachByte, splice } from "./damage";

/** Small, because every byte of it is damaged in every way, and yet with every kind of cell and output. */
const fixture = new TextEncoder().encode(
  printNotebook(
    parseNotebook(`{"nbformat": 4, "nbformat_minor": 5, "metadata": {"a": [1, {}]}, "cells": [
      {"cell_type": "markdown", "id": "m", "metadata": {}, "source": "# T\\né", "attachments": {"p": {"image/png": "AA=="}}},
      {"cell_type": "raw", "id": "r", "metadata": {}, "source": []},
      {"cell_type": "code", "id": "c", "metadata": {"tags": ["x"]}, "source": "1\\n2", "execution_count": 1, "outputs": [
        {"output_type": "stream", "name": "stdout", "text": "a\\n"},
        {"output_type": "display_data", "data": {"text/plain": "b"}, "metadata": {}},
        {"output_type": "execute_result", "data": {"application/json": [1]}, "metadata": {}, "execution_count": 1},
        {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["[at"]}
      ]}
    ]}`),
  ),
);
it("never takes one byte's change, loss or gain for another notebook, at any place of a file", () => {
  const fates = fatesOfEachByte(fixture, [0x22, 0x2c], [0, 4]);
  expect(fates.get("another notebook")).toBeUndefined();
  // The test would prove little if nearly everything fell into free content.
  expect(fates.get("error")).toBeGreaterThan(fixture.length * 2);
});

it("finds every single bit that flips outside texts, numbers, names and white space", () => {
  const original = parseNotebook(fixture);
  const text = new TextDecoder("latin1").decode(fixture);
  const own =
    /^"(cells|metadata|nbformat|nbformat_minor|cell_type|id|source|outputs|execution_count|output_type|attachments|data|text|ename|evalue|traceback|code|markdown|raw|stream|stdout|display_data|execute_result|error)"$/;
  // What the format itself puts there: brackets, commas, colons, its own keys and words.
  const frameOnly = text.replace(/"(?:[^"\\]|\\.)*"/g, (one) =>
    own.test(one) ? one : " ".repeat(one.length),
  );
  const words = /[{}[\],:]|"[^"]*"/g;
  let tried = 0;
  for (const match of frameOnly.matchAll(words)) {
    for (let at = match.index; at < match.index + match[0].length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const damaged = splice(fixture, at, 1, Uint8Array.of((fixture[at] ?? 0) ^ (1 << bit)));
        expect([at, match[0], fate(original, damaged)]).toEqual([at, match[0], "error"]);
        tried += 1;
      }
    }
  }
  expect(tried).toBeGreaterThan(2_000);
});

it("never takes a file with a lost, zeroed, repeated or random run of bytes for another notebook", () => {
  fc.assert(
    fc.property(
      anyNotebook,
      fc.constantFrom("lost", "zeroed", "repeated", "random"),
      fc.nat(),
      fc.integer({ min: 1, max: 64 }),
      fc.uint8Array({ minLength: 64, maxLength: 64 }),
      (notebook, kind, place, length, noise) => {
        const file = new TextEncoder().encode(printNotebook(notebook));
        const at = place % file.length;
        const run = file.subarray(at, at + length);
        const instead = {
          lost: new Uint8Array(),
          zeroed: new Uint8Array(run.length),
          repeated: Buffer.concat([run, run]),
          random: noise.subarray(0, run.length),
        };
        expect(fate(notebook, splice(file, at, run.length, instead[kind]))).not.toBe("another notebook");
      },
    ),
    { numRuns: 1_000 },
  );
});
