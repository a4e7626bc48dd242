/** How a graph's inputs and outputs are named: by what they are and their name in the model. */
export const inputName = (name: string): string => `input/${name}`;
export const weightName = (name: string): string => `weight/${name}`;
export const gradientName = (name: string): string => `gradient/${name}`;
export const outputName = (name: string): string => `output/${name}`;

/** All weights and all gradients, as they lie in memory. */
export const allWeights = "weights";
export const allGradients = "gradients";

/** The model's own name for something of the given kind, nothing for another kind. */
export const bareName = (
  kind: "input" | "weight" | "gradient" | "output",
  name: string,
): string | undefined => (name.startsWith(`${kind}/`) ? name.slice(kind.length + 1) : undefined);
