import { StringDecoder } from "node:string_decoder";

/** A terminal that gives each key as it is pressed, and shows none. */
export interface HiddenInput {
  setRawMode(on: boolean): unknown;
}

const key = {
  interrupt: "\u0003",
  end: "\u0004",
  backspace: "\b",
  clear: "\u0015",
  delete: "\u007f",
} as const;

/**
 * Reads a line that is not shown. The terminal edits nothing meanwhile and sends no signals, so the keys for that are
 * understood here.
 */
export function readHiddenLine(
  input: NodeJS.ReadableStream & HiddenInput,
  interrupt: () => void,
): { readonly line: Promise<string | undefined>; readonly stop: () => void } {
  let stop = (): void => {};
  const line = new Promise<string | undefined>((resolve) => {
    const decoder = new StringDecoder("utf8");
    let typed: readonly string[] = [];
    const giveBack = (): void => {
      input.off("data", read).off("end", leave);
      input.setRawMode(false);
      input.pause();
    };
    const end = (answer: string | undefined): void => {
      giveBack();
      resolve(answer);
    };
    const leave = (): void => end(undefined);
    const read = (bytes: Buffer | string): void => {
      const text = typeof bytes === "string" ? bytes : decoder.write(bytes);
      // An arrow or a function key: there is no cursor to move.
      if (text.startsWith("\u001b")) return;
      for (const character of text) {
        if (character === "\r" || character === "\n") return end(typed.join(""));
        if (character === key.interrupt) {
          // As anywhere else: whoever asks is stopped, not told that there is no answer.
          giveBack();
          return interrupt();
        }
        if (character === key.end && typed.length === 0) return leave();
        if (character === key.backspace || character === key.delete) typed = typed.slice(0, -1);
        else if (character === key.clear) typed = [];
        else if (character >= " ") typed = [...typed, character];
      }
    };
    stop = leave;
    input.setRawMode(true);
    input.on("data", read).on("end", leave);
    input.resume();
  });
  return { line, stop: () => stop() };
}
