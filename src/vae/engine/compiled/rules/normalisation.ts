import { add, like, multiply, subtract, unary } from "../operations";
import type { RuleTable } from "./rule";

export const normalisation: RuleTable = {
  FusedBatchNorm: (inputs, attributes) => {
    const [x, mean, variance] = [inputs.get("x"), inputs.get("mean"), inputs.get("variance")];
    const deviation = unary(
      "Sqrt",
      add(variance, like(variance, attributes.number("varianceEpsilon", 1e-3))),
    );
    const inverse = unary("Reciprocal", deviation);
    const scale = inputs.optional("scale");
    const offset = inputs.optional("offset");
    const normal = multiply(subtract(x, mean), scale ? multiply(inverse, scale) : inverse);
    return offset ? add(normal, offset) : normal;
  },
};
