import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { type CodeCell, parseNotebook } from "../src/notebook";

const root = path.resolve(import.meta.dirname, "..");
const folder = mkdtempSync(path.join(os.tmpdir(), "vaenb-examples-"));
cpSync(path.join(root, "examples"), folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs an example as a person would, and reads what it left in the file. */
async function run(name: string): Promise<{ printed: string; cells: readonly CodeCell[] }> {
  const file = path.join(folder, name);
  const cli = path.join(root, "dist/cli.cjs");
  const { stdout } = await promisify(execFile)(process.execPath, [cli, "run", file, "--in-place"], {
    maxBuffer: 1e9,
  });
  const { cells } = parseNotebook(readFileSync(file, "utf8"));
  return { printed: stdout, cells: cells.flatMap((cell) => (cell.type === "code" ? [cell] : [])) };
}

/** The last loss of a training figure's text: "validation  134.77  ...". */
const validationLoss = (printed: string): number =>
  Number([...printed.matchAll(/^validation\s+(-?[\d.]+)/gm)].at(-1)?.[1] ?? NaN);

const mimeTypes = (cells: readonly CodeCell[]): Set<string> =>
  new Set(
    cells.flatMap(({ outputs }) => outputs.flatMap((one) => ("data" in one ? Object.keys(one.data) : []))),
  );

const hasFashion = existsSync(path.join(process.env.VAENB_DATA ?? "nowhere", "fashion-mnist"));

describe("the example notebooks", () => {
  it("first-vae: learns digits, and draws every kind of picture", async () => {
    const { printed, cells } = await run("first-vae.vaenb");
    expect(validationLoss(printed)).toBeLessThan(140);
    for (const view of ["dataset", "model", "training", "images", "latent", "manifold", "score"])
      expect(mimeTypes(cells)).toContain(`application/vnd.vaenb.${view}+json`);
    expect(printed).toMatch(/ELBO -1[23]\d\.\d\d nats per example/);
  });

  it("the-article: the mistake collapses the posterior, and a warning says so", async () => {
    const { printed } = await run("the-article.vaenb");
    expect(printed).toContain("KL is 0 in every dimension: the posterior has collapsed");
  });

  it.skipIf(!hasFashion)(
    "from-scratch: gradients agree, and Fashion-MNIST is learnt (needs VAENB_DATA)",
    async () => {
      const { printed } = await run("from-scratch.vaenb");
      expect(printed).toContain("All gradients agree");
      expect(validationLoss(printed)).toBeLessThan(255);
    },
  );
});
