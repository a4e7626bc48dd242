import { existsSync } from "node:fs";
import { omittedByPercent } from "../notebook";
import { writeAtomically } from "./atomicWrite";
import type { ConvertCommand } from "./commandLine";
import { formatOf, printAs, readNotebookFile } from "./files";
import { UsageError } from "./usageError";

/** Returns what to tell the person. */
export function convert({ input, output, force }: ConvertCommand): string {
  const format = formatOf(output);
  const notebook = readNotebookFile(input);
  if (existsSync(output) && !force) throw new UsageError(`${output} exists already; --force replaces it`);
  writeAtomically(output, printAs(notebook, format));
  const omitted = format === "percent" ? omittedByPercent(notebook) : [];
  const note = omitted.length === 0 ? "" : ` without ${omitted.join(" and ")}, which .ts files do not keep`;
  return `Wrote ${output}${note}.`;
}
