// Builds every bundle into dist/, in about a second; `--watch` rebuilds on change.
import { copyFile, mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { build, context } from "esbuild";
import { esbuildDocumentation } from "./src/kernel/documentation/plugin.mjs";
import { namedClasses } from "./src/kernel/documentation/publicNames.mjs";
import { rendererBundle } from "./src/renderer/bundle.mjs";
import { pageBundle } from "./src/renderer/page/bundle.mjs";
import { esbuildAssembly } from "./src/vae/wasm/plugin.mjs";

/**
 * The compiled WebAssembly code of TensorFlow.js throws what nobody caught out of process listeners of its own, which ends
 * the process, and later removes everybody's. Errors are the kernel's to report.
 */
const wasmWithoutListeners = {
  name: "wasm-without-listeners",
  setup(build) {
    build.onLoad({ filter: /tfjs-backend-wasm[\\/]wasm-out[\\/].*\.js$/ }, async ({ path: file }) => ({
      contents: (await readFile(file, "utf8"))
        .replace(/process\["on"\]\(("uncaughtException"|"unhandledRejection"),/g, "void ($1,")
        .replaceAll("process.removeListener(", "void ("),
      loader: "js",
    }));
  },
};

/** @type {import("esbuild").BuildOptions} */
const node = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  outdir: "dist",
  outExtension: { ".js": ".cjs" },
  sourcemap: "linked",
  sourcesContent: false,
  logLevel: "warning",
  plugins: [esbuildAssembly, wasmWithoutListeners],
  // Native or heavy packages stay packages: they are found in node_modules at run time.
  external: ["esbuild", "onnxruntime-node", "@tensorflow/tfjs-node", "vscode"],
};

const bundles = [
  {
    ...node,
    entryPoints: {
      kernel: "src/kernel/main.ts",
      listener: "src/kernel/listener.ts",
      cli: "src/cli/main.ts",
      "engine-install": "src/vae/engine/install/index.ts",
    },
  },
  {
    ...node,
    entryPoints: { vae: "src/vae/index.ts" },
    plugins: [...node.plugins, namedClasses],
    // TensorFlow.js as ES modules: one instance of its core for all its parts, and half the loading time.
    mainFields: ["module", "main"],
    alias: { "@tensorflow/tfjs-backend-webgl": "./src/vae/engine/eager/withoutWebgl.ts" },
  },
  // What the library says of itself, for hover and completion.
  {
    ...node,
    entryPoints: { documentation: "vaenb-documentation" },
    plugins: [esbuildDocumentation],
    sourcemap: false,
    minify: true,
  },
  { ...node, entryPoints: { extension: "src/extension/extension.ts" } },
  // Loaded by the command line and the extension when somebody exports.
  { ...node, entryPoints: { export: "src/export/index.ts" }, minify: true },
  rendererBundle,
  pageBundle,
];

// tfjs's wasm backend reads these from beside the bundle.
const wasmFolder = "node_modules/@tensorflow/tfjs-backend-wasm/dist";
await mkdir("dist", { recursive: true });
for (const name of ["tfjs-backend-wasm-simd.wasm", "tfjs-backend-wasm.wasm"]) {
  await copyFile(`${wasmFolder}/${name}`, `dist/${name}`);
}

if (process.argv.includes("--watch")) {
  for (const options of bundles) await (await context({ ...options, logLevel: "info" })).watch();
} else {
  const started = Date.now();
  const built = await Promise.all(bundles.map((options) => build({ ...options, metafile: true })));
  await sweep(
    "dist/renderer",
    new Set(built.flatMap(({ metafile }) => Object.keys(metafile.outputs))),
    started,
  );
}

/** Takes away what earlier builds left: parts have new names when they change. Not what a build beside this one makes. */
async function sweep(folder, made, started) {
  for (const name of await readdir(folder)) {
    const file = `${folder}/${name}`;
    if (made.has(file)) continue;
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Infinity }));
    if (mtimeMs < started - 60_000) await rm(file, { force: true });
  }
}
