/** A module beside the notebook: cells import it by its relative path. */
export const double = (value: number): number => 2 * value;
