import { dirname, resolve } from "node:path";
import type { Death } from "../client/death";
import { KernelDied, kernelEntry, KernelProcess } from "../client/kernel";
import type { Notebook } from "../notebook";
import { prepareToWrite, writeAtomically } from "./atomicWrite";
import type { RunCommand } from "./commandLine";
import { destinationOf } from "./destination";
import { formatOf, printAs, readNotebookFile } from "./files";
import { setParameters } from "./parameters";
import type { KernelPort, StartKernel } from "./ports";
import { type NotebookRun, type RunResult, startRun } from "./runNotebook";
import { summary } from "./summary";
import { type Screen, TerminalReporter } from "./terminal";
import { exitCode, UsageError } from "./usageError";

/** `vaenb run`: the run of a notebook with its files, its kernel process and its signals. Returns the exit status. */
export async function run(command: RunCommand, bundles: string, screen: Screen): Promise<number> {
  const notebook = setParameters(
    requireTypeScript(readNotebookFile(command.file), command.file),
    command.parameters,
  );
  const { output } = command;
  if (output !== undefined) requireOutput(output);
  const destination = output === undefined ? undefined : destinationOf(command.file, output);

  const started = Date.now();
  const reporter = new TerminalReporter(screen, command);
  const folder = dirname(resolve(command.file));
  const going = startRun(notebook, forkKernel(kernelEntry(bundles), folder), reporter, command);
  const signals = stopOnSignals(going);
  let result: RunResult;
  try {
    result = await going.finished;
  } finally {
    reporter.close();
  }
  // Until the file is there: a signal between the run and the write must not lose the run.
  const written = destination?.();
  if (written !== undefined) writeAtomically(written, printAs(result.notebook, formatOf(written)));
  signals.release();
  if (written !== output)
    reporter.notes(`${command.file} was changed during the run and is left alone; see ${written} instead.`);

  const seconds = (Date.now() - started) / 1000;
  const isFine = result.outcome.kind === "completed";
  if (!isFine || !command.quiet) reporter.notes(`${command.file}: ${summary(result, seconds, written)}`);
  return result.outcome.kind === "stopped" ? signals.exitCode() : isFine ? exitCode.ok : exitCode.cellFailed;
}

function requireTypeScript(notebook: Notebook, file: string): Notebook {
  const { language_info: info, kernelspec: spec } = notebook.metadata;
  const language = nameIn(info, "name") ?? nameIn(spec, "language");
  if (language === undefined || /^(typescript|javascript)$/i.test(language)) return notebook;
  throw new UsageError(`${file} is written in ${language}; vaenb runs TypeScript and JavaScript`);
}

function nameIn(value: unknown, key: string): string | undefined {
  if (typeof value !== "object" || value === null || !(key in value)) return undefined;
  const name: unknown = Object.entries(value).find(([one]) => one === key)?.[1];
  return typeof name === "string" ? name : undefined;
}

function requireOutput(file: string): void {
  if (formatOf(file) === "percent") {
    throw new UsageError(`${file}: .ts files keep no outputs; write a .vaenb or .ipynb file, or none`);
  }
  prepareToWrite(file);
}

const forkKernel =
  (entry: string, folder: string): StartKernel =>
  (listener): KernelPort => {
    let died: Error | undefined;
    const onDeath = (death: Death): void => void (died = new KernelDied(death));
    const kernel = new KernelProcess({ entry, folder }, { ...listener, onDeath });
    return {
      execute: (cell) => kernel.request("execute", cell),
      answerInput: (input, value) =>
        void kernel.request("inputReply", value === undefined ? { input } : { input, value }).catch(() => {}),
      interrupt: () => kernel.interrupt(),
      kill: () => kernel.kill(),
      died: () => died,
      shutdown: () => kernel.shutdown(),
    };
  };

/** Ctrl-C stops the run, and again kills the kernel. A program that is asked to end does not wait for a second time. */
function stopOnSignals(going: NotebookRun): { release(): void; exitCode(): number } {
  let code: number = exitCode.interrupted;
  const interrupt = (): void => going.stop();
  const terminate = (): void => {
    code = exitCode.terminated;
    going.stop();
    setTimeout(() => going.stop(), 2000).unref();
  };
  process.on("SIGINT", interrupt).on("SIGTERM", terminate).on("SIGHUP", terminate);
  return {
    release: () => process.off("SIGINT", interrupt).off("SIGTERM", terminate).off("SIGHUP", terminate),
    exitCode: () => code,
  };
}
