import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createPathsMatcher, getTsconfig, type TsConfigResult } from "get-tsconfig";

/** Finds the files of the person's own folder that a specifier may mean; packages are Node's business. */
export class LocalFiles {
  private config:
    | { readonly files: readonly string[]; readonly stamp: string; readonly result: TsConfigResult | null }
    | undefined;

  constructor(private readonly folder: string) {}

  /** The file for a relative path, an absolute one, a `file:` URL or an alias of tsconfig's `paths`. */
  resolve(specifier: string, from: string): string | undefined {
    if (specifier.startsWith("./") || specifier.startsWith("../") || specifier === "." || specifier === "..")
      return existing(path.resolve(path.dirname(from), specifier));
    if (specifier.startsWith("file:")) return existing(fileURLToPath(specifier));
    if (path.isAbsolute(specifier)) return existing(specifier);
    const tsconfig = this.tsconfig();
    const candidates = (tsconfig && createPathsMatcher(tsconfig)?.(specifier)) ?? [];
    for (const candidate of candidates) {
      const file = existing(candidate);
      if (file && !file.includes(`${path.sep}node_modules${path.sep}`)) return file;
    }
    return undefined;
  }

  /** The options that change how code runs, not how it is checked. */
  compilerOptions(): Readonly<Record<string, unknown>> {
    const options = this.tsconfig()?.config.compilerOptions ?? {};
    const { experimentalDecorators, useDefineForClassFields, alwaysStrict } = options;
    return Object.fromEntries(
      Object.entries({ experimentalDecorators, useDefineForClassFields, alwaysStrict }).filter(
        ([, v]) => v !== undefined,
      ),
    );
  }

  /** Read again when it changed: people edit it while the kernel runs. */
  private tsconfig(): TsConfigResult | null {
    if (this.config?.stamp === stampOf(...(this.config?.files ?? []))) return this.config.result;
    const result = getTsconfig(this.folder);
    const files = [result?.path ?? path.join(this.folder, "tsconfig.json")];
    for (const file of files) files.push(...basesOf(file).filter((base) => !files.includes(base)));
    this.config = { files, stamp: stampOf(...files), result };
    return result;
  }
}

/** The files beside it that a tsconfig extends; packages' ones do not change. */
function basesOf(file: string): string[] {
  if (!existsSync(file)) return [];
  const [, list = ""] = /"extends"\s*:\s*(\[[^\]]*\]|"[^"]*")/.exec(readFileSync(file, "utf8")) ?? [];
  return [...list.matchAll(/"(\.{1,2}\/[^"]*)"/g)].map(([, base = ""]) => {
    const found = path.resolve(path.dirname(file), base);
    return found.endsWith(".json") ? found : `${found}.json`;
  });
}

export const isRelative = (specifier: string): boolean =>
  /^\.{1,2}(\/|$)/.test(specifier) || specifier.startsWith("file:") || path.isAbsolute(specifier);

/** What changes when the content of one of these files does. */
export const stampOf = (...files: readonly string[]): string =>
  files
    .map((file) => {
      const stat = statSync(file, { throwIfNoEntry: false, bigint: true });
      return stat ? `${stat.mtimeNs}:${stat.size}` : "missing";
    })
    .join(" ");

const extensions = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json"];
/** TypeScript's convention: an import names the file that will be compiled, in the name that it will have. */
const sourceOf: Readonly<Record<string, string>> = { ".js": ".ts", ".mjs": ".mts", ".cjs": ".cts" };

function existing(base: string): string | undefined {
  const { ext } = path.parse(base);
  const source = sourceOf[ext];
  const candidates = [
    base,
    ...extensions.map((one) => base + one),
    ...(source ? [base.slice(0, -ext.length) + source] : []),
    ...extensions.map((one) => path.join(base, `index${one}`)),
  ];
  return candidates.find((file) => existsSync(file) && statSync(file).isFile());
}
