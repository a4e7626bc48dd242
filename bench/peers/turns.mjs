import { createInterface } from "node:readline";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** Says that this peer is ready, and waits for its turn: how many milliseconds to train for. */
export async function turn(answer = "ready") {
  console.log(JSON.stringify(answer));
  const { done, value } = await lines.next();
  if (done) process.exit(0);
  return Number(value);
}
