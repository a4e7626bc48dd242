/** What `vaenb engine install` calls; bundled by itself, since it needs neither TensorFlow.js nor the rest of the library. */
export { tfjsNodeFolder } from "./dataFolder";
export { installTfjsNode, type InstallOptions, type InstallProgress, type Installed } from "./tfjsNode";
