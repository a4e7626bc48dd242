/**
 * The stop line: a pipe from the front end to the kernel's listener thread. The kernel's main thread may be busy in a
 * loop, so neither requests nor their order matter here: each byte is one request to stop what runs now. The end of the
 * stream means that the front end is gone.
 */
export const STOP_BYTE = 0x03;

/** Where the kernel finds its lines. 0-2 are the standard streams; 3 is Node's own channel, which carries requests. */
export const descriptors = { stdout: 1, stderr: 2, channel: 3, stopLine: 4, events: 5 } as const;

/**
 * Written to stdout and stderr before each event, so that the front end can put bytes that native code wrote there in
 * their place between the events. An APC string that nothing else uses; a terminal would ignore it.
 */
export const FENCE = "\u001b_vaenb\u001b\\";
