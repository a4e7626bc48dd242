import { beforeAll, describe, expect, it } from "vitest";
import { kernelOfThisFile } from "../testKernel";

const { kernel, value } = kernelOfThisFile();
beforeAll(async () => {
  await value(
    `import { cosine, data, dense, html, plot, session, vae } from "vaenb";
const digits = data.digits({ train: 100, test: 20 });
const model = vae({ input: [784], latent: 2, encoder: [dense(8)] });
class Model { fit(x: number) {} }
const mine = new Model();`,
  );
});

/** \`|\` marks the cursor. */
const at = (code: string) => ({ code: code.replace("|", ""), cursor: code.indexOf("|") });
const complete = async (code: string) => (await kernel.process.request("complete", at(code))).items;
const labels = async (code: string) => (await complete(code)).map(({ label }) => label);
const hover = async (code: string) =>
  String((await kernel.process.request("inspect", at(code))).bundle?.["text/plain"]);

describe("hovering over the library tells signature and comment of its source", () => {
  it.each([
    [
      "de|nse(4)",
      /^dense\(units: number, options: \{ activation\?: Activation.*\): Layer\n\nA fully connected/,
    ],
    ["v|ae({", /^vae\(options: VaeOptions\): Model<VaeOptions>\n\nMakes variational autoencoders/],
    [
      "model.f|it(",
      /^fit\(data: Dataset, options: FitOptions\): Promise<Run>\n\nTrains\. .*Throws if the data/s,
    ],
    ["plot.latentS|pace(", /^latentSpace\(model: TrainedModel, .*\n\nWhere the encoder puts the examples/],
    ["data.dig|its()", /^digits\(options: DigitsOptions = \{\}\): TrainTest\n\nHandwritten digits/],
    ["digits.train.bina|rize()", /^binarize\(how\?: .*\): Dataset\n\nValues in \[0, 1\]/],
    ["session.eng|ine", /^engine: EngineReport\n\nWhich engine runs the models/],
    ["ht|ml`a`", /^html\(.*\n\nHTML that a cell shows/],
    ["mod|el", /^model: Model\n\n/],
  ])("%s", async (code, expected) => {
    expect(await hover(code)).toMatch(expected);
  });

  it("also in a cell that has not run yet, for what it imports", async () => {
    expect(await hover('import { upsample } from "vaenb";\nup|sample(2)')).toMatch(
      /^upsample\(factor = 2, options: \{.*\} = \{\}\): Layer/,
    );
    expect((await kernel.process.request("inspect", at("up|sample(2)"))).found).toBe(false);
  });

  it("and of an option by its name", async () => {
    expect(await hover("await model.fit(digits.train, { batch|Size: 64 })")).toBe(
      "(option) batchSize: number\n\nExamples per step; 128 unless given.",
    );
  });

  it("but not over a person's own class of the same name", async () => {
    expect(await hover("mine.f|it")).toBe("fit(x)");
  });
});

describe("completion offers the texts that an option takes", () => {
  it.each([
    ['vae({ input: [4], likelihood: "|', ["bernoulli", "gaussian", "categorical"]],
    ["vae({ input: [4], encoder: [dense(8, { activation: 'li|", ["linear", "relu"]],
  ])("%s", async (code, first) => {
    const { start, end, items } = await kernel.process.request("complete", at(code));
    expect(items.slice(0, first.length).map(({ label }) => label)).toEqual(first);
    expect(items[0]?.kind).toBe("value");
    expect([start, end]).toEqual([code.search(/["'][a-z]*\|/) + 1, code.indexOf("|")]);
  });

  it.each(['vae({ name: "|', 'unknown({ likelihood: "|', 'const likelihood = "|'])(
    "none in %s",
    async (code) => expect((await complete(code)).filter(({ kind }) => kind === "value")).toEqual([]),
  );
});

describe("completion offers the names of options, with their comments", () => {
  it.each([
    ["await model.fit(digits.train, { |", ["epochs", "steps", "batchSize", "learningRate"]],
    ["await model.fit(digits.train, { epochs: 3, |", ["steps", "batchSize", "learningRate"]],
    [
      'model.fit(digits.train.take(5), {\n  epochs: Math.max(1, 2), // , {\n  note: "a, { b",\n  b|',
      ["batchSize", "beta"],
    ],
    ["model.fit(digits.train, { checkpoints: { every|", ["everySeconds", "everySteps"]],
    ["vae({ lat|", ["latent"]],
    ["vae({ input: [784], encoder: [dense(400, { |", ["activation", "bias"]],
    ["vae({ ...model.options, lik|", ["likelihood"]],
    ["plot.latentSpace(model, digits.test, { |", ["axes"]],
    ["data.digits({ tr|", ["train"]],
    ["cosine({ |", ["from", "to"]],
    ["const many = `${data.digits({ te|", ["test"]],
    ['import { conv } from "vaenb"; conv(8, { ker|', ["kernel"]],
  ])("%s", async (code, expected) => {
    expect((await labels(code)).slice(0, expected.length)).toEqual(expected);
  });

  it("says what each is for", async () => {
    expect((await complete("model.fit(digits.train, { clip|"))[0]).toMatchObject({
      kind: "property",
      detail: "clipNorm: number",
      documentation: "Scales the gradients down where their norm over all weights is larger than this.",
    });
    const [activation] = await complete("dense(3, { act|");
    expect(activation?.detail).toMatch(/^activation: "linear" \| "relu"/);
  });

  it.each([
    "model.fit(digits.train, { epochs: b|",
    "model.fit(digits.train, { callbacks: () => { b|",
    "const { b|",
    "if (model.fit) { b|",
    "[model.fit(digits.train), { b|",
  ])("and none where no option is named: %s", async (code) => {
    expect(await labels(code)).not.toContain("batchSize");
  });
});

describe("completion of what the library made", () => {
  it("offers the members that are for people, with signature and comment", async () => {
    const offered = await complete("model.|");
    expect(offered.map(({ label }) => label)).toEqual(expect.arrayContaining(["fit", "encode", "options"]));
    expect(offered.map(({ label }) => label)).not.toEqual(expect.arrayContaining(["surroundings"]));
    expect(offered.find(({ label }) => label === "fit")).toMatchObject({
      detail: "fit(data: Dataset, options: FitOptions): Promise<Run>",
      documentation: expect.stringMatching(/^Trains\./) as string,
    });
    expect((await labels("plot.|"))[0]).toBe("loss");
    expect((await labels("data.|"))[0]).toBe("csv");
  });

  it("offers what every object has when its beginning is typed, and last", async () => {
    for (const code of ["plot.|", "model.|", "mine.|", "vae.|", "digits.|"])
      expect(await labels(code)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(__defineGetter__|hasOwnProperty|constructor)$/)]),
      );
    expect(await labels("plot.hasOwn|")).toEqual(["hasOwnProperty"]);
    expect(await labels("vae.app|")).toEqual(["apply"]);
  });

  it("offers what can be imported", async () => {
    expect(await labels('import { conv| } from "vaenb"')).toEqual(["conv", "convTranspose"]);
    expect(await labels('import { conv| } from "other"')).toEqual([]);
  });
});

describe("the library's names", () => {
  it("are those of its documentation where they are printed", async () => {
    expect(
      await value("[vae, dense, data.digits, plot.klPerDimension, html].map((one) => one.name).join()"),
    ).toBe("'vae,dense,digits,klPerDimension,html'");
    expect(
      await value("[model, digits, digits.train, session].map((one) => one.constructor.name).join()"),
    ).toBe("'Model,TrainTest,Dataset,Session'");
  });

  it("stand behind a person's own among the variables", async () => {
    const { variables } = await kernel.process.request("variables", undefined);
    expect(variables.slice(0, 4).map(({ name }) => name)).toEqual(["digits", "model", "Model", "mine"]);
    expect(variables.slice(4).every(({ kind }) => kind === "import")).toBe(true);
    expect(variables.find(({ name }) => name === "digits")?.type).toBe("TrainTest");
    expect(variables.find(({ name }) => name === "dense")?.preview).toBe("[Function: dense]");
  });
});
