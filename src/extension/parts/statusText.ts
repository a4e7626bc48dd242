import type { KernelFacts } from "../run/session";
import type { RunState } from "../run/runState";

/** What the status bar says of a kernel, and what its tooltip adds. */
export interface StatusText {
  readonly text: string;
  readonly details: readonly string[];
  readonly alarming: boolean;
}

const words = {
  none: ["circle-outline", "no kernel"],
  starting: ["loading~spin", "starting"],
  idle: ["circle-large-outline", "idle"],
  busy: ["circle-large-filled", "busy"],
  restarting: ["loading~spin", "restarting"],
  dead: ["error", "dead"],
} as const;

export function statusText(
  { phase, queue }: Pick<RunState, "phase" | "queue">,
  { node, pid, engine }: KernelFacts,
  bytes: number | undefined,
): StatusText {
  const [icon, word] = words[phase];
  const waiting = queue.length > 0 ? `, ${queue.length} waiting` : "";
  const memory = bytes === undefined ? "" : ` · ${inMemory(bytes)}`;
  const details = [
    phase === "none" ? "The kernel starts with the first cell that runs." : "",
    phase === "dead" ? "The kernel died: its variables are gone. Restart it to go on." : "",
    node === undefined ? "" : `Node ${node.replace(/^v/, "")}, process ${pid}`,
    bytes === undefined ? "" : `Memory: ${inMemory(bytes)}`,
    node === undefined ? "" : `Engine: ${engine ?? "chosen when a model trains"}`,
  ];
  return {
    text: `$(${icon}) VAE: ${word}${waiting}${memory}`,
    details: details.filter((line) => line !== ""),
    alarming: phase === "dead",
  };
}

const inMemory = (bytes: number): string =>
  bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
