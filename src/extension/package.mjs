// Makes the VSIX: `npm run package` for this platform, `npm run package -- --target darwin-arm64` for another one.
// What runs on people's machines is put together in .cache/package/TARGET first, with one platform's native code only.
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { createVSIX } from "@vscode/vsce";
import { build } from "esbuild";
import { rendererBundle } from "../renderer/bundle.mjs";

const root = path.resolve(import.meta.dirname, "../..");
const targets = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "win32-x64", "win32-arm64"];
const { values } = parseArgs({
  options: {
    target: { type: "string", default: `${process.platform}-${process.arch}` },
    out: { type: "string" },
  },
});
const { target } = values;
if (!targets.includes(target)) {
  console.error(`There is no target "${target}". Targets are ${targets.join(", ")}.`);
  process.exit(2);
}

const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
const stage = path.join(root, ".cache/package", target);
const packages = path.join(stage, "dist/node_modules");
rmSync(stage, { recursive: true, force: true });
mkdirSync(packages, { recursive: true });

stageOwnFiles();
await stageRenderer();
stageEsbuild();
stageOnnxRuntime();
const plugin = stageTypeScriptPlugin();
stageManifest({ dependencies: { [plugin.name]: plugin.version } });
const file = values.out ?? path.join(root, `${manifest.name}-${target}-${manifest.version}.vsix`);
await createVSIX({ cwd: stage, packagePath: file, target, rewriteRelativeLinks: false });
console.log(`${path.relative(process.cwd(), file)}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);

function stageOwnFiles() {
  for (const name of ["README.md", "CHANGELOG.md", "LICENSE", ".vscodeignore", "media"]) {
    if (existsSync(path.join(root, name))) copy(name, name);
  }
  const ours = readdirSync(path.join(root, "dist")).filter(
    (name) => (name.endsWith(".cjs") || name.endsWith(".wasm")) && name !== "cli.cjs",
  );
  for (const name of ours) {
    copy(`dist/${name}`, `dist/${name}`);
    if (name.endsWith(".cjs")) dropMapLink(path.join(stage, "dist", name));
  }
  copy("dist/page", "dist/page");
}

/** Nothing is installed when the extension is: what it needs is in dist/, but for what the editor's own programs look for. */
function stageManifest({ dependencies }) {
  const {
    dependencies: _a,
    devDependencies: _b,
    scripts: _c,
    private: _d,
    bin: _e,
    files: _f,
    ...published
  } = manifest;
  writeFileSync(path.join(stage, "package.json"), JSON.stringify({ ...published, dependencies }, null, 2));
}

/** The editor's TypeScript server finds its plugins by name in the node_modules of extensions, nowhere else. */
function stageTypeScriptPlugin() {
  const [{ name }] = manifest.contributes.typescriptServerPlugins;
  copy("src/extension/typescript", `node_modules/${name}`);
  return JSON.parse(readFileSync(path.join(stage, "node_modules", name, "package.json"), "utf8"));
}

/** Source maps stay at home: they are larger than the code. */
function dropMapLink(file) {
  writeFileSync(file, readFileSync(file, "utf8").replace(/\n\/\/# sourceMappingURL=.*\n?$/, "\n"));
}

/** Built anew: dist/ keeps the parts of earlier builds beside those of this one. */
function stageRenderer() {
  return build({ ...rendererBundle, absWorkingDir: root, outdir: path.join(stage, "dist/renderer") });
}

function stageEsbuild() {
  const { version } = JSON.parse(readFileSync(path.join(root, "node_modules/esbuild/package.json"), "utf8"));
  for (const name of ["package.json", "lib/main.js", "LICENSE.md"]) {
    copy(`node_modules/esbuild/${name}`, `dist/node_modules/esbuild/${name}`);
  }
  const name = `@esbuild/${target}`;
  const from = existsSync(path.join(root, "node_modules", name))
    ? `node_modules/${name}`
    : fetchPackage(name, version);
  copy(from, `dist/node_modules/${name}`);
}

/** The unpacked package of another platform, from the registry that npm is set up with. */
function fetchPackage(name, version) {
  const folder = `.cache/packages/${name.replaceAll("/", "-")}-${version}`;
  const absolute = path.join(root, folder);
  if (existsSync(path.join(absolute, "package/package.json"))) return `${folder}/package`;
  mkdirSync(absolute, { recursive: true });
  const shell = process.platform === "win32";
  execFileSync("npm", ["pack", `${name}@${version}`, "--silent"], { cwd: absolute, shell });
  const archive = readdirSync(absolute).find((file) => file.endsWith(".tgz"));
  execFileSync("tar", ["-xzf", archive], { cwd: absolute });
  return `${folder}/package`;
}

function stageOnnxRuntime() {
  const [platform, arch] = target.split("-");
  const native = `bin/napi-v6/${platform}/${arch}`;
  if (!existsSync(path.join(root, "node_modules/onnxruntime-node", native))) return stageNoOnnxRuntime();
  for (const name of ["onnxruntime-node", "onnxruntime-common"]) {
    copy(`node_modules/${name}/package.json`, `dist/node_modules/${name}/package.json`);
    const code = name === "onnxruntime-node" ? "dist" : "dist/cjs";
    copy(
      `node_modules/${name}/${code}`,
      `dist/node_modules/${name}/${code}`,
      (file) => !/\.(map|d\.ts)$/.test(file),
    );
  }
  // DirectML and the shader compiler serve graphics cards, and load only when one is asked for. The versioned name of
  // the macOS library is a second copy of what the binding loads.
  const unused = /^(DirectML|dxcompiler|dxil)\.dll$|^libonnxruntime\.\d+\.\d+\.\d+\.dylib$/;
  copy(
    `node_modules/onnxruntime-node/${native}`,
    `dist/node_modules/onnxruntime-node/${native}`,
    (file) => !unused.test(path.basename(file)),
  );
}

/** Where there is no library, the engine hears why, tells it, and trains on TensorFlow.js. */
function stageNoOnnxRuntime() {
  console.warn(
    `ONNX Runtime has no library for ${target}: there, models train on TensorFlow.js, more slowly.`,
  );
  const folder = path.join(packages, "onnxruntime-node");
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "package.json"), '{ "name": "onnxruntime-node", "main": "index.js" }\n');
  const why = `ONNX Runtime, which it is built on, has no library for this platform (${target}).`;
  writeFileSync(path.join(folder, "index.js"), `throw new Error(${JSON.stringify(why)});\n`);
}

function copy(from, to, filter = () => true) {
  cpSync(path.join(root, from), path.join(stage, to), { recursive: true, filter: (file) => filter(file) });
}
