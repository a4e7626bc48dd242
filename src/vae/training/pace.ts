/** How long a loop may hold the event loop before input, output and Stop get their turn, in milliseconds. */
const longestTurn = 10;

/**
 * Lets a long loop live beside everything else in its process: `await pace()` gives the event loop a turn when the
 * last one was a while ago, and costs nothing in between.
 */
export function pacer(now: () => number = () => performance.now()): () => Promise<void> | undefined {
  let last = now();
  return () => {
    if (now() - last < longestTurn) return undefined;
    return new Promise((resolve) =>
      setImmediate(() => {
        last = now();
        resolve();
      }),
    );
  };
}
