import type { BuildOptions } from "esbuild";

export const pageBundle: BuildOptions;
