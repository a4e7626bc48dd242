import { parseArgs, type ParseArgsConfig } from "node:util";
import { type ExportFormat, exportFormatNames, exportFormats, formatOfName } from "../export/formats";
import { type CommandName, commandNames } from "./help";
import { suggest } from "../protocol/suggest";
import { UsageError } from "./usageError";

/** What a person asked for, as one of these. */
export type Command =
  | { readonly name: "help"; readonly about?: CommandName }
  | { readonly name: "version" }
  | RunCommand
  | ExportCommand
  | EngineCommand;

export interface RunCommand {
  readonly name: "run";
  readonly file: string;
  /** Where the executed notebook goes; none: nowhere. */
  readonly output?: string;
  readonly timeoutSeconds?: number;
  readonly allowErrors: boolean;
  readonly quiet: boolean;
  /** Leave out nothing of what a cell prints, on a terminal too. */
  readonly full: boolean;
  readonly parameters: readonly Parameter[];
}
/** `value` as TypeScript source. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
}
/** What `export` and `convert` ask for: the one names the format, the other the file. */
export interface ExportCommand {
  readonly name: "export";
  readonly input: string;
  /** "-" is standard output. */
  readonly output: string;
  readonly format: ExportFormat;
  readonly force: boolean;
}

export interface EngineCommand {
  readonly name: "engine";
  readonly build: boolean;
  readonly wheel?: string;
}

export function readCommandLine(words: readonly string[]): Command {
  const [first, ...rest] = words;
  if (first === undefined || first === "--help" || first === "-h") return { name: "help" };
  if (first === "--version" || first === "-V") return { name: "version" };
  if (first === "help") {
    const [about] = rest;
    return about === undefined ? { name: "help" } : { name: "help", about: commandNamed(about) };
  }
  switch (commandNamed(first)) {
    case "run":
      return readRun(rest);
    case "export":
      return readExport(rest);
    case "convert":
      return readConvert(rest);
    case "engine":
      return readEngine(rest);
  }
}

function commandNamed(word: string): CommandName {
  const found = commandNames.find((name) => name === word);
  if (found !== undefined) return found;
  if (/\.(vaenb|ipynb|ts)$/.test(word))
    throw new UsageError(`what shall be done with ${word}? To run it: vaenb run ${word}`);
  const near = suggest(word, commandNames);
  const hint = near === undefined ? "vaenb --help lists the commands" : `did you mean "${near}"?`;
  throw new UsageError(`there is no command "${word}"; ${hint}`);
}

