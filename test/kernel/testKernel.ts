import { cpSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { Death } from "../../src/client/death";
import { KernelProcess } from "../../src/client/kernel";
import { NotebookOutputs, type Output } from "../../src/client/outputs";
import type { ErrorReport, Event, ExecuteResult } from "../../src/protocol/messages";

const entry = path.resolve(import.meta.dirname, "../../dist/kernel.cjs");
const folderTemplate = path.resolve(import.meta.dirname, "../fixtures/folder");

/** What running one cell came to. */
export interface CellEnd extends ExecuteResult {
  readonly cell: string;
  readonly outputs: readonly Output[];
  /** All that it printed, both streams in their order. */
  readonly printed: string;
  /** The text of its last expression's value. */
  readonly text: string | undefined;
  readonly error: ErrorReport | undefined;
}

/** A real kernel process in a folder of its own, and what it said. */
export class TestKernel {
  readonly events: Event[] = [];
  readonly outputs = new NotebookOutputs();
  readonly process: KernelProcess;
  death: Death | undefined;
  isUnresponsive = false;
  private counter = 0;

  constructor(
    readonly folder = temporaryFolder(),
    onEvent: (event: Event) => void = () => {},
    execArgv: readonly string[] = [],
  ) {
    this.process = new KernelProcess(
      { entry, folder, execArgv },
      {
        onEvent: (event) => {
          this.events.push(event);
          this.outputs.apply(event);
          onEvent(event);
        },
        onDeath: (death) => (this.death = death),
        onUnresponsive: () => (this.isUnresponsive = true),
      },
    );
  }

  async run(code: string, cell = `cell-${++this.counter}`): Promise<CellEnd> {
    const title = `Cell ${this.counter}`;
    const result = await this.process.request("execute", { cell, code, title });
    return { ...result, cell, ...this.shown(cell) };
  }

  shown(cell: string): Pick<CellEnd, "outputs" | "printed" | "text" | "error"> {
    const outputs = this.outputs.of(cell);
    const result = outputs.find((one) => one.type === "display" && one.isResult);
    const text = result?.type === "display" ? result.bundle["text/plain"] : undefined;
    return {
      outputs,
      printed: outputs.map((one) => (one.type === "stream" ? one.text : "")).join(""),
      text: typeof text === "string" ? text : undefined,
      error: outputs.flatMap((one) => (one.type === "error" ? [one.error] : [])).at(-1),
    };
  }

  /** Runs cells one after the other and gives the value's text of the last one; every one must end well. */
  async value(...cells: string[]): Promise<string | undefined> {
    let last: CellEnd | undefined;
    for (const code of cells) {
      last = await this.run(code);
      if (last.status !== "ok")
        throw new Error(`"${code}" ended as ${last.status}: ${last.error?.text ?? ""}`);
    }
    return last?.text;
  }

  async until(seen: (kernel: TestKernel) => boolean, patience = 5_000): Promise<void> {
    const end = Date.now() + patience;
    while (!seen(this)) {
      if (Date.now() > end) throw new Error("waited in vain");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async close(): Promise<void> {
    await this.process.shutdown();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A copy of the folder that the tests' notebooks stand in: modules, packages, a tsconfig. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "vaenb-test-"));
  cpSync(folderTemplate, folder, { recursive: true });
  return folder;
}

/** Starts a kernel for one test and closes it behind it. */
export async function withKernel<T>(use: (kernel: TestKernel) => Promise<T>): Promise<T> {
  const kernel = new TestKernel();
  try {
    return await use(kernel);
  } finally {
    await kernel.close();
  }
}

/** One kernel for all tests of a file, whose cells therefore have names of their own. */
export function kernelOfThisFile(): {
  readonly kernel: TestKernel;
  readonly value: TestKernel["value"];
} {
  const kernel = new TestKernel();
  beforeAll(() => kernel.process.ready);
  afterAll(() => kernel.close());
  return { kernel, value: (...cells) => kernel.value(...cells) };
}
