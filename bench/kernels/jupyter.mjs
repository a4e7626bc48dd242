// The part of the Jupyter protocol that a benchmark needs: start a kernel, ask whether it is ready, run a cell.
import { spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";

const DELIMITER = "<IDS|MSG>";

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Starts a kernel; `command` gets the path of the connection file. `zmq` is the zeromq package. */
export async function startJupyterKernel(zmq, command) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "vaenb-bench-"));
  const ports = {};
  for (const name of ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"])
    ports[name] = await freePort();
  const file = path.join(folder, "connection.json");
  const key = randomUUID();
  const connection = { ...ports, ip: "127.0.0.1", transport: "tcp", key, signature_scheme: "hmac-sha256" };
  writeFileSync(file, JSON.stringify(connection));

  const [program, ...args] = command(file);
  const started = performance.now();
  const child = spawn(program, args, { stdio: "ignore", cwd: folder });
  const shell = new zmq.Dealer({ linger: 0 });
  const iopub = new zmq.Subscriber({ linger: 0 });
  shell.connect(`tcp://127.0.0.1:${ports.shell_port}`);
  iopub.connect(`tcp://127.0.0.1:${ports.iopub_port}`);
  iopub.subscribe("");

  const replies = new Map();
  const idle = new Map();
  listen(shell, ({ parent }) => replies.get(parent.msg_id)?.());
  listen(iopub, ({ header, parent, content }) => {
    if (header.msg_type === "status" && content.execution_state === "idle") idle.get(parent.msg_id)?.();
  });

  /** Resolves when the kernel has replied and, for cells, reported that it is idle again. */
  const request = async (type, content, alsoIdle) => {
    const id = randomUUID();
    const header = {
      msg_id: id,
      msg_type: type,
      session: "bench",
      username: "bench",
      version: "5.3",
      date: new Date().toISOString(),
    };
    const replied = new Promise((resolve) => replies.set(id, resolve));
    const isIdle = alsoIdle ? new Promise((resolve) => idle.set(id, resolve)) : undefined;
    const parts = [JSON.stringify(header), "{}", "{}", JSON.stringify(content)];
    const signature = createHmac("sha256", key).update(parts.join("")).digest("hex");
    await shell.send([DELIMITER, signature, ...parts]);
    await Promise.all([replied, isIdle]);
  };

  await request("kernel_info_request", {}, false);
  const ready = performance.now() - started;
  // A subscription takes a moment to reach the kernel, and a cell must not wait for a word that was missed.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const cell = {
    silent: false,
    store_history: true,
    user_expressions: {},
    allow_stdin: false,
    stop_on_error: true,
  };
  return {
    pid: child.pid,
    ready,
    run: (code) => request("execute_request", { code, ...cell }, true),
    close() {
      child.kill("SIGKILL");
      shell.close();
      iopub.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listen(socket, take) {
  try {
    for await (const frames of socket) {
      const parts = frames.map(String);
      const [, header, parent, , content] = parts.slice(parts.indexOf(DELIMITER) + 1);
      take({ header: JSON.parse(header), parent: JSON.parse(parent), content: JSON.parse(content) });
    }
  } catch {
    // The socket was closed.
  }
}
