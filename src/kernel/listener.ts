import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { descriptors, STOP_BYTE } from "../protocol/lines";

/**
 * The thread that hears the front end while the main thread is busy. On a Stop it raises the flag that code of cells
 * checks; if nobody takes it down in time, a signal breaks code that has no checks in it.
 */
const PATIENCE_WITH_CHECKS = 150;
const PATIENCE_WITHOUT_FRONT_END = 1_000;

const flag = new Int32Array(workerData as SharedArrayBuffer);

function stop(): void {
  Atomics.store(flag, 0, 1);
  parentPort?.postMessage("stop");
  setTimeout(() => {
    if (Atomics.load(flag, 0) === 1 && process.platform !== "win32") process.kill(process.pid, "SIGINT");
  }, PATIENCE_WITH_CHECKS);
}

function frontEndIsGone(): void {
  // The main thread notices by itself if it can; a busy one must not outlive its front end.
  setTimeout(() => process.kill(process.pid, "SIGKILL"), PATIENCE_WITHOUT_FRONT_END);
}

const line = new Socket({ fd: descriptors.stopLine, readable: true, writable: false });
line.on("data", (bytes) => {
  for (const byte of bytes) if (byte === STOP_BYTE) stop();
});
line.on("error", frontEndIsGone);
line.on("close", frontEndIsGone);
