import type { Shape, Values } from "../engine";
import { sizeOf } from "./graph";

/** Checks that a run gets what its function declared. */
export function checkInputs(
  functionName: string,
  declared: Readonly<Record<string, Shape>>,
  inputs: Values,
): void {
  for (const [name, shape] of Object.entries(declared)) {
    const values = inputs[name];
    if (!values) throw new Error(`${functionName} needs an input "${name}" of shape [${shape.join(", ")}]`);
    const size = sizeOf(shape);
    if (values.length !== size)
      throw new Error(
        `${functionName}: input "${name}" of shape [${shape.join(", ")}] needs ${size} values, got ${values.length}`,
      );
  }
}
