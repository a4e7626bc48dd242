import type { StackFrame } from "../../protocol/messages";
import { isInstance, type Place } from "./failure";
import { cleanMessage } from "./names";
import type { Unit, Units } from "./unit";

/** A place in a source that an error came through on its way out, where the engine does not see it. */
interface Passed {
  readonly unit: Unit;
  readonly place: Place;
  readonly functionName?: string | undefined;
}

const MAX_PASSED = 50;

/** How deep the engine looks: a library's own calls may be many before those of the cell. */
const DEPTH = 60;
/** How many places a person is shown. */
const MAX_FRAMES = 10;

/**
 * Turns the engine's stack traces into the person's: places in the sources of cells and modules, none of this kernel's
 * own frames, and the awaits in cells that an error passed (their waits are ours, so the engine cannot see them).
 */
export class StackTraces {
  private readonly frames = new WeakMap<Error, readonly StackFrame[]>();
  private readonly awaits = new WeakMap<Error, (() => Passed | undefined)[]>();

  constructor(
    private readonly units: Units,
    /** The folder of this kernel's own code: no business of whoever reads a trace. */
    private readonly own: string,
  ) {}

  /** Makes every `error.stack` of this process readable, also where cells print it themselves. */
  install(): void {
    Error.stackTraceLimit = DEPTH;
    Error.prepareStackTrace = (error, sites) => {
      const frames = sites.flatMap((site) => this.frameOf(site)).slice(0, MAX_FRAMES);
      this.frames.set(error, frames);
      return [headOf(error), ...frames.map((frame) => `    at ${printFrame(frame)}`)].join("\n");
    };
  }

  /** An error came out of an `import`. */
  passed(error: unknown, unit: Unit, place: Place | undefined): void {
    this.remember(error, () => place && { unit, place });
  }

  /** An error came out of an `await`. */
  passedAwait(error: unknown, unit: Unit, site: number): void {
    this.remember(error, () => {
      const found = unit.siteOf(site);
      return found && { unit, place: found.place, functionName: found.functionName };
    });
  }

  private remember(error: unknown, passed: () => Passed | undefined): void {
    if (!isInstance(error, Error)) return;
    const list = this.awaits.get(error) ?? [];
    this.awaits.set(error, list);
    if (list.length < MAX_PASSED) list.push(passed);
  }

  framesOf(error: Error): readonly StackFrame[] {
    // Reading `stack` is what makes the engine prepare it.
    const { stack } = error;
    const called = typeof stack === "string" ? (this.frames.get(error) ?? this.written(stack)) : [];
    const frames = [...called];
    for (const find of this.awaits.get(error) ?? []) {
      const passed = find();
      if (!passed) continue;
      const { unit, place, functionName } = passed;
      // Until its first await, an asynchronous function is on the stack like any other.
      const isOnStack = called.some(
        ({ position }) =>
          position?.line === place.line && position.cell === unit.cell && position.file === unit.path,
      );
      if (!isOnStack) frames.push(frameIn(unit, functionName && `async ${functionName}`, place));
    }
    return frames;
  }

  /** The frames of a stack that was written elsewhere, as by a worker thread whose error came over. */
  private written(stack: string): StackFrame[] {
    return [...stack.matchAll(/^ {4}at (?:(.+) \()?(.+?):(\d+):(\d+)\)?$/gm)]
      .flatMap(([, name, file = "", line, column]) => this.frameAt(file, Number(line), Number(column), name))
      .slice(0, MAX_FRAMES);
  }

  private frameOf(site: NodeJS.CallSite): StackFrame[] {
    const file = site.getFileName();
    return file
      ? this.frameAt(file, site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1, functionName(site))
      : [];
  }

  private frameAt(file: string, line: number, column: number, name: string | undefined): StackFrame[] {
    const unit = this.units.find(file);
    if (unit) {
      const place = unit.placeOf(line, column - 1);
      return place ? [frameIn(unit, name, place)] : [];
    }
    if (file.startsWith(this.own) || hidden.some((prefix) => file.startsWith(prefix))) return [];
    return [{ ...(name ? { name } : {}), location: `${file}:${line}:${column}` }];
  }
}

// The ways into a cell, and what Node keeps to itself.
const hidden = ["vaenb:", "node:vm", "node:async_hooks", "node:events", "node:internal/"];

function frameIn(unit: Unit, name: string | undefined, place: { line: number; column: number }): StackFrame {
  const where = unit.cell === undefined ? { file: unit.path ?? unit.title } : { cell: unit.cell };
  return { ...(name ? { name } : {}), position: { ...where, ...place }, location: unit.title };
}

function functionName(site: NodeJS.CallSite): string | undefined {
  const name = site.getFunctionName();
  const type = site.isToplevel() ? null : site.getTypeName();
  if (!name) return undefined;
  const method =
    type && type !== "Object" && type !== "Function" && !name.includes(".") ? `${type}.${name}` : name;
  return (site.isConstructor() ? `new ${name}` : site.isAsync() ? `async ${name}` : method).replaceAll(
    "__scope__.",
    "",
  );
}

export function printFrame({ name, position, location }: StackFrame): string {
  const place = position
    ? `${location ?? position.file ?? "cell"}:${position.line}:${position.column}`
    : (location ?? "?");
  return name ? `${name} (${place})` : place;
}

export function headOf(error: Error): string {
  const name = textOf(error, "name") || "Error";
  const message = cleanMessage(textOf(error, "message"));
  return message ? `${name}: ${message}` : name;
}

/** A property that should be a text, of an error that may be anything. */
export function textOf(error: Error, key: "name" | "message"): string {
  try {
    return String(error[key] ?? "");
  } catch {
    return `(its ${key} cannot be read)`;
  }
}
