/** What is wrong with a cell's header, and where in its line. */
export class PercentHeaderError extends Error {
  override readonly name = "PercentHeaderError";
  constructor(
    readonly problem: string,
    readonly offset: number,
  ) {
    super(problem);
  }
}
