import type { ErrorReport, Event } from "../protocol/messages";
import type { MimeBundle } from "../protocol/mime";

/** The outputs of a cell, as they stand in a notebook. */
export type Output =
  | { readonly type: "stream"; readonly name: "stdout" | "stderr"; readonly text: string }
  | {
      readonly type: "display";
      readonly display?: string;
      readonly bundle: MimeBundle;
      readonly isResult: boolean;
    }
  | { readonly type: "error"; readonly error: ErrorReport };

/** What one cell shows. A list that grows in place: a cell may print a million lines to two streams in turn. */
class CellOutputs {
  private list: Output[] = [];
  /** The outputs go when the next one comes. */
  private isClearing = false;

  get outputs(): readonly Output[] {
    return [...this.list];
  }

  /** Takes an event of this cell, or of a display that may be in it; tells whether the cell looks different now. */
  apply(event: Event): boolean {
    switch (event.type) {
      case "status":
        return event.state === "busy" && this.empty();
      case "stream":
        return this.append({ type: "stream", name: event.name, text: event.text });
      case "display": {
        const { display, bundle, result } = event;
        const named = display === undefined ? {} : { display };
        return this.append({ type: "display", ...named, bundle, isResult: result ?? false });
      }
      case "update":
        return this.redraw(event.display, event.bundle);
      case "error":
        return this.append({ type: "error", error: event.error });
      case "clear":
        if (!event.wait) return this.empty();
        this.isClearing = true;
        return false;
      default:
        return false;
    }
  }

  private empty(): boolean {
    const wasShown = this.list.length > 0;
    this.list = [];
    this.isClearing = false;
    return wasShown;
  }

  private append(output: Output): boolean {
    if (this.isClearing) this.empty();
    const last = this.list.at(-1);
    const isSameStream = output.type === "stream" && last?.type === "stream" && last.name === output.name;
    if (isSameStream) this.list[this.list.length - 1] = { ...last, text: last.text + output.text };
    else this.list.push(output);
    return true;
  }

  private redraw(display: string, bundle: MimeBundle): boolean {
    let isChanged = false;
    for (const [i, one] of this.list.entries()) {
      if (one.type !== "display" || one.display !== display) continue;
      this.list[i] = { ...one, bundle };
      isChanged = true;
    }
    return isChanged;
  }
}

/** The outputs of all cells of a notebook, as events come in. */
export class NotebookOutputs {
  private readonly cells = new Map<string, CellOutputs>();

  /** Takes an event and tells the cells that look different now. */
  apply(event: Event): readonly string[] {
    if (event.type === "update")
      return [...this.cells].flatMap(([cell, outputs]) => (outputs.apply(event) ? [cell] : []));
    if (!("cell" in event) || event.cell === undefined) return [];
    const outputs = this.cells.get(event.cell) ?? new CellOutputs();
    this.cells.set(event.cell, outputs);
    return outputs.apply(event) ? [event.cell] : [];
  }

  of(cell: string): readonly Output[] {
    return this.cells.get(cell)?.outputs ?? [];
  }
}
