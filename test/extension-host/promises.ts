import { writeFileSync } from "node:fs";
import * as vscode from "vscode";

/** How one promise was kept; the runner outside reads these. */
export interface Outcome {
  readonly name: string;
  readonly milliseconds: number;
  readonly error?: string;
  /** What went wrong before the last attempt. */
  readonly earlier: readonly string[];
}

const promises: { readonly name: string; readonly body: () => Promise<void> }[] = [];
const PATIENCE = 120_000;
/** How often a promise is tried: a machine that many share can hold up an editor for longer than anybody waits. */
const tries = Number(process.env.VAENB_TEST_TRIES ?? 1);

export function promise(name: string, body: () => Promise<void>): void {
  promises.push({ name, body });
}

/** Keeps them one after the other; between them every editor is closed. Tells the outcomes in a file after each. */
export async function keepPromises(file: string): Promise<void> {
  const outcomes: Outcome[] = [];
  const only = process.env.VAENB_HOST_ONLY; // To work at one of them.
  const chosen = promises.filter(({ name }) => only === undefined || new RegExp(only).test(name));
  for (const { name, body } of chosen) {
    const start = performance.now();
    const earlier: string[] = [];
    let error = await attempt(body);
    while (error !== undefined && earlier.length < tries - 1) {
      earlier.push(error);
      error = await attempt(body);
    }
    outcomes.push({
      name,
      milliseconds: performance.now() - start,
      ...(error === undefined ? {} : { error }),
      earlier,
    });
    writeFileSync(file, JSON.stringify({ expected: chosen.map((one) => one.name), outcomes }));
  }
}

/** What went wrong, if anything did. It leaves no editor open. */
async function attempt(body: () => Promise<void>): Promise<string | undefined> {
  const error = await inTime(body).catch(textOf);
  await closeEverything();
  return error;
}

async function inTime(body: () => Promise<void>): Promise<undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it was not kept in ${PATIENCE / 1000} s`)), PATIENCE);
  });
  try {
    await Promise.race([body(), late]);
  } finally {
    clearTimeout(timer);
  }
  return undefined;
}

const textOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

async function closeEverything(): Promise<void> {
  for (
    let tries = 0;
    vscode.window.tabGroups.all.some((group) => group.tabs.length > 0) && tries < 20;
    tries++
  )
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
}

/** Asks again until the answer is a yes, and gives it back. */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  patience = 60_000,
): Promise<NonNullable<T>> {
  const start = performance.now();
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() - start > patience) throw new Error(`waited ${patience / 1000} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
