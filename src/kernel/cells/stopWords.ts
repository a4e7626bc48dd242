/** The memory that the kernel's two threads share for Stop: two 32-bit words. */
export const WORDS = 2;

/** 0, or the Stop that waits to be noticed, in the terms of the stop line. */
export const flagIndex = 0;

/** 0, or the request whose cell is running. */
export const runningIndex = 1;
