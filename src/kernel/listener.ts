import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { BACKGROUND, descriptors, readStop, STOP_LENGTH } from "../protocol/lines";
import { flagIndex, runningIndex, upToIndex } from "./cells/stopWords";

/**
 * The thread that hears the front end while the main thread is busy. On a Stop it raises the flag that code of cells
 * checks; if nobody takes it down in time, a signal breaks code that has no checks in it.
 */
const PATIENCE_WITH_CHECKS = 150;
/** Longer than the main thread waits for a cell's cleanup: where it could not even give up, the cleanup is in its way. */
const PATIENCE_WITH_CLEANUP = 3_000;
const PATIENCE_WITHOUT_FRONT_END = 1_000;

const words = new Int32Array(workerData as SharedArrayBuffer);

function stop(upTo: number): void {
  const isMeant = (): boolean => {
    const running = Atomics.load(words, runningIndex);
    return running === 0 ? upTo === BACKGROUND : running <= upTo;
  };
  // Before anything is asked of the running cell: it may end, and the next one begin, at this moment.
  if (upTo > Atomics.load(words, upToIndex)) Atomics.store(words, upToIndex, upTo);
  const isForRunning = isMeant();
  // The flag first: the event loop, told next, looks at it.
  if (isForRunning) Atomics.store(words, flagIndex, upTo);
  parentPort?.postMessage(upTo);
  if (!isForRunning) return;
  setTimeout(() => {
    const isUnheard = Atomics.load(words, flagIndex) === upTo && isMeant();
    if (isUnheard && process.platform !== "win32") process.kill(process.pid, "SIGINT");
  }, PATIENCE_WITH_CHECKS);
  const stopped = Atomics.load(words, runningIndex);
  setTimeout(() => {
    const isStillThere = stopped !== 0 && Atomics.load(words, runningIndex) === stopped;
    if (isStillThere) Atomics.store(words, flagIndex, upTo);
  }, PATIENCE_WITH_CLEANUP);
}

function frontEndIsGone(): void {
  // The main thread notices by itself if it can; a busy one must not outlive its front end.
  setTimeout(() => process.kill(process.pid, "SIGKILL"), PATIENCE_WITHOUT_FRONT_END);
}

let received = Buffer.alloc(0);
const line = new Socket({ fd: descriptors.stopLine, readable: true, writable: false });
line.on("data", (bytes) => {
  received = Buffer.concat([received, bytes]);
  for (; received.length >= STOP_LENGTH; received = received.subarray(STOP_LENGTH))
    stop(readStop(received, 0));
});
line.on("error", frontEndIsGone);
line.on("close", frontEndIsGone);
