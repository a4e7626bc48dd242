/**
 * Ten colours that stay apart for people with any of the common colour vision deficiencies and on white and dark
 * backgrounds alike: the ten-colour sequence of Petroff, "Accessible Color Sequences for Data Visualization" (2021).
 */
export const labelColours = [
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

/** The colour of a class or a run; with more than ten they repeat. */
export const colourOf = (index: number): string =>
  labelColours[index % labelColours.length] ?? labelColours[0];

/** Readable on white (3.9 : 1) and on black (5.3 : 1), for text and lines of charts whose background is unknown. */
export const neutral = "#808080";
export const faint = "rgba(128, 128, 128, 0.25)";
