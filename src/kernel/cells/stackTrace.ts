import type { StackFrame } from "../../protocol/messages";
import { cleanMessage } from "./names";
import type { Unit, Units } from "./unit";

/** An await that an error passed through on its way out. */
export interface PassedAwait {
  readonly unit: Unit;
  readonly site: number;
}

/**
 * Turns the engine's stack traces into the person's: places in the sources of cells and modules, none of this kernel's
 * own frames, and the awaits in cells that an error passed (their waits are ours, so the engine cannot see them).
 */
export class StackTraces {
  private readonly frames = new WeakMap<Error, readonly StackFrame[]>();
  private readonly awaits = new WeakMap<Error, PassedAwait[]>();

  constructor(
    private readonly units: Units,
    /** The folder of this kernel's own code: no business of whoever reads a trace. */
    private readonly own: string,
  ) {}

  /** Makes every `error.stack` of this process readable, also where cells print it themselves. */
  install(): void {
    Error.prepareStackTrace = (error, sites) => {
      const frames = sites.flatMap((site) => this.frameOf(site));
      this.frames.set(error, frames);
      return [headOf(error), ...frames.map((frame) => `    at ${printFrame(frame)}`)].join("\n");
    };
  }

  passed(error: unknown, unit: Unit, site: number): void {
    if (!(error instanceof Error)) return;
    const list = this.awaits.get(error) ?? [];
    this.awaits.set(error, list);
    if (list.length < 50) list.push({ unit, site });
  }

  framesOf(error: Error): readonly StackFrame[] {
    // Reading `stack` is what makes the engine prepare it.
    const hasStack = typeof error.stack === "string";
    const called = (hasStack ? this.frames.get(error) : undefined) ?? [];
    const frames = [...called];
    for (const { unit, site } of this.awaits.get(error) ?? []) {
      const found = unit.siteOf(site);
      if (!found) continue;
      const frame = frameIn(unit, found.functionName && `async ${found.functionName}`, found.place);
      // Until its first await, an asynchronous function is on the stack like any other.
      const isOnStack = called.some(
        ({ position }) =>
          position?.line === found.place.line && position.cell === unit.cell && position.file === unit.path,
      );
      if (!isOnStack) frames.push(frame);
    }
    return frames;
  }

  private frameOf(site: NodeJS.CallSite): StackFrame[] {
    const file = site.getFileName();
    const unit = this.units.find(file);
    if (unit) {
      const place = unit.placeOf(site.getLineNumber() ?? 1, (site.getColumnNumber() ?? 1) - 1);
      return place ? [frameIn(unit, functionName(site), place)] : [];
    }
    if (!file || file.startsWith(this.own) || hidden.some((prefix) => file.startsWith(prefix))) return [];
    const name = functionName(site);
    return [
      {
        ...(name ? { name } : {}),
        location: `${file}:${site.getLineNumber() ?? "?"}:${site.getColumnNumber() ?? "?"}`,
      },
    ];
  }
}

// The engine's own ways into a cell.
const hidden = [
  "vaenb:",
  "node:vm",
  "node:internal/vm",
  "node:internal/process/",
  "node:internal/async",
  "node:async_hooks",
  "node:internal/timers",
];

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
  const name = typeof error.name === "string" && error.name ? error.name : "Error";
  const message = cleanMessage(typeof error.message === "string" ? error.message : String(error.message));
  return message ? `${name}: ${message}` : name;
}
