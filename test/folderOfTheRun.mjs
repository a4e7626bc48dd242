import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** What tests write lies in one folder, which goes when they have ended: a run leaves nothing behind. */
export default function folderOfTheRun() {
  const folder = mkdtempSync(path.join(realpathSync(os.tmpdir()), "vaenb-"));
  for (const name of ["TMPDIR", "TMP", "TEMP"]) process.env[name] = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
