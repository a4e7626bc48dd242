import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const program = join(root, "dist/cli.cjs");
export const newFolder = (): string => mkdtempSync(join(tmpdir(), "vaenb-cli-"));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A started program: the built bundle in a process of its own. */
export interface Started {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when this text is on standard output. */
  prints(text: string): Promise<void>;
}

export function start(
  words: readonly string[],
  { cwd = root, input = "", env = {} }: { cwd?: string; input?: string; env?: Record<string, string> } = {},
): Started {
  const child = spawn(process.execPath, [program, ...words], { cwd, env: { ...process.env, ...env } });
  const output = { stdout: "", stderr: "" };
  const waiting = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      waiting.forEach((check) => check());
    });
  }
  child.stdin.end(input);
  const ended = new Promise<Ended>((resolve) => child.on("close", (code) => resolve({ code, ...output })));
  const prints = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        if (output.stdout.includes(text)) resolve();
      };
      waiting.add(check);
      check();
      void ended.then(({ stderr }) =>
        reject(new Error(`the program ended and did not print "${text}": ${stderr}`)),
      );
    });
  return { process: child, ended, prints };
}

export const vaenb = (...words: readonly string[]): Promise<Ended> => start(words).ended;

/** The processes that a process has forked and that still exist, zombies too. Linux only. */
export function childrenOf(pid: number): number[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, "utf8")) ?? [];
      return Number(parent) === pid ? [Number(name)] : [];
    } catch {
      return []; // It ended while we looked.
    }
  });
}

export const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
