/** Node's Buffer, which a dependency of plotly.js asks for and never uses in a browser. */
export const Buffer = undefined;
