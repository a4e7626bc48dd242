/** What is on its way to the disk while nobody waits for it. */
export class Unsaved {
  private readonly works = new Set<Promise<unknown>>();

  add(work: Promise<unknown>): void {
    this.works.add(work);
    const done = (): void => void this.works.delete(work);
    work.then(done, done);
  }

  /** Resolves when all of it has arrived, or failed. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.works);
  }
}
