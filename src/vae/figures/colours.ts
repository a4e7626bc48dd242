/**
 * Ten colours that stay apart on white and on dark backgrounds, also for people with any of the common colour vision
 * deficiencies. Found by searching sRGB for the ten whose nearest two are furthest apart in OKLab, under normal vision and
 * under simulated protanopia, deuteranopia and tritanopia (Machado et al. 2009), with a contrast of at least 1.8 to both;
 * ordered so that the first few are furthest apart.
 */
export const labelColours = [
  "#3f90da",
  "#ffa90e",
  "#bd1f01",
  "#832db6",
  "#48d8a8",
  "#909048",
  "#306060",
  "#c0a8ff",
  "#ff30a8",
  "#3048ff",
] as const;

/** The colour of a class or a run; with more than ten they repeat. */
export const colourOf = (index: number): string =>
  labelColours[index % labelColours.length] ?? labelColours[0];

/** Readable on white (3.9 : 1) and on black (5.3 : 1), for text and lines of charts whose background is unknown. */
export const neutral = "#808080";
export const faint = "rgba(128, 128, 128, 0.25)";
