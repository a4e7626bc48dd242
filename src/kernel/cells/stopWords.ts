/** The memory that the kernel's two threads share for Stop: three 32-bit words. */
export const WORDS = 3;

/** 0, or the Stop that waits to be noticed, in the terms of the stop line. */
export const flagIndex = 0;

/** 0, or the request whose cell is running. */
export const runningIndex = 1;

/** The highest request that a Stop was meant for: no cell that was asked for up to it begins any more. */
export const upToIndex = 2;
