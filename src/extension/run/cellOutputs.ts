import type { Output } from "../../notebook";
import type { ErrorReport, Event } from "../../protocol/messages";
import { isJsonMime, type MimeBundle } from "../../protocol/mime";
import { asJson, toText } from "../file/exactJson";
import {
  drawnFirst,
  type EditorItem,
  editorMimes,
  type EditorOutput,
  isMime,
  textItem,
} from "../file/editorOutput";
import { withLinks, withoutLinks } from "./errorLinks";
import { TextOnItsWay } from "./textOnItsWay";

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

interface Display {
  readonly type: "display";
  readonly display: string | undefined;
  readonly isResult: boolean;
  bundle: MimeBundle;
  /** The document has an older state; `changedAt`: since when it has been this one. */
  changed: boolean;
  changedAt: number;
  /** The screen has an older state. */
  stale: boolean;
  drawnAt: number;
  writtenAt: number;
}

/** One output of a cell. Without `output`, the editor has not seen it yet. */
type Slot<O> = { output?: O } & (
  | { readonly type: "stream"; readonly name: "stdout" | "stderr"; unsaid: string; told: TextOnItsWay }
  | Display
  | { readonly type: "error"; readonly error: ErrorReport }
);

/**
 * A live chart is redrawn this often at most: faster than the eye needs costs the editor's time. A kernel's come ten times
 * a second, some a little early, and none of them should have to wait for a turn.
 */
const REDRAW_EVERY = 80;
/** What changes on the screen is written to the document when it has been at rest for this long. */
const SETTLED_AFTER = 1_500;
/** And while its cell runs at least this often: it is what a crash of the editor leaves. */
const WRITTEN_EVERY = 10_000;

/** Draws a display's new content where it stands, without the document; false where it cannot be drawn so. */
export type Redraw = (display: string, bundle: MimeBundle) => boolean;

/** What one cell shows, and what of it the editor was not told yet. Text that comes fast goes out in few large pieces. */
export class CellOutputs<O> {
  private slots: Slot<O>[] = [];
  /** Displays that the person took off a running cell: they are back with their next state. */
  private away: Display[] = [];
  /** Outputs that the editor was told of and has not taken yet. */
  private readonly opening = new Set<Slot<O>>();
  private clearing = false;
  private cleared = false;
  private clearAt = 0;
  /** The document shows all of it, in outputs that are not ours. */
  private resting = false;
  private flushing = 0;
  /** Of those tellings, how many empty the cell. */
  private emptying = 0;

  constructor(
    private readonly make: (output: EditorOutput) => O,
    private readonly executionCount: () => number,
    private readonly uriOf: (cell: string) => string | undefined = (cell) => cell,
  ) {}

  /** What the cell showed goes when it shows something new, or at that time. */
  restart(clearAt = 0): void {
    this.clearAt = clearAt;
    this.slots = [];
    this.away = [];
    this.clearing = false;
    this.cleared = true;
    this.resting = false;
  }

