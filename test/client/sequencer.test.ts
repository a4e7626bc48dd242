import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FencedEvent, Sequencer } from "../../src/client/sequencer";
import { FENCE } from "../../src/protocol/lines";

type Step = { readonly kind: "event" } | { readonly kind: "stdout" | "stderr"; readonly text: string };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constant({ kind: "event" } as const),
  fc.record({
    kind: fc.constantFrom("stdout" as const, "stderr" as const),
    text: fc.string({ unit: "grapheme", minLength: 1, maxLength: 5 }),
  }),
);

/** What a kernel writes to its three lines for these steps, and the order that must come out again. */
function written(steps: readonly Step[]) {
  const lines = { stdout: "", stderr: "" };
  const events: FencedEvent[] = [];
  for (const one of steps) {
    if (one.kind !== "event") lines[one.kind] += one.text;
    else {
      lines.stdout += FENCE;
      lines.stderr += FENCE;
      const count = events.length + 1;
      events.push({
        event: { type: "stream", cell: "a", name: "stdout", text: String(count) },
        stdoutFences: count,
        stderrFences: count,
      });
    }
  }
  return { lines: { stdout: Buffer.from(lines.stdout), stderr: Buffer.from(lines.stderr) }, events };
}

/** Per stream, what was printed between which events. */
function byInterval(seen: readonly (readonly [string, string])[]): string[] {
  const intervals: { stdout: string; stderr: string }[] = [{ stdout: "", stderr: "" }];
  for (const [kind, text] of seen) {
    const last = intervals.at(-1);
    if (kind === "event") intervals.push({ stdout: "", stderr: "" });
    else if (last && (kind === "stdout" || kind === "stderr")) last[kind] += text;
  }
  return intervals.map((one) => JSON.stringify(one));
}

describe("the sequencer", () => {
  it("puts native bytes between the events that they were written between, however the lines arrive", () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 30 }),
        fc.infiniteStream(fc.nat(1_000_000)),
        (steps, numbers) => {
          const draw = (below: number): number => Number(numbers.next().value ?? 0) % below;
          const { lines, events } = written(steps);
          const seen: [string, string][] = [];
          const sequencer = new Sequencer(
            () => seen.push(["event", ""]),
            (name, text) => seen.push([name, text]),
          );
          const waiting = [...events];
          const rest = { ...lines };
          while (waiting.length > 0 || rest.stdout.length > 0 || rest.stderr.length > 0) {
            const line = (["stdout", "stderr", "events"] as const)[draw(3)] ?? "events";
            if (line === "events") {
              const next = waiting.shift();
              if (next) sequencer.event(next);
            } else {
              const size = 1 + draw(7);
              if (rest[line].length > 0) sequencer.native(line, rest[line].subarray(0, size));
              rest[line] = rest[line].subarray(size);
            }
          }
          sequencer.end("stdout");
          sequencer.end("stderr");
          const expected = steps.map((one): [string, string] => [
            one.kind,
            one.kind === "event" ? "" : one.text,
          ]);
          expect(byInterval(seen)).toEqual(byInterval(expected));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("shows native bytes at once when no event follows", () => {
    const seen: string[] = [];
    const sequencer = new Sequencer(
      () => {},
      (_, text) => seen.push(text),
    );
    sequencer.native("stdout", Buffer.from("progress 1"));
    expect(seen).toEqual(["progress 1"]);
  });

  it("tells of a character that has no end, before the next cell and at the end of the stream", () => {
    const seen: string[] = [];
    const sequencer = new Sequencer(
      (event) => seen.push(event.type),
      (name, text) => seen.push(text),
    );
    const half = Buffer.from("€").subarray(0, 2);
    const event = { type: "status", state: "idle", cell: "a" } as const;
    sequencer.native("stdout", Buffer.concat([half, Buffer.from(FENCE), Buffer.from("b")]));
    expect(seen).toEqual([]);
    sequencer.event({ event, stdoutFences: 1, stderrFences: 0 });
    expect(seen).toEqual(["\ufffd", "status", "b"]);
    sequencer.native("stderr", half);
    sequencer.end("stderr");
    expect(seen.at(-1)).toBe("\ufffd");
  });
});
