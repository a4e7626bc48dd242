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

/** What one cell shows; `clearing`: its outputs go when the next one comes. */
export interface CellOutputs {
  readonly outputs: readonly Output[];
  readonly clearing: boolean;
}

export const nothingShown: CellOutputs = { outputs: [], clearing: false };

/** What an event of this cell makes of its outputs. Pure; events that show nothing change nothing. */
export function project(cell: CellOutputs, event: Event): CellOutputs {
  switch (event.type) {
    case "status":
      return event.state === "busy" ? nothingShown : cell;
    case "stream":
      return append(cell, { type: "stream", name: event.name, text: event.text });
    case "display": {
      const { display, bundle, result } = event;
      const named = display === undefined ? {} : { display };
      return append(cell, { type: "display", ...named, bundle, isResult: result ?? false });
    }
    case "update":
      return redraw(cell, event.display, event.bundle);
    case "error":
      return append(cell, { type: "error", error: event.error });
    case "clear":
      return event.wait ? { ...cell, clearing: true } : nothingShown;
    default:
      return cell;
  }
}

function append({ outputs, clearing }: CellOutputs, output: Output): CellOutputs {
  const list = clearing ? [] : outputs;
  const last = list.at(-1);
  const isSameStream = output.type === "stream" && last?.type === "stream" && last.name === output.name;
  const next = isSameStream
    ? [...list.slice(0, -1), { ...last, text: last.text + output.text }]
    : [...list, output];
  return { outputs: next, clearing: false };
}

function redraw(cell: CellOutputs, display: string, bundle: MimeBundle): CellOutputs {
  const isMeant = (one: Output): boolean => one.type === "display" && one.display === display;
  if (!cell.outputs.some(isMeant)) return cell;
  return { ...cell, outputs: cell.outputs.map((one) => (isMeant(one) ? { ...one, bundle } : one)) };
}

/** The outputs of all cells of a notebook, as events come in. */
export class NotebookOutputs {
  private readonly cells = new Map<string, CellOutputs>();

  /** Takes an event and tells the cells that look different now. */
  apply(event: Event): readonly string[] {
    const meant =
      "cell" in event && event.cell !== undefined
        ? [event.cell]
        : event.type === "update"
          ? [...this.cells.keys()]
          : [];
    return meant.filter((cell) => {
      const before = this.cells.get(cell) ?? nothingShown;
      const after = project(before, event);
      this.cells.set(cell, after);
      return after !== before;
    });
  }

  of(cell: string): readonly Output[] {
    return this.cells.get(cell)?.outputs ?? [];
  }
}
