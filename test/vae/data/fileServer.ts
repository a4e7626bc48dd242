import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { afterEach } from "vitest";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

export interface Served {
  readonly origin: string;
  readonly url: string;
  /** The ranges that were asked for, "all" where none was. */
  readonly ranges: string[];
}

type Answer = (request: IncomingMessage, response: ServerResponse, nth: number) => void;

/** A web server of one test; it ends with it. */
export async function serve(answer: Answer): Promise<Served> {
  const ranges: string[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range ?? "all");
    answer(request, response, ranges.length - 1);
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const origin = `http://127.0.0.1:${address.port}`;
  return { origin, url: `${origin}/numbers.gz`, ranges };
}

/** Sends the part that is asked for; with `cut`, only that many bytes of it before the connection breaks. */
export function sendPart(
  body: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
  cut?: number,
): void {
  const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const rest = body.subarray(start);
  response.writeHead(start > 0 ? 206 : 200, {
    "content-length": rest.length,
    ...(start > 0 && { "content-range": `bytes ${start}-${body.length - 1}/${body.length}` }),
  });
  if (cut === undefined || cut >= rest.length) response.end(rest);
  // A busy machine needs a while to read it: what it has not read by then is lost with the connection.
  else response.write(rest.subarray(0, cut), () => setTimeout(() => response.destroy(), 100));
}
