import type { EditorItem, EditorOutput } from "../../src/extension/file/editorOutput";
import type { OutputPort } from "../../src/extension/run/cellOutputs";

export interface FakeOutput {
  readonly id: number;
  items: EditorItem[];
}

/** Stands in for a cell of the editor: records what it is told, and shows what it would show. */
export class RecordingEditor implements OutputPort<FakeOutput> {
  readonly calls: string[] = [];
  outputs: FakeOutput[] = [];
  private made = 0;

  readonly make = ({ items }: EditorOutput): FakeOutput => ({ id: ++this.made, items: [...items] });

  replaceOutput(outputs: FakeOutput[]): Promise<void> {
    return this.record(`replaceOutput ${outputs.length}`, () => (this.outputs = outputs));
  }
  appendOutput(outputs: FakeOutput[]): Promise<void> {
    return this.record(`appendOutput ${outputs.length}`, () => this.outputs.push(...outputs));
  }
  appendOutputItems(items: EditorItem[], output: FakeOutput): Promise<void> {
    return this.record(`appendOutputItems to ${output.id}`, () => {
      // As in the editor, what is told of an output that is gone is lost.
      if (this.outputs.includes(output)) output.items.push(...items);
    });
  }
  replaceOutputItems(items: EditorItem[], output: FakeOutput): Promise<void> {
    return this.record(`replaceOutputItems of ${output.id}`, () => (output.items = items));
  }

  /** The text of every output, streams joined. */
  get texts(): string[] {
    return this.outputs.map(({ items }) => items.map((item) => new TextDecoder().decode(item.data)).join(""));
  }

  private record(call: string, change: () => unknown): Promise<void> {
    this.calls.push(call);
    change();
    return Promise.resolve();
  }
}
