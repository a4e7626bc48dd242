import type { Shape } from "../engine/engine";
import { sameShape, size } from "./layers/layer";
import { convTranspose, dense, reshape, type Layer, type Size, type TransposedSettings } from "./layers/spec";

/**
 * The decoder that undoes an encoder layer by layer, last layer first: dense layers keep their width, convolutions
 * become transposed ones, pooling becomes upsampling. `shapes[i]` is what encoder layer `i` takes.
 */
export function mirrored(encoder: readonly Layer[], shapes: readonly Shape[]): Layer[] {
  const decoder: Layer[] = [];
  let current: Shape | undefined;
  // Channels may differ from the encoder's: the mirrored layer before gave as many as its own filters.
  const restore = (shape: Shape): void => {
    if (current?.length === 3 && sameShape(current.slice(0, 2), shape.slice(0, 2))) return;
    decoder.push(dense(size(shape)), reshape(shape));
    current = shape;
  };
  for (let index = encoder.length - 1; index >= 0; index--) {
    const layer = encoder[index];
    const taken = shapes[index];
    const given = shapes[index + 1];
    if (layer === undefined || taken === undefined || given === undefined) continue;
    switch (layer.layer) {
      case "dense":
        decoder.push(layer);
        current = given;
        break;
      case "conv":
        restore(given);
        decoder.push({ ...layer, layer: "convTranspose", size: sizeOf(taken) });
        current = [...sizeOf(taken), layer.filters];
        break;
      case "convTranspose":
        restore(given);
        decoder.push(convolutionOf(layer));
        current = [...sizeOf(taken), layer.filters];
        break;
      case "maxPool":
      case "averagePool":
        restore(given);
        decoder.push({ layer: "upsample", factor: layer.window, size: sizeOf(taken) });
        current = [...sizeOf(taken), current?.at(-1) ?? 1];
        break;
      case "upsample":
        restore(given);
        decoder.push({ layer: "averagePool", window: layer.factor });
        current = [...sizeOf(taken), current?.at(-1) ?? 1];
        break;
      case "batchNorm":
      case "layerNorm":
      case "dropout":
      case "activation":
        if (current !== undefined) decoder.push(layer);
        break;
      case "flatten":
      case "reshape":
        break;
    }
  }
  return decoder;
}

const sizeOf = ([rows = 1, columns = 1]: Shape): Size => [rows, columns];

const convolutionOf = ({ size: _, ...settings }: TransposedSettings): Layer => ({
  ...settings,
  layer: "conv",
});

/** The layers between the decoder's last one and the likelihood: an output of the input's shape, without activation. */
export function outputLayers(decoded: Shape, input: Shape): Layer[] {
  const [height, width, channels] = input;
  const isImage = input.length === 3 && decoded.length === 3;
  if (isImage && decoded[0] === height && decoded[1] === width && channels !== undefined)
    return [convTranspose(channels, { stride: 1, activation: "linear" })];
  const vector = dense(size(input), { activation: "linear" });
  return input.length === 1 ? [vector] : [vector, reshape(input)];
}
