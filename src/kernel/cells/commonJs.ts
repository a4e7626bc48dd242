import path from "node:path";
import { parse } from "acorn";
import { stampOf } from "./localFiles";

/**
 * The person's own CommonJS files. Node loads them and keeps what it loaded; here is what it does not know: which files
 * changed since, so that they and all that required them are loaded again, and nothing else is.
 */
export class CommonJsFiles {
  /** Of each file when it was loaded. */
  private readonly stamps = new Map<string, string>();

  constructor(private readonly require: NodeJS.Require) {}

  load(file: string): unknown {
    this.forgetChanged();
    try {
      return this.require(file);
    } finally {
      // Also of what was loaded before a file that failed.
      for (const one of this.loaded()) if (!this.stamps.has(one)) this.stamps.set(one, stampOf(one));
    }
  }

  /** What a loaded file required, and what that required. */
  requiredBy(file: string): readonly string[] {
    return this.reached(file).filter((one) => one !== file);
  }

  private forgetChanged(): void {
    const hasChanged = (file: string): boolean => {
      const stamp = this.stamps.get(file);
      return stamp !== undefined && stamp !== stampOf(file);
    };
    const stale = this.loaded().filter((file) => this.reached(file).some(hasChanged));
    for (const file of stale) {
      Reflect.deleteProperty(this.require.cache, file);
      this.stamps.delete(file);
    }
  }

  private loaded(): string[] {
    return Object.keys(this.require.cache).filter(isOwn);
  }

  private reached(file: string): readonly string[] {
    const found = new Set([file]);
    for (const one of found)
      for (const { filename } of this.require.cache[one]?.children ?? [])
        if (isOwn(filename)) found.add(filename);
    return [...found];
  }
}

const isOwn = (file: string): boolean => !file.includes(`${path.sep}node_modules${path.sep}`);

/** `.js` files are what their syntax says: one with imports or exports is a module. */
export function isCommonJs(file: string, source: string): boolean {
  const extension = path.extname(file);
  if (extension === ".cjs") return true;
  if (extension !== ".js") return false;
  try {
    parse(source, {
      ecmaVersion: 2025,
      sourceType: "script",
      allowHashBang: true,
      allowReturnOutsideFunction: true,
    });
    return true;
  } catch {
    return false;
  }
}
