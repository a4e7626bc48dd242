import { type Cell, type CodeCell, idFromContent, type Notebook, tagsOf } from "../notebook";
import type { Parameter } from "./commandLine";
import { suggest } from "../protocol/suggest";
import { declaredNames } from "./declaredNames";
import { UsageError } from "./usageError";

const INJECTED = "injected-parameters";

/**
 * The notebook with these values in a cell of their own, behind the one tagged "parameters" whose variables they
 * replace: papermill's convention. A cell that an earlier run injected goes.
 */
export function setParameters(notebook: Notebook, parameters: readonly Parameter[]): Notebook {
  if (parameters.length === 0) return notebook;
  const cells = notebook.cells.filter((cell) => !tagsOf(cell).includes(INJECTED));
  const at = cells.findIndex((cell) => cell.type === "code" && tagsOf(cell).includes("parameters"));
  const declaring = cells[at];
  if (declaring === undefined) {
    throw new UsageError(
      '--param sets variables of the cell tagged "parameters", but no code cell of this notebook has that tag',
    );
  }
  for (const { name } of parameters) requireDeclaration(name, declaring);
  const source = parameters.map(({ name, value }) => `let ${name} = ${value};`).join("\n");
  const injected: CodeCell = {
    type: "code",
    id: idFromContent({ type: "code", source }, new Set(cells.map((cell) => cell.id))),
    source,
    metadata: { tags: [INJECTED] },
    executionCount: null,
    outputs: [],
  };
  return { ...notebook, cells: [...cells.slice(0, at + 1), injected, ...cells.slice(at + 1)] };
}

/** A misspelt name would be set and never read: the run would silently use the default. */
function requireDeclaration(name: string, { source }: Cell): void {
  const declared = declaredNames(source);
  if (declared.includes(name)) return;
  const near = suggest(name, declared);
  const hint =
    near === undefined ? `it declares ${declared.join(", ") || "nothing"}` : `did you mean ${near}?`;
  throw new UsageError(`the cell tagged "parameters" does not declare ${name}; ${hint}`);
}
