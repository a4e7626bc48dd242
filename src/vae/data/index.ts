export { digits } from "./digits/digits";
export { fromArray } from "./fromArray";
