// Compiles the optimizers from AssemblyScript when somebody imports "optimizers.wasm", in both builds that read our
// sources: esbuild's and vitest's. There is no generated file to forget.
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

const source = join(import.meta.dirname, "assembly", "optimizers.ts");
const cache = join(import.meta.dirname, "..", "..", "..", "..", ".cache", "wasm");
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

/** The WebAssembly module's bytes; kept under .cache by the hash of what they are made from. */
export async function compileOptimizers() {
  const text = await readFile(source, "utf8");
  const key = createHash("sha256").update(text).update(flags.join()).digest("hex").slice(0, 16);
  const kept = join(cache, `optimizers-${key}.wasm`);
  return readFile(kept).catch(async () => {
    const binary = await compile(text);
    await mkdir(cache, { recursive: true });
    // Two builds may get here at once: each writes a file of its own and moves it into place whole.
    const mine = `${kept}.${process.pid}`;
    await writeFile(mine, binary);
    await rename(mine, kept);
    return Buffer.from(binary);
  });
}

async function compile(text) {
  const { default: asc } = await import("assemblyscript/asc");
  let binary;
  const { error, stderr } = await asc.main(["optimizers.ts", "--outFile", "optimizers.wasm", ...flags], {
    readFile: (name) => (name === "optimizers.ts" ? text : null),
    writeFile: (name, contents) => {
      if (name === "optimizers.wasm") binary = contents;
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`the optimizers do not compile:\n${stderr.toString()}`);
  return binary;
}

/** @type {import("esbuild").Plugin} */
export const esbuildOptimizers = {
  name: "optimizers",
  setup(build) {
    build.onLoad({ filter: /optimizers\.wasm$/ }, async () => ({
      contents: await compileOptimizers(),
      loader: "binary",
      watchFiles: [source],
    }));
    build.onResolve({ filter: /optimizers\.wasm$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path),
    }));
  },
};

/** The same for vitest, which reads modules as Vite does. */
export const viteOptimizers = {
  name: "optimizers",
  enforce: /** @type {const} */ ("pre"),
  resolveId: (id) => (id.endsWith("optimizers.wasm") ? "\0optimizers.wasm" : undefined),
  async load(id) {
    if (id !== "\0optimizers.wasm") return undefined;
    const base64 = (await compileOptimizers()).toString("base64");
    return `export default Uint8Array.from(atob("${base64}"), (c) => c.charCodeAt(0));`;
  },
};
