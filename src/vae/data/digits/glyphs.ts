/**
 * The skeletons of the ten digits, as people write them: a digit has several forms, a form one or more strokes, and a
 * stroke is the points that the pen passes, with x to the right and y down, in a box of about 1 x 1. The pen goes
 * smoothly through a point unless it is a corner.
 */
export type ControlPoint = readonly [x: number, y: number, kind?: "corner"];
export type Stroke = readonly ControlPoint[];

export interface Form {
  /** How often people write the digit this way, relative to its other forms. */
  readonly weight: number;
  readonly strokes: readonly Stroke[];
}

/** A form from strokes written as points in hundredths, `x,y`, corners with an exclamation mark. */
const form = (weight: number, ...strokes: readonly string[]): Form => ({
  weight,
  strokes: strokes.map((stroke) =>
    stroke.split(" ").map((point) => {
      const [x = 0, y = 0] = point.split(",").map((number) => Number.parseInt(number, 10) / 100);
      return point.endsWith("!") ? [x, y, "corner"] : [x, y];
    }),
  ),
});

/** The forms of each digit: `forms[7]` are the sevens. */
export const forms: readonly (readonly Form[])[] = [
  // zero
  [
    form(3, "58,2 27,14 12,50 24,88 50,99 77,87 89,50 77,14 52,1 40,5"),
    form(1, "72,12 50,1 24,16 12,52 26,90 52,99 80,82 88,45 76,15 58,6"),
  ],
  // one
  [
    form(6, "50,0 50,34 50,67 50,100"),
    form(2, "30,22 42,12 52,0! 52,34 51,67 51,100"),
    form(0.7, "30,20 42,10 52,0! 52,34 51,67 51,98", "26,99 50,98 78,98"),
  ],
  // two
  [
    form(3, "12,24 28,5 56,0 80,15 79,36 56,64 12,97! 50,95 92,96"),
    form(3, "14,20 32,4 60,1 80,16 76,40 52,72 26,95 10,92 14,78 34,78 60,93 78,99 96,90"),
  ],
  // three
  [
    form(5, "16,12 42,1 74,8 78,27 60,43 40,48! 68,53 86,72 72,94 40,100 10,90"),
    form(2, "16,14 42,1 74,8 77,26 58,42 46,48 64,51 85,66 78,90 48,100 12,94"),
    form(0.6, "14,5 45,4 80,3! 60,23 42,42! 68,45 86,68 70,94 36,100 10,90"),
  ],
  // four
  [
    form(4, "22,4 17,30 13,54! 45,55 86,50", "78,2 72,35 68,70 65,100"),
    form(1.5, "24,4 16,28 20,50 42,55 66,44 80,24 84,4! 77,36 70,70 66,100"),
    form(1.5, "66,0 36,32 6,63! 50,63 95,62", "68,2 67,36 66,70 65,100"),
  ],
  // five
  [
    form(3, "86,3 58,3 30,5! 26,24 21,43! 50,38 79,50 84,74 65,95 36,100 8,91"),
    form(2, "32,7 28,24 26,42! 52,42 76,56 76,80 54,97 28,99 10,89", "32,7 60,5 92,2"),
  ],
  // six
  [
    form(3, "72,2 46,14 24,42 16,72 30,95 58,99 80,82 76,62 54,54 32,62 18,78"),
    form(2, "56,0 34,20 20,50 18,80 36,98 66,94 78,74 64,58 42,62 26,80"),
  ],
  // seven
  [
    form(4, "10,10 45,8 86,5! 70,36 55,68 44,100"),
    form(2, "10,24 13,9! 48,6 86,6! 66,38 53,68 48,100"),
    form(1.2, "10,8 45,7 86,4! 68,36 53,68 42,100", "32,54 55,51 82,49"),
  ],
  // eight
  [
    form(4, "76,13 50,1 25,14 30,34 54,49 76,68 74,89 48,100 22,89 24,68 50,48 72,30 79,14 70,4"),
    form(1.5, "50,46 27,34 28,12 52,1 74,13 73,34 50,47 25,64 24,87 50,99 77,86 75,62 50,46"),
  ],
  // nine
  [
    form(3, "76,14 54,2 27,14 20,36 40,50 64,40 77,16! 76,44 70,74 64,100"),
    form(2, "72,22 64,5 40,3 22,20 26,42 48,48 68,34 76,20 74,50 64,80 50,100"),
    form(1, "76,14 54,2 27,12 20,34 40,48 64,38 78,14! 79,50 70,86 46,100 22,92"),
  ],
];
