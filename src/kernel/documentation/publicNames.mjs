// What the library's classes are called where people see their names: by the types that they implement.
import { readFile } from "node:fs/promises";

export const publicNames = {
  VaeModel: "Model",
  View: "Dataset",
  TrainTestPair: "TrainTest",
  LiveRun: "Run",
  StoppableRun: "Run",
};

const header = /^(?:export )?(?:abstract )?class (\w+)[^{]*\{/gm;

/**
 * A bundle's classes have names of the bundler's own where two modules use the same one, or a class names itself:
 * `_View`, `Run2`. Here each gets its name back. Only classes: naming every function, as the bundler offers, would cost
 * each closure of TensorFlow.js time. The symbol tells a class of ours from a person's own of the same name.
 * @type {import("esbuild").Plugin}
 */
export const namedClasses = {
  name: "named-classes",
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/]vae[\\/].*\.ts$/ }, async ({ path }) => ({
      loader: "ts",
      contents: (await readFile(path, "utf8")).replace(header, (text, name) => {
        const value = JSON.stringify(publicNames[name] ?? name);
        // On the same line: places in the source stay true.
        return `${text} static { Object.defineProperties(this, { name: { value: ${value} }, [Symbol.for("vaenb.class")]: { value: ${value} } }); }`;
      }),
    }));
  },
};
