import { createHash } from "node:crypto";
import type { Values } from "../engine/engine";
import { decodeSafetensors, encodeSafetensors } from "../models/safetensors";
import type { Architecture } from "../models/saved";
import type { Plan } from "./plan";
import type { Snapshot } from "./snapshot";

/** How a dataset is recognised in another process. */
export interface DataMark {
  readonly name: string;
  readonly size: number;
  readonly valuesPerExample: number;
  readonly fingerprint: string;
}

/** What a checkpoint says beside the numbers: enough to find model and data again, and to go on as planned. */
export interface CheckpointHeader {
  readonly run: string;
  readonly process: number;
  readonly architecture: Architecture;
  readonly plan: Plan;
  /** Schedules of the plan that are functions, and have to be given again. */
  readonly functions: readonly string[];
  readonly data: DataMark;
  readonly validationData?: DataMark;
}

export interface Checkpoint {
  readonly header: CheckpointHeader;
  readonly snapshot: Snapshot;
}

/** A file begins with this, then the SHA-256 of all that follows, then a safetensors file. */
const magic = new TextEncoder().encode("VAENBCP1");
const hashLength = 32;

export function encodeCheckpoint({ header, snapshot }: Checkpoint): Uint8Array {
  const { weights, optimizer, best, ...state } = snapshot;
  const { weights: bestWeights, ...bestState } = best ?? {};
  const told = { header, state, ...(best && { best: bestState }) };
  const content = encodeSafetensors({
    metadata: { checkpoint: JSON.stringify(told, withNonFinite) },
    tensors: {
      ...named("weight", weights),
      ...named("optimizer", optimizer),
      ...(bestWeights && named("best", bestWeights)),
    },
  });
  const bytes = new Uint8Array(magic.length + hashLength + content.length);
  bytes.set(magic);
  bytes.set(createHash("sha256").update(content).digest(), magic.length);
  bytes.set(content, magic.length + hashLength);
  return bytes;
}

/** @throws if a single bit differs from what was written */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const start = magic.length + hashLength;
  if (bytes.length < start || magic.some((byte, index) => bytes[index] !== byte))
    throw new Error(`This is no checkpoint: ${bytes.length} bytes that do not begin as one does.`);
  const content = bytes.subarray(start);
  const hash = createHash("sha256").update(content).digest();
  if (!hash.equals(bytes.subarray(magic.length, start)))
    throw new Error("The checkpoint is damaged or cut short: its checksum does not match.");
  const { metadata, tensors } = decodeSafetensors(content);
  const told: unknown = JSON.parse(metadata.checkpoint ?? "null", fromNonFinite);
  if (!isTold(told)) throw new Error("The checkpoint was written by another version.");
  const values = (kind: string): Values =>
    Object.fromEntries(
      Object.entries(tensors).flatMap(([name, tensor]) =>
        name.startsWith(`${kind}/`) ? [[name.slice(kind.length + 1), tensor.values]] : [],
      ),
    );
  const bestWeights = values("best");
  const hasBest = Object.keys(bestWeights).length > 0;
  return {
    header: told.header,
    snapshot: {
      ...told.state,
      weights: values("weight"),
      optimizer: values("optimizer"),
      ...(told.best && { best: { ...told.best, ...(hasBest && { weights: bestWeights }) } }),
    },
  };
}

const named = (kind: string, values: Values) =>
  Object.fromEntries(
    Object.entries(values).map(([name, array]) => [
      `${kind}/${name}`,
      { shape: [array.length], values: array },
    ]),
  );

interface Told {
  readonly header: CheckpointHeader;
  readonly state: Omit<Snapshot, "weights" | "optimizer" | "best">;
  readonly best?: Omit<NonNullable<Snapshot["best"]>, "weights">;
}

/** The checksum has shown that we wrote it; this tells our versions apart. */
const isTold = (value: unknown): value is Told =>
  typeof value === "object" && value !== null && "header" in value && "state" in value;

/** JSON has no NaN and no infinities, a curve may have. */
const withNonFinite = (_key: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isFinite(value) ? { nonFinite: String(value) } : value;
const fromNonFinite = (_key: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && "nonFinite" in value ? Number(value.nonFinite) : value;
