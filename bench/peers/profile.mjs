// Where a step's time goes: V8's sampling profiler by room of our source, then ONNX Runtime's own profile by operation.
import { Session } from "node:inspector/promises";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";

const root = path.resolve(import.meta.dirname, "../..");
const cache = path.join(root, ".cache", "bench-training");
mkdirSync(cache, { recursive: true });

const { InferenceSession } = createRequire(import.meta.url)("onnxruntime-node");
const create = InferenceSession.create.bind(InferenceSession);
let profiling = {};
InferenceSession.create = (model, options) => create(model, { ...options, ...profiling });
const { prepare } = await import("./ours.mjs");
const name = process.argv[2];
const { fit } = await prepare(name);

const rooms = await sampledRooms(3_000);
const runtime = await runtimeProfile(40);
profiling = {};
console.log(JSON.stringify({ ...rooms, ...runtime, compiling: await compiling() }));
process.exit(0);

/** Milliseconds per step: the whole, and what of it was spent where. */
async function sampledRooms(milliseconds) {
  const inspector = new Session();
  inspector.connect();
  await inspector.post("Profiler.enable");
  await inspector.post("Profiler.setSamplingInterval", { interval: 200 });
  let began = 0;
  let firstStep = 0;
  let whole = 0;
  let profile;
  await fit({
    steps: 100_000_000,
    callbacks: {
      async onPoint({ step }, run) {
        if (step < 20) return;
        if (began === 0) {
          await inspector.post("Profiler.start");
          began = performance.now();
          firstStep = step;
        } else if (!profile && performance.now() - began > milliseconds) {
          whole = (performance.now() - began) / (step - firstStep);
          ({ profile } = await inspector.post("Profiler.stop"));
          run.stop();
        }
      },
    },
  });
  inspector.disconnect();
  const map = new TraceMap(readFileSync(path.join(root, "dist/vae.cjs.map"), "utf8"));
  const share = { graph: 0, optimizer: 0, data: 0, overhead: 0 };
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  profile.samples.forEach((id, index) => {
    share[roomOf(nodes.get(id).callFrame, map)] += Math.max(0, profile.timeDeltas[index]);
  });
  const total = Object.values(share).reduce((sum, time) => sum + time, 0);
  return {
    whole,
    ...Object.fromEntries(Object.entries(share).map(([room, time]) => [room, (whole * time) / total])),
  };
}

function roomOf({ functionName, url, lineNumber, columnNumber }, map) {
  if (url.startsWith("wasm:")) return "optimizer";
  // ONNX Runtime computes inside of one native call, which has no name here, or on a thread of its own while ours waits.
  if (url === "") return functionName === "(garbage collector)" ? "overhead" : "graph";
  if (!url.includes("vae.cjs")) return "overhead";
  const { source } = originalPositionFor(map, { line: lineNumber + 1, column: columnNumber });
  if (/src\/vae\/(data|random)\//.test(source ?? "")) return "data";
  return /src\/vae\/engine\/optimizers\//.test(source ?? "") ? "optimizer" : "overhead";
}

/** Milliseconds until a new model of the same kind has taken its first step. */
async function compiling() {
  const another = await prepare(name);
  const began = performance.now();
  await another.fit({ steps: 1 });
  return performance.now() - began;
}

/** The graph's time per step, by what its operations are. */
async function runtimeProfile(steps) {
  const prefix = path.join(cache, `profile-${process.pid}-`);
  profiling = { enableProfiling: true, profileFilePrefix: prefix };
  // A session writes its profile when it is released, which a run does at its end.
  await fit({ steps });
  const files = readdirSync(cache).filter((file) => file.startsWith(path.basename(prefix)));
  const sum = { gemm: 0, elementwise: 0, movement: 0 };
  let runs = 0;
  for (const file of files) {
    for (const event of JSON.parse(readFileSync(path.join(cache, file), "utf8"))) {
      if (event.name === "model_run") runs++;
      if (event.cat === "Node" && event.name.endsWith("_kernel_time"))
        sum[kindOf(event.args.op_name)] += event.dur / 1000;
    }
    rmSync(path.join(cache, file));
  }
  return Object.fromEntries(Object.entries(sum).map(([kind, time]) => [kind, time / runs]));
}

function kindOf(operation) {
  if (/Gemm|MatMul|Conv/.test(operation)) return "gemm";
  return /Reshape|Transpose|Concat|Slice|Split|Pad|Gather|Squeeze|Expand|Tile|Identity|ReorderInput|ReorderOutput/.test(
    operation,
  )
    ? "movement"
    : "elementwise";
}
