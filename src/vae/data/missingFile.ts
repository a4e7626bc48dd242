import { resolve } from "node:path";

const code = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : undefined;

export const isMissing = (error: unknown): boolean => code(error) === "ENOENT";

/** For an error that says that a file is not there (or is a folder, or locked): one that says where it was looked for. */
export function missingFile(error: unknown, path: string): Error | undefined {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "does not exist",
    EISDIR: "is a folder, not a file",
    ENOTDIR: "is a file, not a folder",
    EACCES: "may not be read by you",
  };
  const reason = reasons[String(code(error))];
  if (reason === undefined) return undefined;
  const absolute = resolve(path);
  const seen = absolute === path ? "" : ` (relative paths start at ${process.cwd()})`;
  return new Error(`${absolute} ${reason}. Check the path${seen}.`, { cause: error });
}
