/**
 * Stands for tfjs's WebGL backend in the bundle (see esbuild.mjs): it needs a browser, and costs every kernel start its
 * loading time. The union package asks for its version only.
 */
export const version_webgl = "none";
