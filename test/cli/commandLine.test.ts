import { expect, it } from "vitest";
import { readCommandLine } from "../../src/cli/commandLine";
import { commandNames, help, overview } from "../../src/cli/help";
import { parsePercent } from "../../src/notebook";
import { UsageError } from "../../src/cli/usageError";

const run = { name: "run", file: "a.vaenb", allowErrors: false, quiet: false, full: false, parameters: [] };

it.each([
  ["", { name: "help" }],
  ["--help", { name: "help" }],
  ["help run", { name: "help", about: "run" }],
  ["run --help", { name: "help", about: "run" }],
  ["convert -h", { name: "help", about: "convert" }],
  ["--version", { name: "version" }],
  ["run a.vaenb", run],
  ["run --output b.vaenb a.vaenb", { ...run, output: "b.vaenb" }],
  ["run a.vaenb --full", { ...run, full: true }],
  ["run a.vaenb --in-place --quiet", { ...run, output: "a.vaenb", quiet: true }],
  ["run a.vaenb --timeout 2.5 --allow-errors", { ...run, timeoutSeconds: 2.5, allowErrors: true }],
  [
    "convert a.vaenb b.ts --force",
    { name: "export", input: "a.vaenb", output: "b.ts", format: "ts", force: true },
  ],
  [
    "export in.x/a.vaenb --to html",
    { name: "export", input: "in.x/a.vaenb", output: "in.x/a.html", format: "html", force: false },
  ],
  [
    "export a.vaenb -o docs/b.md",
    { name: "export", input: "a.vaenb", output: "docs/b.md", format: "md", force: false },
  ],
  [
    "export a.vaenb --to ts --output -",
    { name: "export", input: "a.vaenb", output: "-", format: "ts", force: false },
  ],
])("understands %j", (line, command) => {
  expect(readCommandLine(line.split(" ").filter((word) => word !== ""))).toEqual(command);
});

it.each([
  ["seed=3", "3"],
  ["name=mnist", '"mnist"'],
  ["name=", '""'],
  ["layers=[400, 200]", "[400, 200]"],
  ['text="3"', '"3"'],
  ["on=true", "true"],
  ["equation=a=b", '"a=b"'],
  ['quote=say "hi"', '"say \\"hi\\""'],
])("takes --param %s as %s", (text, value) => {
  expect(readCommandLine(["run", "a.vaenb", "--param", text])).toMatchObject({
    parameters: [{ name: text.split("=")[0], value }],
  });
});

it.each([
  ["rnu a.vaenb", 'there is no command "rnu"; did you mean "run"?'],
  ["explode", 'there is no command "explode"; vaenb --help lists the commands'],
  ["a.vaenb", "To run it: vaenb run a.vaenb"],
  ["run", "which notebook shall be run?"],
  ["run a.vaenb b.vaenb", "vaenb run takes one notebook, but got a.vaenb, b.vaenb"],
  ["run a.vaenb --outptu b", "vaenb run has no option --outptu; did you mean --output?"],
  ["run a.vaenb --inplace", "did you mean --in-place?"],
  ["run a.vaenb --xyzzy", "vaenb run --help lists them"],
  ["run a.vaenb --output", "-o, --output <value> needs a value; see vaenb run --help"],
  ["run a.vaenb --output b.vaenb --in-place", "--output and --in-place both say"],
  [
    "run a.vaenb --timeout soon",
    '--timeout is a number of seconds, more than 0 and at most 2147483, but got "soon"',
  ],
  ["run a.vaenb --timeout 0", 'but got "0"'],
  ["run a.vaenb --param seed", '--param takes NAME=VALUE, such as --param seed=3, but got "seed"'],
  ["run a.vaenb -p n=5 --param m=1 -p n=6", "--param sets n twice; give it one value"],
  ["run a.vaenb --param 1x=3", 'but got "1x=3"'],
  ["convert a.vaenb", "vaenb convert INPUT OUTPUT"],
  ["convert a.vaenb b.pdf", "b.pdf: the name's end says the format"],
  ["export", "vaenb export FILE --to html"],
  ["export a.vaenb", "vaenb export a.vaenb --to html|ipynb|md|ts|vaenb"],
  ["export a.vaenb --to htm", 'did you mean "html"?'],
  ["export a.vaenb --output -", "give --to"],
])("refuses %j and says what to do", (line, message) => {
  const read = (): unknown => readCommandLine(line.split(" "));
  expect(read).toThrow(UsageError);
  expect(read).toThrow(message);
});

it("has help for every command and every option, in lines that fit a terminal", () => {
  for (const name of commandNames) expect(overview).toContain(`vaenb ${name}`);
  for (const option of ["output", "in-place", "param", "timeout", "allow-errors", "full", "quiet", "help"]) {
    expect(help.run).toContain(`--${option}`);
  }
  const lines = [overview, ...Object.values(help)].join("\n").split("\n");
  expect(lines.filter((line) => line.length > 120)).toEqual([]);
});

it("shows how a .ts file marks its cells and their tags, as it is read", () => {
  const shown = [...Object.values(help), overview].flatMap((text) => text.match(/\/\/ %%.*\]\}/g) ?? []);
  expect(shown.length).toBeGreaterThan(1);
  for (const header of shown)
    expect(parsePercent(`${header}\n1`).cells[0]?.metadata.tags).toEqual(["parameters"]);
});
