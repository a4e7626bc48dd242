/**
 * Runs a slow task for the newest of many wishes: while one runs, only the last one waits. A pointer that moves over a
 * plane asks a hundred times a second; the kernel gets as many questions as it can answer.
 */
export function latest<Wish>(task: (wish: Wish) => Promise<void>): (wish: Wish) => void {
  let next: { readonly wish: Wish } | undefined;
  let running = false;
  const run = async (): Promise<void> => {
    running = true;
    while (next !== undefined) {
      const { wish } = next;
      next = undefined;
      await task(wish);
    }
    running = false;
  };
  return (wish) => {
    next = { wish };
    if (!running) void run();
  };
}
