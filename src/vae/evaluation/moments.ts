/** Variances of columns, one row at a time, without the loss of digits of a sum of squares (Welford 1962). */
export class Moments {
  private readonly mean: Float64Array;
  private readonly squares: Float64Array;
  private rows = 0;

  constructor(private readonly columns: number) {
    this.mean = new Float64Array(columns);
    this.squares = new Float64Array(columns);
  }

  /** Takes in the first `count` rows of `[rows, columns]`. */
  add(values: Float32Array, count: number): void {
    for (let row = 0; row < count; row++) {
      this.rows += 1;
      for (let column = 0; column < this.columns; column++) {
        const value = values[row * this.columns + column] ?? NaN;
        const before = this.mean[column] ?? 0;
        const after = before + (value - before) / this.rows;
        this.mean[column] = after;
        this.squares[column] = (this.squares[column] ?? 0) + (value - before) * (value - after);
      }
    }
  }

  /** Variance of each column over the rows so far. */
  variances(): number[] {
    return Array.from(this.squares, (squares) => squares / this.rows);
  }
}
