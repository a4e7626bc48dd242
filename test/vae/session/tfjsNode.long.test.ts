import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { parseNotebook, printNotebook, type Cell } from "../../../src/notebook";
import { findTfjsNode } from "../../../src/vae/engine/eager/tfjsNode";

/**
 * The first two example notebooks on the second engine, as a person would run them there: `vaenb run`. Where tfjs-node is
 * not installed (`vaenb engine install tfjs-node`; `VAENB_HOME` names the folder) there is nothing to compare with.
 */
const root = path.resolve(import.meta.dirname, "../../..");
const folder = mkdtempSync(path.join(tmpdir(), "vaenb-tfjs-node-"));
afterAll(() => rmSync(folder, { recursive: true }));

const missing = {
  "tfjs-node": findTfjsNode() === undefined && "tfjs-node is not installed",
  Fashion:
    !existsSync(path.join(process.env.VAENB_DATA ?? "nowhere", "fashion-mnist")) &&
    "VAENB_DATA has no fashion-mnist",
};

const trials = [
  { name: "first-vae", make: "vae", data: "digits", skipped: missing["tfjs-node"], below: 140 },
  {
    name: "from-scratch",
    make: "vae.define",
    data: "fashion",
    skipped: missing["tfjs-node"] || missing.Fashion,
    below: 255,
  },
] as const;

/** Runs an example with its cells changed; gives what it printed. */
async function run(name: string, change: (cells: readonly Cell[]) => readonly Cell[]): Promise<string> {
  const notebook = parseNotebook(readFileSync(path.join(root, "examples", `${name}.vaenb`), "utf8"));
  const file = path.join(folder, `${name}.vaenb`);
  writeFileSync(file, printNotebook({ ...notebook, cells: change(notebook.cells) }));
  const cli = path.join(root, "dist/cli.cjs");
  const { stdout } = await promisify(execFile)(process.execPath, [cli, "run", file, "--in-place"], {
    cwd: folder,
    maxBuffer: 1e9,
  });
  return stdout;
}

const isCode = (cell: Cell): boolean => cell.type === "code";
const trains = (cell: Cell): boolean => isCode(cell) && cell.source.includes(".fit(");

for (const { name, make, data, skipped, below } of trials)
  describe.skipIf(skipped)(
    skipped ? `${name} on tfjs-node (skipped: ${skipped})` : `${name} on tfjs-node`,
    () => {
      test("trains to the loss that it reaches on the compiled engine", async () => {
        const printed = await run(name, (cells) =>
          cells.map((cell) =>
            trains(cell) ? { ...cell, source: `await session.use("tfjs-node");\n${cell.source}` } : cell,
          ),
        );
        expect(printed).toMatch(/tfjs-node/);
        const loss = [...printed.matchAll(/^validation\s+(-?[\d.]+)/gm)].at(-1)?.[1];
        expect(Number(loss)).toBeLessThan(below);
      });

      // Rounding differs, and Adam makes a whole step of the smallest gradient, so that single weights of a large model
      // drift apart; its loss does not. The engines' own tests compare weight by weight, on small models.
      test("has the same loss as on the compiled engine at each of 100 steps", async () => {
        const compare = `
        const trained = [];
        for (const engine of ["compiled", "tfjs-node"]) {
          await session.use(engine);
          const same = ${make}({ ...model.options, seed: 7 });
          const run = await same.fit(${data}.train, { steps: 100, batchSize: 128, seed: 7, checkpoints: false });
          console.log("ran on", run.engine);
          trained.push(run.history.map(({ train }) => train.loss));
        }
        const [a, b] = trained;
        const apart = a.map((loss, step) => Math.abs(loss / b[step] - 1));
        console.log("steps:", apart.length);
        console.log("losses apart by:", Math.max(...apart));`;
        const printed = await run(name, (cells) => {
          const at = cells.findIndex(trains);
          return cells
            .slice(0, at + 1)
            .map((cell, index) => (index === at ? { ...cell, source: compare } : cell));
        });
        expect(printed).toContain("ran on compiled");
        expect(printed).toContain("ran on tfjs-node");
        expect(printed).toContain("steps: 100");
        expect(Number(/losses apart by: (\S+)/.exec(printed)?.[1] ?? NaN)).toBeLessThan(2e-3);
      });
    },
  );