const runOptions = {
  output: { type: "string", short: "o" },
  "in-place": { type: "boolean" },
  param: { type: "string", short: "p", multiple: true },
  timeout: { type: "string", short: "t" },
  "allow-errors": { type: "boolean" },
  quiet: { type: "boolean", short: "q" },
  full: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

function readRun(words: readonly string[]): Command {
  const { values, positionals } = parse("run", words, runOptions);
  if (values.help) return { name: "help", about: "run" };
  const [file, ...more] = positionals;
  if (file === undefined) throw new UsageError("which notebook shall be run? vaenb run FILE");
  if (more.length > 0)
    throw new UsageError(`vaenb run takes one notebook, but got ${positionals.join(", ")}`);
  if (values.output !== undefined && values["in-place"]) {
    throw new UsageError("--output and --in-place both say where the notebook goes; give one of them");
  }
  const output = values["in-place"] ? file : values.output;
  const timeoutSeconds = values.timeout === undefined ? undefined : readSeconds(values.timeout);
  return {
    name: "run",
    file,
    ...(output === undefined ? {} : { output }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    allowErrors: values["allow-errors"] ?? false,
    quiet: values.quiet ?? false,
    full: values.full ?? false,
    parameters: readParameters(values.param ?? []),
  };
}

function readExport(words: readonly string[]): Command {
  const options = {
    to: { type: "string" },
    output: { type: "string", short: "o" },
    force: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  } as const;
  const { values, positionals } = parse("export", words, options);
  if (values.help) return { name: "help", about: "export" };
  const [input, ...more] = positionals;
  if (input === undefined)
    throw new UsageError("which notebook shall be exported? vaenb export FILE --to html");
  if (more.length > 0)
    throw new UsageError(`vaenb export takes one notebook, but got ${positionals.join(", ")}`);
  if (values.to === undefined && values.output === undefined)
    throw new UsageError(`export it as what? vaenb export ${input} --to ${exportFormatNames.join("|")}`);
  const format = values.to === undefined ? formatOfOutput(values.output ?? "") : formatNamed(values.to);
  const output = values.output ?? withExtension(input, exportFormats[format].extension);
  return { name: "export", input, output, format, force: values.force ?? false };
}

function readConvert(words: readonly string[]): Command {
  const options = { force: { type: "boolean" }, help: { type: "boolean", short: "h" } } as const;
  const { values, positionals } = parse("convert", words, options);
  if (values.help) return { name: "help", about: "convert" };
  const [input, output, ...more] = positionals;
  if (input === undefined || output === undefined || more.length > 0) {
    throw new UsageError("a notebook to read and one to write: vaenb convert INPUT OUTPUT");
  }
  const format = formatOfOutput(output);
  return { name: "export", input, output, format, force: values.force ?? false };
}

function formatNamed(word: string): ExportFormat {
  const found = exportFormatNames.find((name) => name === word.replace(/^\./, ""));
  if (found !== undefined) return found;
  const near = suggest(word, exportFormatNames);
  const hint = near === undefined ? `there are ${exportFormatNames.join(", ")}` : `did you mean "${near}"?`;
  throw new UsageError(`there is no format "${word}"; ${hint}`);
}

function formatOfOutput(file: string): ExportFormat {
  const found = formatOfName(file);
  if (found !== undefined) return found;
  if (file === "-") throw new UsageError("standard output has no name that says the format: give --to");
  const known = exportFormatNames.map((name) => exportFormats[name].extension).join(", ");
  throw new UsageError(`${file}: the name's end says the format, one of ${known}`);
}

const withExtension = (file: string, extension: string): string =>
  file.replace(/\.[^./\\]*$/, "") + extension;

function readEngine(words: readonly string[]): Command {
  const options = {
    build: { type: "boolean" },
    wheel: { type: "string" },
    help: { type: "boolean", short: "h" },
  } as const;
  const { values, positionals } = parse("engine", words, options);
  if (values.help) return { name: "help", about: "engine" };
  if (positionals.join(" ") !== "install tfjs-node") {
    throw new UsageError("the engine that can be installed is tfjs-node: vaenb engine install tfjs-node");
  }
  const { wheel, build = false } = values;
  if (wheel !== undefined && !build) {
    throw new UsageError("--wheel names what to build on; give --build too");
  }
  return { name: "engine", build, ...(wheel === undefined ? {} : { wheel }) };
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  // A timer waits for 2^31 ms at most.
  if (text.trim() !== "" && seconds > 0 && seconds <= 2_147_483) return seconds;
  throw new UsageError(
    `--timeout is a number of seconds, more than 0 and at most 2147483, but got "${text}"`,
  );
}

function readParameters(texts: readonly string[]): readonly Parameter[] {
  const parameters = texts.map(readParameter);
  const twice = parameters.find(({ name }, i) => parameters.findIndex((one) => one.name === name) < i);
  if (twice) throw new UsageError(`--param sets ${twice.name} twice; give it one value`);
  return parameters;
}

function readParameter(text: string): Parameter {
  const [, name, value] = /^([\p{ID_Start}$_][\p{ID_Continue}$]*)=(.*)$/su.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new UsageError(`--param takes NAME=VALUE, such as --param seed=3, but got "${text}"`);
  }
  return { name, value: isJson(value) ? value : JSON.stringify(value) };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

type Options = NonNullable<ParseArgsConfig["options"]>;

function parse<const T extends Options>(command: CommandName, words: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(explain(error, command, Object.keys(options)));
  }
}

function explain(error: unknown, command: CommandName, known: readonly string[]): string {
  const message = error instanceof Error ? error.message : String(error);
  const [, unknown] = /^Unknown option '(-[^']+)'/.exec(message) ?? [];
  const [, valueless] = /^Option '([^']+)' argument missing/.exec(message) ?? [];
  if (valueless !== undefined) return `${valueless} needs a value; see vaenb ${command} --help`;
  if (unknown === undefined) return `${message.split("\n")[0]}; see vaenb ${command} --help`;
  const near = suggest(unknown.replace(/^-+/, ""), known);
  const hint = near === undefined ? `vaenb ${command} --help lists them` : `did you mean --${near}?`;
  return `vaenb ${command} has no option ${unknown}; ${hint}`;
}
