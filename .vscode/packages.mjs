// Before the build of F5: installs the packages of package-lock.json where they are missing, or are others.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url));

/** The packages of a lock file with their versions; undefined where there is no such file. */
function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), "utf8")).packages;
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** npm leaves out what other platforms need, and notes what it has installed in a lock file of its own. */
function isInstalled() {
  const installed = packagesIn("node_modules/.package-lock.json");
  if (!installed) return false;
  return Object.entries(packagesIn("package-lock.json") ?? {}).every(
    ([name, { version, optional }]) => name === "" || optional || installed[name]?.version === version,
  );
}

if (!isInstalled()) {
  console.log("The packages that the build needs are not installed, or others are: npm install begins.");
  // npm is a script file on Windows, which needs a shell.
  const { status, error } = spawnSync("npm install", { cwd: root, stdio: "inherit", shell: true });
  if (status !== 0) {
    const why = error ? ` (${error.message})` : "";
    console.error(
      `\nThe packages could not be installed${why}; npm's reason is above. Is there a network here? ` +
        `Run "npm install" in ${path.resolve(root)} until it succeeds, then press F5 again.`,
    );
    process.exitCode = 1;
  }
}
