import type { Figure } from "./figures/figure";
import { counted, shapeCode, whole } from "./figures/format";
import { tableFigure, type TableData } from "./figures/table";
import type { Session } from "./session";
import type { Run } from "./training/run";

/** What exists in a session: one row per thing. */
export function sessionFigure(
  session: Pick<Session, "seed" | "engine" | "datasets" | "models" | "runs">,
): Figure<"table", TableData> {
  const { name, why, cells } = session.engine;
  return tableFigure({
    title: "Session",
    columns: [
      { name: "", align: "left" },
      { name: "name", align: "left" },
      { name: "", align: "left" },
    ],
    rows: [
      { cells: ["seed", String(session.seed()), ""] },
      { cells: ["engine", name, why] },
      ...(cells ? [{ cells: ["tf in cells", cells.backend, cells.why] }] : []),
      ...session.datasets.map((data) => ({
        cells: ["dataset", data.name, `${counted(data.size, "example")}, ${shapeCode(data.shape)}`],
      })),
      ...session.models.map(({ summary }) => ({
        cells: [
          "model",
          summary.name,
          `${counted(summary.weights, "weight")}, ${summary.stepsTrained === 0 ? "not trained" : `trained for ${counted(summary.stepsTrained, "step")}`}`,
        ],
      })),
      ...session.runs.map((run) => ({ cells: ["run", run.model, runText(run)] })),
    ],
  });
}

function runText(run: Run): string {
  const last = run.history.at(-1);
  const loss = last ? `, loss ${(last.validation ?? last.train).loss.toFixed(2)} nats per example` : "";
  return `${run.status}, step ${whole(run.step)} of ${whole(run.totalSteps)} on ${run.data}${loss}`;
}
