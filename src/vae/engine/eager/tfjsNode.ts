import { existsSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { join } from "node:path";
import util from "node:util";
import * as tf from "@tensorflow/tfjs";
import { tfjsNodeFolder } from "../install/dataFolder";

const packageName = "@tensorflow/tfjs-node";

/** What tfjs-node registers itself as. */
export const tfjsNodeBackend = "tensorflow";

/**
 * The folder to load tfjs-node from: the notebook's own node_modules first, then the user's data folder; `undefined`
 * where it is in neither, or only without its native binding (npm blocks install scripts).
 */
export function findTfjsNode(
  from: readonly string[] = [process.cwd(), tfjsNodeFolder()],
): string | undefined {
  return from.find((folder) => {
    try {
      const manifest = requireFrom(folder).resolve(`${packageName}/package.json`);
      return existsSync(join(manifest, "..", "lib", "napi-v8", "tfjs_binding.node"));
    } catch {
      return false;
    }
  });
}

/**
 * Loads tfjs-node from a folder into *our* tfjs: it asks for "@tensorflow/tfjs" and is given the instance that cells
 * and engines use, instead of a second copy whose tensors are strangers to it.
 *
 * @throws Error if its native library does not load on this machine.
 */
export function loadTfjsNode(folder: string): void {
  // Removed in Node 23, and used by tfjs-node 4.22 in every operation.
  const legacyUtil: { isNullOrUndefined?: (value: unknown) => boolean } = util;
  legacyUtil.isNullOrUndefined ??= (value) => value === null || value === undefined;
  // TensorFlow tells about its CPU features on stderr otherwise.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";

  const fromFolder = requireFrom(folder);
  const fromTfjsNode = createRequire(fromFolder.resolve(packageName));
  const ours = {
    ...tf,
    KernelBackend: callable(tf.KernelBackend),
    CustomCallback: callable(tf.CustomCallback),
  };
  // One of its kernels asks for the core by name.
  for (const request of ["@tensorflow/tfjs", "@tensorflow/tfjs-core"]) {
    const path = fromTfjsNode.resolve(request);
    if (fromFolder.cache[path]) continue;
    const seeded = new Module(path);
    seeded.exports = ours;
    seeded.loaded = true;
    fromFolder.cache[path] = seeded;
  }
  const before = tf.getBackend();
  fromFolder(packageName);
  // Loading it makes it the current backend; whether it should be is not its decision.
  if (before) void tf.setBackend(before);
}

/**
 * tfjs-node's classes were compiled to ES5, where a subclass calls its parent as a function; ours may be real classes,
 * which refuse that.
 */
function callable<T extends abstract new (...args: never[]) => object>(parent: T): T {
  return new Proxy(parent, {
    apply: (target, self: object, args: unknown[]): unknown =>
      Reflect.construct(target, args, self.constructor),
  });
}

const requireFrom = (folder: string): NodeJS.Require => createRequire(join(folder, "package.json"));
