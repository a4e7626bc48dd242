import type { Event } from "../protocol/messages";

/** Sends one event to the front end. Returns when it is on its way: nothing that was emitted is lost by a crash. */
export type Emit = (event: Event) => void;
