import type { ErrorReport, Event } from "../../protocol/messages";
import { isJsonMime, type MimeBundle } from "../../protocol/mime";
import { asJson, toText } from "../file/exactJson";
import { drawnFirst, type EditorItem, editorMimes, type EditorOutput, textItem } from "../file/editorOutput";
import { withLinks } from "./errorLinks";

/** The part of the editor's `NotebookCellExecution` that outputs need; `O` is the editor's output. */
export interface OutputPort<O> {
  replaceOutput(outputs: O[]): Thenable<void>;
  appendOutput(outputs: O[]): Thenable<void>;
  appendOutputItems(items: EditorItem[], output: O): Thenable<void>;
  replaceOutputItems(items: EditorItem[], output: O): Thenable<void>;
}

interface Thenable<T> {
  then<R>(then: (value: T) => R, otherwise?: (reason: unknown) => R): unknown;
}

/** One output of a cell. Without `output`, the editor has not seen it yet. */
type Slot<O> = { output?: O } & (
  | { readonly type: "stream"; readonly name: "stdout" | "stderr"; unsaid: string }
  | {
      readonly type: "display";
      readonly display: string | undefined;
      readonly isResult: boolean;
      bundle: MimeBundle;
      changed: boolean;
      drawnAt: number;
    }
  | { readonly type: "error"; readonly error: ErrorReport }
);

/** A live chart is redrawn this often: faster than the eye needs costs the editor's time. */
const REDRAW_EVERY = 100;

/** What one cell shows, and what of it the editor was not told yet. Text that comes fast goes out in few large pieces. */
export class CellOutputs<O> {
  private slots: Slot<O>[] = [];
  private clearing = false;
  private cleared = false;
  private clearAt = 0;

  constructor(
    private readonly make: (output: EditorOutput) => O,
    private readonly executionCount: () => number,
  ) {}

  /** What the cell showed goes when it shows something new, or at that time. */
  restart(clearAt = 0): void {
    this.clearAt = clearAt;
    this.slots = [];
    this.clearing = false;
    this.cleared = true;
  }

  take(event: Event): void {
    switch (event.type) {
      case "stream":
        return this.print(event.name, event.text);
      case "display":
        return this.add({
          type: "display",
          display: event.display,
          isResult: event.result ?? false,
          bundle: event.bundle,
          changed: false,
          drawnAt: 0,
        });
      case "error":
        return this.add({ type: "error", error: event.error });
      case "clear":
        if (event.wait) this.clearing = true;
        else this.restart();
        return;
      case "update":
        for (const slot of this.slots) {
          if (slot.type !== "display" || slot.display !== event.display) continue;
          slot.bundle = event.bundle;
          slot.changed = true;
        }
        return;
      default:
        return;
    }
  }

  shows(display: string): boolean {
    return this.slots.some((slot) => slot.type === "display" && slot.display === display);
  }

  get unsaidLength(): number {
    return this.slots.reduce((sum, slot) => sum + (slot.type === "stream" ? slot.unsaid.length : 0), 0);
  }

  /** When the editor should be told more, in milliseconds from now; undefined: it knows all. */
  due(now: number): number | undefined {
    if (this.cleared) return this.slots.length > 0 ? 0 : Math.max(0, this.clearAt - now);
    const waits = this.slots.flatMap((slot) => {
      if (slot.output === undefined || (slot.type === "stream" && slot.unsaid)) return [0];
      return slot.type === "display" && slot.changed ? [Math.max(0, slot.drawnAt + REDRAW_EVERY - now)] : [];
    });
    return waits.length > 0 ? Math.min(...waits) : undefined;
  }

  /** Tells the editor; `all`: also charts that were redrawn a moment ago. Resolves when it has taken everything. */
  async flush(port: OutputPort<O>, now: number, all = false): Promise<void> {
    const told: Thenable<void>[] = [];
    if (this.cleared) {
      this.cleared = false;
      told.push(port.replaceOutput(this.slots.map((slot) => this.open(slot, now))));
    }
    const added: O[] = [];
    for (const slot of this.slots) {
      if (slot.output === undefined) added.push(this.open(slot, now));
      else if (slot.type === "stream" && slot.unsaid) {
        told.push(port.appendOutputItems([textItem(editorMimes[slot.name], slot.unsaid)], slot.output));
        slot.unsaid = "";
      } else if (slot.type === "display" && slot.changed && (all || now - slot.drawnAt >= REDRAW_EVERY)) {
        told.push(port.replaceOutputItems(itemsOf(slot.bundle), slot.output));
        slot.changed = false;
        slot.drawnAt = now;
      }
    }
    if (added.length > 0) told.push(port.appendOutput(added));
    for (const one of told) await one;
  }

  private print(name: "stdout" | "stderr", text: string): void {
    const last = this.clearing ? undefined : this.slots.at(-1);
    if (last?.type === "stream" && last.name === name) last.unsaid += text;
    else this.add({ type: "stream", name, unsaid: text });
  }

  private add(slot: Slot<O>): void {
    if (this.clearing) this.restart();
    this.slots.push(slot);
  }

  private open(slot: Slot<O>, now: number): O {
    const output = this.make(this.contentOf(slot));
    slot.output = output;
    if (slot.type === "stream") slot.unsaid = "";
    if (slot.type === "display") {
      slot.changed = false;
      slot.drawnAt = now;
    }
    return output;
  }

  private contentOf(slot: Slot<O>): EditorOutput {
    switch (slot.type) {
      case "stream":
        return { items: [textItem(editorMimes[slot.name], slot.unsaid)], metadata: { type: "stream" } };
      case "error": {
        const { name, message } = slot.error;
        const content = { name, message, stack: withLinks(slot.error) };
        return { items: [textItem(editorMimes.error, JSON.stringify(content))], metadata: { type: "error" } };
      }
      case "display": {
        const type = slot.isResult
          ? { type: "execute_result", executionCount: this.executionCount() }
          : { type: "display_data" };
        const asked = slot.display === undefined ? {} : { vaenb: { display: slot.display } };
        return { items: itemsOf(slot.bundle), metadata: { ...type, metadata: {}, ...asked } };
      }
    }
  }
}

const itemsOf = (bundle: MimeBundle): EditorItem[] =>
  drawnFirst(bundle).map(([mime, content]) => {
    if (content instanceof Uint8Array) return { mime, data: content };
    return textItem(mime, isJsonMime(mime) ? toText(asJson(content)) : String(content));
  });
