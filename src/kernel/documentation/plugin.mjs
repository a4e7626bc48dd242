// Makes the library's documentation when somebody imports "vaenb-documentation". There is no generated file to forget.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../../..");
const library = path.join(root, "src/vae");
const cache = path.join(root, ".cache/documentation");

/** JSON; kept under .cache by the hash of what it is made from, for reading the library takes seconds. */
async function documentation() {
  const sources = (await readdir(library, { recursive: true })).filter((name) => name.endsWith(".ts")).sort();
  const own = ["extract.mjs", "publicNames.mjs"].map((name) => path.join(import.meta.dirname, name));
  const tools = path.resolve(import.meta.dirname, "../offered.ts");
  const files = [...own, tools, ...sources.map((name) => path.join(library, name))];
  const hash = createHash("sha256");
  for (const file of files) hash.update(await readFile(file));
  const kept = path.join(cache, `${hash.digest("hex").slice(0, 16)}.json`);
  const contents = await readFile(kept, "utf8").catch(async () => {
    const { extractDocumentation } = await import("./extract.mjs");
    const text = JSON.stringify(extractDocumentation());
    await mkdir(cache, { recursive: true });
    // Two builds may get here at once: each writes a file of its own and moves it into place whole.
    const mine = `${kept}.${process.pid}`;
    await writeFile(mine, text);
    await rename(mine, kept);
    return text;
  });
  return { contents: `module.exports = ${contents};`, watchFiles: files };
}

/** @type {import("esbuild").Plugin} */
export const esbuildDocumentation = {
  name: "documentation",
  setup(build) {
    build.onResolve({ filter: /^vaenb-documentation$/ }, ({ path }) => ({
      path,
      namespace: "documentation",
    }));
    build.onLoad({ filter: /.*/, namespace: "documentation" }, async () => ({
      ...(await documentation()),
      loader: "js",
    }));
  },
};
