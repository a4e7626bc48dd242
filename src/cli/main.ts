#!/usr/bin/env node
import { readFileSync } from "node:fs";
import path from "node:path";
import { readCommandLine } from "./commandLine";
import { help, overview } from "./help";
import { exitCode, UsageError } from "./usageError";

/** The program `vaenb`. Each command's code is loaded when it is asked for. */
async function main(words: readonly string[]): Promise<number> {
  const command = readCommandLine(words);
  switch (command.name) {
    case "help":
      process.stdout.write(command.about === undefined ? overview : help[command.about]);
      return exitCode.ok;
    case "version":
      process.stdout.write(`${version()}\n`);
      return exitCode.ok;
    case "run": {
      const { run } = await import("./run");
      return run(command, __dirname, process);
    }
    case "export": {
      const { exportFile } = await import("./export");
      const told = exportFile(command, __dirname, (text) => process.stdout.write(text));
      if (told !== undefined) process.stderr.write(`${told}\n`);
      return exitCode.ok;
    }
    case "engine": {
      const { installEngine } = await import("./engine");
      return installEngine(command, __dirname);
    }
  }
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(path.join(__dirname, "..", "package.json"), "utf8"));
  const isManifest = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return isManifest ? String(manifest.version) : "unknown";
}

// Whoever reads us may go away (`vaenb run ... | head`); a run that writes a file goes on without them.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const text =
      error instanceof UsageError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`vaenb: ${text}\n`);
    process.exitCode = error instanceof UsageError ? exitCode.usage : exitCode.cellFailed;
  },
);
