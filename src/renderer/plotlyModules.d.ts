/** The little of plotly.js that is used here: its own types pull in thousands of lines that nothing here needs. */
declare module "plotly.js/lib/core" {
  // An ambient module cannot hold a relative import statement.
  // eslint-disable-next-line @typescript-eslint/consistent-type-imports
  const plotly: import("./plotly").Plotly & { register(modules: readonly unknown[]): void };
  export default plotly;
}
declare module "plotly.js/lib/*" {
  const trace: unknown;
  export default trace;
}
