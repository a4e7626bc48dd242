import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseNotebook, printNotebook, type Cell } from "../../../src/notebook";
import { findTfjsNode } from "../../../src/vae/engine/eager/tfjsNode";

/**
 * The first two example notebooks on the second engine, as a person would run them there: `vaenb run`. Where tfjs-node is
 * not installed (`vaenb engine install tfjs-node`; `VAENB_HOME` names the folder) there is nothing to compare with.
 *
 * The two engines add numbers up in different orders, so they differ by rounding, and what training makes of that
 * depends on the model and on the optimizer. A pre-activation within rounding of zero passes its gradient on one engine and
 * not on the other, for ReLU has a corner there; of ten million pre-activations in 100 steps a few lie so near. Adam then divides by
 * the gradient's own size, which makes of a small difference in a quiet unit a whole step of all its weights. Without
 * the corner (softplus) or without the division (momentum) nothing is amplified, and weights agree one by one. With both
 * they drift apart, as they do on one engine when the last bit of its first weights is changed, and the losses do not.
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

type Edit = readonly [from: string, to: string];

const trials = [
  {
    name: "first-vae",
    make: "vae",
    data: "digits",
    softplus: ["dense(400)", 'dense(400, { activation: "softplus" })'] as Edit,
    skipped: missing["tfjs-node"],
    below: 140,
  },
  {
    name: "from-scratch",
    make: "vae.define",
    data: "fashion",
    softplus: ["tf.relu(tf.add(", "tf.softplus(tf.add("] as Edit,
    skipped: missing["tfjs-node"] || missing.Fashion,
    below: 255,
  },
] as const;

/** Runs an example with its cells changed; gives what it printed. */
function run(name: string, change: (cells: readonly Cell[]) => readonly Cell[]): Promise<string> {
  const notebook = parseNotebook(readFileSync(path.join(root, "examples", `${name}.vaenb`), "utf8"));
  const file = path.join(folder, `${name}.vaenb`);
  writeFileSync(file, printNotebook({ ...notebook, cells: change(notebook.cells) }));
  const command = [path.join(root, "dist/cli.cjs"), "run", file, "--in-place"];
  return new Promise((resolve, reject) =>
    execFile(process.execPath, command, { cwd: folder, maxBuffer: 1e9 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${error.message}\n${stdout.slice(-4000)}\n${stderr.slice(-4000)}`));
    }),
  );
}

const isCode = (cell: Cell): boolean => cell.type === "code";
const trains = (cell: Cell): boolean => isCode(cell) && cell.source.includes(".fit(");

/** What `compare` prints of each optimizer. */
interface Agreement {
  readonly engines: readonly string[];
  readonly steps: number;
  /** Largest relative difference of the losses, over the first ten steps and over all. */
  readonly lossesOfTen: number;
  readonly losses: number;
  /** Largest difference of a weight at the end, and how far the furthest has moved. */
  readonly weights: number;
  readonly moved: number;
  /** Part of the weights that agree within 1e-4, after ten steps and at the end. */
  readonly sameAfterTen: number;
  readonly same: number;
}

const fits = {
  momentum: `{ optimizer: { kind: "sgd", momentum: 0.9 }, learningRate: 1e-4 }`,
  adam: `{ optimizer: "adam", learningRate: 1e-3 }`,
  // With the usual epsilon of 1e-8, single weights of the second notebook are 2e-5 apart, with this one 2e-6: far below 1e-4.
  steadyAdam: `{ optimizer: { kind: "adam", epsilon: 1e-4 }, learningRate: 1e-3 }`,
} as const;

/** The cell that trains the notebook's model on both engines, from the same weights, with the same batches and noise. */
const compare = (make: string, data: string, optimizers: readonly (keyof typeof fits)[]): string => `
const optimizers = { ${optimizers.map((name) => `${name}: ${fits[name]}`).join(", ")} };
const trainedOn = async (engine, settings) => {
  await session.use(engine);
  const same = ${make}({ ...model.options, seed: 7 });
  const first = same.weights();
  const losses = [];
  let afterTen;
  const onPoint = ({ step, train }) => {
    losses.push(train.loss);
    if (step === 10) afterTen = same.weights();
  };
  const run = await same.fit(${data}.train, {
    steps: 100, batchSize: 128, seed: 7, checkpoints: false, callbacks: { onPoint }, ...settings,
  });
  const last = same.weights();
  same.dispose();
  return { engine: run.engine, first, afterTen, last, losses };
};
const apart = (a, b) => Object.keys(a).flatMap((name) => Array.from(a[name], (value, at) => Math.abs(value - b[name][at])));
const largest = (values) => values.reduce((worst, value) => (value > worst || Number.isNaN(value) ? value : worst), 0);
const within = (values) => values.filter((value) => value < 1e-4).length / values.length;
const agreement = {};
for (const [name, settings] of Object.entries(optimizers)) {
  const a = await trainedOn("compiled", settings);
  const b = await trainedOn("tfjs-node", settings);
  const losses = a.losses.map((loss, step) => Math.abs(loss / b.losses[step] - 1));
  const last = apart(a.last, b.last);
  agreement[name] = {
    engines: [a.engine, b.engine],
    steps: losses.length,
    lossesOfTen: largest(losses.slice(0, 10)),
    losses: largest(losses),
    weights: largest(last),
    moved: largest(apart(a.last, a.first)),
    sameAfterTen: within(apart(a.afterTen, b.afterTen)),
    same: within(last),
  };
}
console.log("agreement:", JSON.stringify(agreement));`;

async function agreements<Name extends keyof typeof fits>(
  { name, make, data }: (typeof trials)[number],
  optimizers: readonly Name[],
  [from, to]: Edit = ["", ""],
): Promise<Readonly<Record<Name, Agreement>>> {
  const printed = await run(name, (cells) => {
    const at = cells.findIndex(trains);
    const edited = cells.slice(0, at).map((cell) => {
      const source = from === "" ? cell.source : cell.source.replaceAll(from, to);
      return isCode(cell) ? { ...cell, source } : cell;
    });
    if (from !== "") expect(edited.some(({ source }) => source.includes(to))).toBe(true);
    return [
      ...edited,
      ...cells.slice(at, at + 1).map((cell) => ({ ...cell, source: compare(make, data, optimizers) })),
    ];
  });
  const found = /^agreement: (.*)$/m.exec(printed)?.[1];
  if (found === undefined) throw new Error(`No agreement was printed:\n${printed.slice(-4000)}`);
  console.log(name, to, found);
  const measured = JSON.parse(found) as Readonly<Record<Name, Agreement>>;
  for (const optimizer of optimizers) {
    expect(measured[optimizer].engines).toEqual(["compiled", "tfjs-node"]);
    expect(measured[optimizer].steps).toBe(100);
    expect(measured[optimizer].moved, "training moved the weights").toBeGreaterThan(0.05);
  }
  return measured;
}

for (const trial of trials) {
  const { name, softplus, skipped, below } = trial;
  const title = skipped ? `${name} on tfjs-node (skipped: ${skipped})` : `${name} on tfjs-node`;
  describe.skipIf(skipped)(title, () => {
    test("trains to the loss that it reaches on the compiled engine", async () => {
      const printed = await run(name, (cells) =>
        cells.map((cell) =>
          trains(cell) ? { ...cell, source: `await session.use("tfjs-node");\n${cell.source}` } : cell,
        ),
      );
      expect(printed).toMatch(/tfjs-node/);
      const loss = [...printed.matchAll(/^validation\s+(-?[\d.]+)/gm)].at(-1)?.[1];
      console.log(name, "validation loss", loss);
      expect(Number(loss)).toBeLessThan(below);
    });

    describe("takes the same 100 steps as the compiled engine", () => {
      let measured: Readonly<Record<"momentum" | "adam", Agreement>>;
      beforeAll(async () => {
        measured = await agreements(trial, ["momentum", "adam"]);
      }, 600_000);

      test("to the same weights within 1e-4, by gradient descent with momentum", () => {
        expect(measured.momentum.weights).toBeLessThan(1e-4);
        expect(measured.momentum.losses).toBeLessThan(1e-4);
      });

      // Measured: losses 1e-5 apart in the first ten steps and up to 3e-3 in 100, where those of the compiled engine
      // alone are 1e-3 apart when the last bits of its first weights change; 99% of the weights within 1e-4 after ten
      // steps, and 31 to 94% after 100. The limits leave room for the corners that another processor's rounding meets.
      test("with the same losses by Adam, and the same weights at first", () => {
        expect(measured.adam.lossesOfTen).toBeLessThan(1e-3);
        expect(measured.adam.losses).toBeLessThan(2e-2);
        expect(measured.adam.sameAfterTen).toBeGreaterThan(0.9);
      });
    });

    test("takes the same 100 steps by Adam to the same weights within 1e-4, where ReLU's corner is rounded off", async () => {
      const { steadyAdam } = await agreements(trial, ["steadyAdam"], softplus);
      expect(steadyAdam.weights).toBeLessThan(1e-4);
      expect(steadyAdam.losses).toBeLessThan(1e-4);
    });
  });
}
