/**
 * What views lack that an older version wrote into a notebook. Fields are added to a view's data with a default here, so
 * that every notebook that was ever saved is drawn; data that no default could complete get a new MIME type.
 */

/** The colours in which older versions drew classes and runs, and did not write down. */
const formerColours = [
  "#3f90da",
  "#ffa90e",
  "#bd1f01",
  "#94a4a2",
  "#832db6",
  "#a96b59",
  "#e76300",
  "#b9ac70",
  "#717581",
  "#92dadd",
] as const;

const formerColour = (index: number): string =>
  formerColours[index % formerColours.length] ?? formerColours[0];

export const classColours = (classes: readonly string[]): readonly string[] =>
  classes.map((_, label) => formerColour(label));

/** A run alone has a colour for each of its curves; runs that are compared have one each. */
export const curveColours = (run: number, runs: number): { training: string; validation: string } => ({
  training: formerColour(run),
  validation: formerColour(runs === 1 ? 1 : run),
});

/** What was said of examples without a place by the views of older versions, which got no word of it. */
export const formerWhyMissing =
  "the encoder gives NaN or infinity there. The data may hold a NaN, or the training diverged.";
