import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type * as exporting from "../export";
import { prepareToWrite, writeAtomically } from "./atomicWrite";
import type { ExportCommand } from "./commandLine";
import { readNotebookFile } from "./files";
import { UsageError } from "./usageError";

/** `vaenb export` and `vaenb convert`. Returns what to tell the person; `print` gets what goes to standard output. */
export function exportFile(
  { input, output, format, force }: ExportCommand,
  bundles: string,
  print: (text: string) => void,
): string | undefined {
  const notebook = readNotebookFile(input);
  if (output !== "-") {
    if (existsSync(output) && !force) throw new UsageError(`${output} exists already; --force replaces it`);
    prepareToWrite(output);
  }
  const { exportNotebook } = load(bundles);
  const folder = path.dirname(input);
  const steps = exportNotebook(notebook, format, {
    fileName: path.basename(input),
    base: path.relative(path.dirname(output), folder).replaceAll(path.sep, "/"),
    ...(output === "-" ? {} : { filesFolder: `${path.parse(output).name}_files` }),
    part: (name) => readFileSync(path.join(bundles, "page", `${name}.js`), "utf8"),
    picture: (picture) => readIfThere(path.join(folder, picture.path)),
  });
  const { text, files, omitted } = allOf(steps, input, format);
  const left = omitted.length === 0 ? "" : ` without ${omitted.join(" and ")}, which .ts files do not keep`;
  if (output === "-") {
    print(text);
    return left === "" ? undefined : `Wrote ${input} to standard output${left}.`;
  }
  for (const [name, bytes] of files) {
    const file = path.join(path.dirname(output), name);
    prepareToWrite(file);
    writeAtomically(file, bytes);
  }
  writeAtomically(output, text);
  const pictures =
    files.size === 0 ? "" : ` and ${files.size} ${files.size === 1 ? "picture" : "pictures"} beside it`;
  return `Wrote ${output}${pictures}${left}.`;
}

/** What a format cannot hold is told as a fault of the input. */
function allOf(
  steps: ReturnType<typeof exporting.exportNotebook>,
  input: string,
  format: string,
): exporting.Exported {
  try {
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    return step.value;
  } catch (error) {
    throw new UsageError(
      `${input} cannot be exported as ${format}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Its own bundle, so that a run does not read the libraries of an export. */
const load = (bundles: string): typeof exporting =>
  createRequire(path.join(path.resolve(bundles), "cli.cjs"))("./export.cjs") as typeof exporting;

/** A picture that is not there is no reason not to export: its place becomes a link. */
function readIfThere(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
