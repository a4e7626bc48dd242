import { tensorFigure, type TensorRecord } from "./figures/tensor";
import { display, type MimeBundle } from "./host";
import { isTensor } from "./models/requireShape";

/** How values that carry no display of their own are shown: tensors, by shape, type, range and first values. */
export function present(value: unknown): MimeBundle | undefined {
  if (!isTensor(value) || value.isDisposed) return undefined;
  const { shape, dtype } = value;
  return tensorFigure({ shape, dtype, values: valuesOf(value.dataSync()) })[display]();
}

/** tfjs types string tensors as lists of text, and complex ones as floats. */
function valuesOf(values: unknown): TensorRecord["values"] {
  if (values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint8Array)
    return values;
  return Array.isArray(values) ? values.map(String) : new Float32Array();
}