  take(event: Event, now = 0): void {
    this.resting = false;
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
          changedAt: now,
          stale: false,
          drawnAt: 0,
          writtenAt: 0,
        });
      case "error":
        return this.add({ type: "error", error: event.error });
      case "clear":
        if (event.wait) this.clearing = true;
        else this.restart();
        return;
      case "update":
        this.change((_, display) => (display === event.display ? event.bundle : undefined), now);
        return;
      default:
        return;
    }
  }

  /** Changes what displays show, where `change` gives something else; false where it does nowhere. */
  change(
    change: (bundle: MimeBundle, display: string | undefined) => MimeBundle | undefined,
    now: number,
  ): boolean {
    const comesBack = (slot: Display): boolean => change(slot.bundle, slot.display) !== undefined;
    this.slots.push(...this.away.filter(comesBack));
    this.away = this.away.filter((slot) => !this.slots.includes(slot));
    let isChanged = false;
    for (const slot of this.slots) {
      if (slot.type !== "display") continue;
      const bundle = change(slot.bundle, slot.display);
      if (bundle === undefined) continue;
      slot.bundle = bundle;
      slot.changed = slot.stale = true;
      slot.changedAt = now;
      isChanged = true;
    }
    if (isChanged) this.resting = false;
    return isChanged;
  }

  shows(display: string): boolean {
    return [...this.slots, ...this.away].some((slot) => slot.type === "display" && slot.display === display);
  }

  get showsAnything(): boolean {
    return this.slots.length > 0;
  }

  get unsaidLength(): number {
    return this.slots.reduce((sum, slot) => sum + (slot.type === "stream" ? slot.unsaid.length : 0), 0);
  }

  /** Whether the document has every output, and says so: nothing is on its way. */
  get hasArrived(): boolean {
    return this.flushing === 0 && (this.resting || this.isRedrawnOnly);
  }

  /** When the editor should be told more, in milliseconds from now; undefined: it knows all. */
  due(now: number): number | undefined {
    if (this.resting) return undefined;
    if (this.cleared) return this.slots.length > 0 ? 0 : Math.max(0, this.clearAt - now);
    const waits = this.slots.flatMap((slot) => {
      if (slot.output === undefined || (slot.type === "stream" && slot.unsaid)) return [0];
      if (slot.type !== "display" || !slot.changed) return [];
      return [Math.max(0, (slot.stale ? slot.drawnAt + REDRAW_EVERY : restsAt(slot)) - now)];
    });
    return waits.length > 0 ? Math.min(...waits) : undefined;
  }

  /** The same for a cell that has ended, whose charts are redrawn without the document. */
  dueLate(now: number): number | undefined {
    if (!this.isRedrawnOnly) return this.due(now);
    const waits = this.changedDisplays.map(({ stale, drawnAt, changedAt }) =>
      Math.max(0, Math.min(stale ? drawnAt + REDRAW_EVERY : Infinity, changedAt + SETTLED_AFTER) - now),
    );
    return waits.length > 0 ? Math.min(...waits) : undefined;
  }

  /**
   * Redraws what changed in a cell that has ended. True: nothing is left for the document yet, because it changes still.
   */
  redraw(draw: Redraw, now: number): boolean {
    if (!this.isRedrawnOnly) return false;
    return this.changedDisplays
      .map((slot) => {
        if (slot.display === undefined || now - slot.changedAt >= SETTLED_AFTER) return false;
        if (!slot.stale || now - slot.drawnAt < REDRAW_EVERY) return true;
        slot.drawnAt = now;
        slot.stale = !draw(slot.display, slot.bundle);
        return !slot.stale;
      })
      .every((isDrawn) => isDrawn);
  }

  /** The person took away what the running cell shows: it begins anew with what comes next. */
  empty(): void {
    if (this.emptying > 0) return; // The cell's own doing.
    const gone = this.slots.filter((slot) => slot.output !== undefined && !this.opening.has(slot));
    this.slots = this.slots.flatMap((slot): Slot<O>[] => {
      if (!gone.includes(slot)) return [slot];
      if (slot.type !== "stream" || slot.unsaid === "") return [];
      return [{ type: "stream", name: slot.name, unsaid: slot.unsaid, told: new TextOnItsWay() }];
    });
    for (const slot of gone) {
      delete slot.output;
      if (slot.type === "display") this.away.push(slot);
    }
  }

  /** The document is gone. `shown` is what it showed of this cell; all of it is told again to the next one. */
  detach(shown: readonly string[]): void {
    this.slots.forEach((slot, i) => {
      if (slot.output !== undefined && slot.type === "stream") {
        const before = shown[i] ?? "";
        slot.unsaid = before + slot.told.missingIn(before) + slot.unsaid;
        slot.told = new TextOnItsWay();
      }
      delete slot.output;
    });
    this.cleared = true;
    this.clearAt = 0;
  }

  /** The next document has it all from its file; it is told again with the first thing that is new. */
  rest(): void {
    this.resting = true;
  }

  /** Nothing but new states of what is on the screen. */
  get isRedrawnOnly(): boolean {
    return (
      !this.cleared &&
      this.slots.every((slot) => slot.output !== undefined && !(slot.type === "stream" && slot.unsaid))
    );
  }

  private get changedDisplays(): Display[] {
    return this.slots.filter((slot) => slot.type === "display").filter(({ changed }) => changed);
  }

  /**
   * Tells the editor; `all`: also charts that were redrawn a moment ago. What `draw` can draw where it stands reaches the
   * document later. Resolves when the editor has taken everything.
   */
  async flush(port: OutputPort<O>, now: number, all = false, draw: Redraw = () => false): Promise<void> {
    const told: Thenable<void>[] = [];
    const arrived: (() => void)[] = [];
    const empties = this.cleared;
    const isNew = (slot: Slot<O>): boolean => empties || slot.output === undefined;
    const opened = this.slots.filter(isNew);
    if (this.cleared) {
      this.cleared = false;
      told.push(port.replaceOutput(this.slots.map((slot) => this.open(slot, now, arrived))));
    }
    const added: O[] = [];
    for (const slot of this.slots) {
      if (slot.output === undefined) added.push(this.open(slot, now, arrived));
      else if (slot.type === "stream" && slot.unsaid) {
        told.push(port.appendOutputItems([textItem(editorMimes[slot.name], slot.unsaid)], slot.output));
        arrived.push(slot.told.send(slot.unsaid));
        slot.unsaid = "";
      } else if (slot.type === "display" && slot.changed) {
        if (!all && (now - slot.drawnAt < REDRAW_EVERY || drawnAhead(slot, draw, now))) continue;
        const taken = port.replaceOutputItems(itemsOf(slot.bundle), slot.output);
        if (all || slot.stale) told.push(taken);
        // The screen has it already: the next redrawing waits for no document, which may take seconds.
        else taken.then(nothing, nothing);
        written(slot, now);
      }
    }
    if (added.length > 0) told.push(port.appendOutput(added));
    this.flushing += 1;
    if (empties) this.emptying += 1;
    for (const slot of opened) this.opening.add(slot);
    try {
      for (const one of told) await one;
    } finally {
      this.flushing -= 1;
      if (empties) this.emptying -= 1;
      for (const slot of opened) this.opening.delete(slot);
    }
    for (const tell of arrived) tell();
  }

  private print(name: "stdout" | "stderr", text: string): void {
    const last = this.clearing ? undefined : this.slots.at(-1);
    if (last?.type === "stream" && last.name === name) last.unsaid += text;
    else this.add({ type: "stream", name, unsaid: text, told: new TextOnItsWay() });
  }

  private add(slot: Slot<O>): void {
    if (this.clearing) this.restart();
    this.slots.push(slot);
  }

  private open(slot: Slot<O>, now: number, arrived: (() => void)[]): O {
    const output = this.make(this.contentOf(slot));
    slot.output = output;
    if (slot.type === "stream") {
      arrived.push(slot.told.send(slot.unsaid));
      slot.unsaid = "";
    }
    if (slot.type === "display") written(slot, now);
    return output;
  }

  private contentOf(slot: Slot<O>): EditorOutput {
    switch (slot.type) {
      case "stream":
        return { items: [textItem(editorMimes[slot.name], slot.unsaid)], metadata: typed("stream") };
      case "error": {
        const { name, message } = slot.error;
        const stack = withLinks(slot.error, this.uriOf);
        const traceback = withoutLinks(stack).split("\n");
        return {
          items: [textItem(editorMimes.error, JSON.stringify({ name, message, stack }))],
          metadata: {
            ...typed("error"),
            originalError: { output_type: "error", ename: name, evalue: message, traceback },
          },
        };
      }
      case "display": {
        const type = slot.isResult
          ? { ...typed("execute_result"), executionCount: this.executionCount() }
          : typed("display_data");
        const asked = slot.display === undefined ? {} : { vaenb: { display: slot.display } };
        return { items: itemsOf(slot.bundle), metadata: { ...type, metadata: {}, ...asked } };
      }
    }
  }
}

