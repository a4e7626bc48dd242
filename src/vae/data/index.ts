export { digits } from "./digits/digits";
export { fromArray } from "./fromArray";
export { idx } from "./idx";
export { fashionMnist, mnist } from "./mnist";
