import { spawn } from "node:child_process";

export interface CommandOptions {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Takes each line that the command prints. */
  readonly line?: (text: string) => void;
  /** Ends the command when it has printed nothing for so long: a blocked download often just waits. */
  readonly silence?: number;
}

/** How an installation runs programs; a test passes its own. Resolves to what the program printed. */
export type RunCommand = (
  program: string,
  args: readonly string[],
  options?: CommandOptions,
) => Promise<string>;

export class CommandError extends Error {
  override readonly name = "CommandError";

  constructor(
    readonly program: string,
    reason: string,
    /** The last lines that it printed. */
    readonly output: string,
  ) {
    super(`${program} ${reason}${output ? `:\n${output}` : "."}`);
  }
}

/** Runs a program to its end. @throws CommandError if it is missing, fails, or falls silent. */
export const runCommand: RunCommand = (program, args, { cwd, environment, line, silence } = {}) =>
  new Promise((resolve, reject) => {
    // npm is a script on Windows, which only a shell starts.
    const shell = process.platform === "win32" && program === "npm";
    const child = spawn(program, args, {
      ...(cwd !== undefined && { cwd }),
      env: { ...process.env, ...environment },
      shell,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let printed = "";
    let silent = false;
    let timer: NodeJS.Timeout | undefined;
    const tail = () => printed.trim().split("\n").slice(-30).join("\n");
    const listen = () => {
      clearTimeout(timer);
      if (silence === undefined) return;
      timer = setTimeout(() => {
        silent = true;
        child.kill("SIGKILL");
      }, silence);
    };
    const hear = (chunk: Buffer) => {
      listen();
      const text = chunk.toString();
      printed += text;
      for (const part of text.split(/[\r\n]+/)) if (part.trim()) line?.(part.trim());
    };
    listen();
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(new CommandError(program, `does not start (${error.message})`, ""));
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(printed);
      else if (silent)
        reject(
          new CommandError(
            program,
            `said nothing for ${String((silence ?? 0) / 1000)} seconds and was ended`,
            tail(),
          ),
        );
      else reject(new CommandError(program, `ended with ${signal ?? `code ${String(code)}`}`, tail()));
    });
  });