/** What an output is, for our files and, in Jupyter's files, for the editor's own serializer. */
const typed = (type: Output["type"]): Readonly<Record<string, unknown>> => ({ type, outputType: type });

/** When the document should have what the screen shows already. */
const restsAt = ({ changedAt, writtenAt }: Display): number =>
  Math.min(changedAt + SETTLED_AFTER, writtenAt + WRITTEN_EVERY);

/** Whether the screen has the newest state without the document, which can wait. */
function drawnAhead(slot: Display, draw: Redraw, now: number): boolean {
  if (slot.display === undefined) return false;
  if (slot.stale && !draw(slot.display, slot.bundle)) return false;
  if (slot.stale) slot.drawnAt = now;
  slot.stale = false;
  return now < restsAt(slot);
}

const nothing = (): void => {};

function written(slot: Display, now: number): void {
  slot.changed = slot.stale = false;
  slot.drawnAt = slot.writtenAt = now;
}

function itemsOf(bundle: MimeBundle): EditorItem[] {
  const contents = drawnFirst(bundle);
  const shown = contents.filter(([mime]) => isMime(mime));
  const [refused] = contents;
  if (shown.length === 0 && refused) return [textItem("text/plain", noMime(refused[0]))];
  return shown.map(([mime, content]) => {
    if (content instanceof Uint8Array) return { mime, data: content };
    return textItem(mime, isJsonMime(mime) ? toText(asJson(content)) : String(content));
  });
}

const noMime = (name: string): string =>
  `(cannot be shown: ${JSON.stringify(name)} is no MIME type, such as "text/html")`;
