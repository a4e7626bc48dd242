import type { Emit } from "../emit";
import type { CellOf } from "./streams";

/** Questions to the person that wait for an answer. */
export class Inputs {
  private readonly waiting = new Map<number, (value: string | undefined) => void>();
  private counter = 0;

  constructor(
    private readonly emit: Emit,
    private readonly cellOf: CellOf,
  ) {}

  /** Resolves to what the person typed; rejects if they dismiss the question. */
  ask(prompt: string, password: boolean): Promise<string> {
    const input = ++this.counter;
    this.emit({ type: "inputRequest", cell: this.cellOf(), input, prompt, password });
    return new Promise((resolve, reject) => {
      this.waiting.set(input, (value) => {
        if (value === undefined) reject(new Error(`No answer was given to "${prompt}".`));
        else resolve(value);
      });
    });
  }

  reply(input: number, value: string | undefined): void {
    this.waiting.get(input)?.(value);
    this.waiting.delete(input);
  }
}
