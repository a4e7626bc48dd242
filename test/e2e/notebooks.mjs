// Notebooks for tests, as files.
import { writeFileSync } from "node:fs";

const metadata = {
  kernelspec: { display_name: "VAE Notebook (TypeScript)", language: "typescript", name: "vaenb" },
  language_info: {
    file_extension: ".ts",
    mimetype: "text/x.typescript",
    name: "typescript",
    pygments_lexer: "typescript",
  },
};

/** Writes a notebook whose code cells have these sources, and nothing else or the outputs of a cell that ran. */
export function writeNotebook(file, sources, outputs = () => []) {
  const cells = sources.map((source, i) => ({
    cell_type: "code",
    execution_count: null,
    id: `cell-${i + 1}`,
    metadata: {},
    outputs: outputs(i),
    source: source.split(/(?<=\n)/),
  }));
  const notebook = { cells, metadata, nbformat: 4, nbformat_minor: 5 };
  writeFileSync(file, `${JSON.stringify(notebook, null, 1)}\n`);
}

/** What a cell printed: this many characters in lines of 100. */
export function outputsOf(cell, characters) {
  const line = (i) => `output ${cell + 1}: line ${i} `.padEnd(99, "abcdefghij") + "\n";
  const text = Array.from({ length: Math.floor(characters / 100) }, (_, i) => line(i + 1));
  return [{ name: "stdout", output_type: "stream", text }];
}

export const training = [
  `import { data, dense, plot, session, vae } from "vaenb";
session.seed(7);
const digits = data.digits({ train: 6_000, test: 500 });
digits`,
  `const model = vae({ input: digits.shape, latent: 2, encoder: [dense(128)], decoder: [dense(128)], likelihood: "bernoulli" });
model`,
  `const run = await model.fit(digits.train, { epochs: 24, batchSize: 64, validationData: digits.test });`,
  `plot.reconstructions(model, digits.test, { count: 10 })`,
  `plot.latentSpace(model, digits.test)`,
  `plot.manifold(model, { size: 12 })`,
];
