// Compiles AssemblyScript when somebody imports "./name.wasm": what lies beside it as assembly/name.ts. Both builds that
// read our sources use it, esbuild's and vitest's. There is no generated file to forget.
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const cache = join(import.meta.dirname, "..", "..", "..", ".cache", "wasm");
const flags = [
  "-O3",
  "--runtime",
  "stub",
  "--importMemory",
  "--noAssert",
  "--enable",
  "simd",
  "--use",
  "abort=",
];
const imported = /^\.\/\w+\.wasm$/;

/** Where the source of such a module lies: "./name.wasm" beside `folder`'s files is `folder`/assembly/name.ts. */
const sourceOf = (folder, path) => join(folder, "assembly", `${basename(path, ".wasm")}.ts`);

/** The WebAssembly module's bytes; kept under .cache by the hash of what they are made from. */
async function compiled(source) {
  const text = await readFile(source, "utf8");
  const name = basename(source, ".ts");
  const key = createHash("sha256").update(text).update(flags.join()).digest("hex").slice(0, 16);
  const kept = join(cache, `${name}-${key}.wasm`);
  return readFile(kept).catch(async () => {
    const binary = await compile(name, text);
    await mkdir(cache, { recursive: true });
    // Two builds may get here at once: each writes a file of its own and moves it into place whole.
    const mine = `${kept}.${process.pid}`;
    await writeFile(mine, binary);
    await rename(mine, kept);
    return Buffer.from(binary);
  });
}

async function compile(name, text) {
  const { default: asc } = await import("assemblyscript/asc");
  let binary;
  const { error, stderr } = await asc.main([`${name}.ts`, "--outFile", `${name}.wasm`, ...flags], {
    readFile: (path) => (path === `${name}.ts` ? text : null),
    writeFile: (path, contents) => {
      if (path === `${name}.wasm`) binary = contents;
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`${name} does not compile to WebAssembly:\n${stderr.toString()}`);
  return binary;
}

/** @type {import("esbuild").Plugin} */
export const esbuildAssembly = {
  name: "assembly",
  setup(build) {
    build.onResolve({ filter: imported }, ({ path, resolveDir }) => ({
      path: sourceOf(resolveDir, path),
      namespace: "assembly",
    }));
    build.onLoad({ filter: /./, namespace: "assembly" }, async ({ path }) => ({
      contents: await compiled(path),
      loader: "binary",
      watchFiles: [path],
    }));
  },
};

/** The same for vitest, which reads modules as Vite does. */
export const viteAssembly = {
  name: "assembly",
  enforce: /** @type {const} */ ("pre"),
  resolveId: (id, importer) =>
    importer && imported.test(id) ? `\0assembly:${sourceOf(dirname(importer), id)}` : undefined,
  async load(id) {
    if (!id.startsWith("\0assembly:")) return undefined;
    const base64 = (await compiled(id.slice("\0assembly:".length))).toString("base64");
    return `export default Uint8Array.from(atob("${base64}"), (c) => c.charCodeAt(0));`;
  },
};
