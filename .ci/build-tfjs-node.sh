#!/usr/bin/env bash
# Puts tfjs-node where the tests look for it (VAENB_HOME), so that they run on it too: the download first, then a build on
# the TensorFlow wheel that pip finds. Where neither works it says why and succeeds: the engine is optional, and the tests
# that need it say that they were skipped.
set -u
cd "$(dirname "$0")/.."
: "${VAENB_HOME:?names the folder to install into}"

[ -f dist/engine-install.cjs ] || node esbuild.mjs || exit 1

exec node -e '
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const { installTfjsNode, tfjsNodeFolder } = require("./dist/engine-install.cjs");

const binding = "node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node";
const progress = ({ phase, text }) => phase !== "compile" && console.log("  " + phase + ": " + text);

async function main() {
  if (existsSync(join(tfjsNodeFolder(), binding))) return "already in " + tfjsNodeFolder();
  const failures = [];
  for (const options of [{}, { build: true }]) {
    try {
      const { folder, tensorflow } = await installTfjsNode({ ...options, progress });
      return (options.build ? "built" : "installed") + " in " + folder + ", TensorFlow " + tensorflow;
    } catch (error) {
      failures.push((options.build ? "build: " : "download: ") + error.message.split("\n").slice(0, 3).join(" "));
    }
  }
  return "SKIPPED, its tests will not run here.\n  " + failures.join("\n  ");
}
main().then((outcome) => console.log("tfjs-node: " + outcome));
'
