import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { AwaitSite } from "./instrument";
import type { Place } from "./failure";

/**
 * One source as the engine knows it: a run of a cell, or a module beside the notebook. Registered under the file name
 * that its compiled code has, it turns places in that code back into places in the source.
 */
export interface Unit {
  /** The name of the compiled code in the engine, unique per compilation. */
  readonly file: string;
  /** What people call it: "Cell 3" or "helper.ts". */
  readonly title: string;
  /** The cell whose source it is; missing for modules. */
  readonly cell: string | undefined;
  readonly path: string | undefined;
  readonly source: string;
  /** From a place in the compiled code (line from 1, column from 0). */
  placeOf(line: number, column: number): Place | undefined;
  /** From an offset in the stripped code, as the forms of cells and modules count. */
  placeOfOffset(offset: number): Place | undefined;
  siteOf(index: number): { readonly place: Place; readonly functionName: string | undefined } | undefined;
}

export interface UnitParts {
  readonly file: string;
  readonly title: string;
  readonly cell?: string | undefined;
  readonly path?: string | undefined;
  readonly source: string;
  /** The code before it was instrumented, in which await sites count. */
  readonly stripped: string;
  readonly sites: readonly AwaitSite[];
  /** From compiled code to stripped code; made when it is first needed. */
  readonly rewriteMap: () => string;
  /** From stripped code to the source; missing where they are the same. */
  readonly stripMap: string | undefined;
}

export function createUnit(parts: UnitParts): Unit {
  const rewrite = lazy(() => new TraceMap(parts.rewriteMap()));
  const strip = lazy(() => (parts.stripMap === undefined ? undefined : new TraceMap(parts.stripMap)));
  const toSource = (line: number, column: number): Place | undefined => {
    const map = strip();
    return map ? trace(map, line, column) : { line, column: column + 1 };
  };
  const placeOfOffset = (offset: number): Place | undefined => {
    const { line, column } = placeAt(parts.stripped, offset);
    return toSource(line, column - 1);
  };
  return {
    file: parts.file,
    title: parts.title,
    cell: parts.cell,
    path: parts.path,
    source: parts.source,
    placeOf(line, column) {
      const place = trace(rewrite(), line, column);
      const found = place && toSource(place.line, place.column - 1);
      return found && atCallee(parts.source, found);
    },
    placeOfOffset,
    siteOf(index) {
      const site = parts.sites[index];
      if (!site) return undefined;
      const place = placeOfOffset(site.offset);
      return place && { place, functionName: site.functionName };
    },
  };
}

function trace(map: TraceMap, line: number, column: number): Place | undefined {
  const found = originalPositionFor(map, { line, column });
  return found.line === null ? undefined : { line: found.line, column: found.column + 1 };
}

/** A call of a rewritten name is reported at its parenthesis; people expect the name. */
function atCallee(source: string, { line, column }: Place): Place {
  const before = source.split("\n")[line - 1]?.slice(0, column) ?? "";
  const name = /([\p{ID_Continue}$]+)\($/u.exec(before);
  return { line, column: name ? column - (name[1]?.length ?? 0) : column };
}

export function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** The units that code of this kernel may come from; a stack trace may still lead into a cell's older run. */
export class Units {
  private readonly byFile = new Map<string, Unit>();
  private readonly byPath = new Map<string, Unit>();
  private readonly versions = new Map<string, string[]>();

  add(unit: Unit, key: string): void {
    this.byFile.set(unit.file, unit);
    if (unit.path !== undefined) this.byPath.set(unit.path, unit);
    const files = this.versions.get(key) ?? [];
    this.versions.set(key, files);
    files.push(unit.file);
    // Functions of old runs may live on for long, but not of hundreds of runs.
    if (files.length > 200) this.byFile.delete(files.shift() ?? "");
  }

  /** The source of a module that was imported, as it was then. */
  sourceOf(path: string | undefined): { title: string; source: string } | undefined {
    return path === undefined ? undefined : this.byPath.get(path);
  }

  find(file: string | null | undefined): Unit | undefined {
    return file ? this.byFile.get(file) : undefined;
  }
}
