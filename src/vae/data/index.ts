/** Datasets: `import { data } from "vaenb"`. */
export { csv, type Column, type CsvOptions } from "./csv";
export type { Batch, Dataset, Factor, Labels, TrainTest, ValueRange } from "./dataset";
export { digits, type DigitsOptions } from "./digits/digits";
export { fromArray, type FromArrayOptions, type Nested } from "./fromArray";
export { idx, type IdxOptions } from "./idx";
export { images, type ImagesOptions } from "./images";
export type { LocateOptions } from "./locate";
export { fashionMnist, mnist } from "./mnist";
export { sprites, type SpritesOptions } from "./sprites";
