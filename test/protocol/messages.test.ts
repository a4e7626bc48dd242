import { describe, expect, it } from "vitest";
import { parseEvent, parseRequest } from "../../src/protocol/messages";

describe("messages are checked where they arrive", () => {
  it.each([
    [
      { request: 1, name: "execute", params: { cell: "a" } },
      "execute.params.code: expected a string, got undefined",
    ],
    [
      { request: 1, name: "destroy", params: {} },
      'request.name: expected a known request, got string "destroy"',
    ],
    [{ name: "execute" }, "request.request: expected a number, got undefined"],
    ["execute", 'request: expected an object, got string "execute"'],
    [
      { request: 1, name: "toString", params: {} },
      'request.name: expected a known request, got string "toString"',
    ],
  ])("a request %j is refused: %s", (message, reason) => {
    expect(() => parseRequest(message)).toThrow(reason);
  });

  it.each([
    [
      { type: "stream", cell: "a", name: "stdlog", text: "" },
      'stream.name: expected "stdout" or "stderr", got string "stdlog"',
    ],
    [
      { type: "display", cell: "a", bundle: { "text/plain": 5 } },
      'display.bundle["text/plain"]: expected text or bytes, got number 5',
    ],
    [
      {
        type: "error",
        cell: "a",
        error: { name: "E", message: "m", text: "t", frames: [{ position: { line: "1" } }] },
      },
      'error.error.frames[0].position.line: expected a number, got string "1"',
    ],
  ])("an event %j is refused: %s", (message, reason) => {
    expect(() => parseEvent(message)).toThrow(reason);
  });

  it("what is not of the protocol does not get through", () => {
    expect(
      parseRequest({ request: 1, name: "execute", params: { cell: "a", code: "1", extra: true } }),
    ).toEqual({
      request: 1,
      name: "execute",
      params: { cell: "a", code: "1" },
    });
  });

  it("bytes stay bytes", () => {
    const bundle = { "image/png": new Uint8Array([1, 2]) };
    expect(parseEvent({ type: "display", cell: "a", bundle })).toEqual({
      type: "display",
      cell: "a",
      bundle,
    });
  });
});
