import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { DownloadFailed, fetchFile } from "../../../src/vae/data/download/fetchFile";
import { DownloadProgress } from "../../../src/vae/data/download/progress";
import { display, live } from "../../../src/vae/host";
import { sendPart, serve } from "./fileServer";

const content = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, index) => (index * index) % 251));
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const file = { name: "numbers.gz", bytes: content.length, sha256: sha256(content) };

const newTarget = (): string => join(mkdtempSync(join(tmpdir(), "download-")), file.name);
const listen = { received: () => {}, signal: new AbortController().signal };

const failureOf = async (download: Promise<void>): Promise<DownloadFailed> => {
  const error: unknown = await download.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof DownloadFailed) return error;
  throw new Error("the download did not fail as it should", { cause: error });
};

test("a file that comes whole is there under its name, and nothing else is", async () => {
  const { url } = await serve((request, response) => sendPart(content, request, response));
  const target = newTarget();
  await fetchFile(file, [url], target, listen);
  expect(readFileSync(target).equals(content)).toBe(true);
  expect(readdirSync(join(target, ".."))).toEqual([file.name]);
});

test("a download whose connection breaks goes on where it broke", async () => {
  const { url, ranges } = await serve((request, response, nth) =>
    sendPart(content, request, response, nth < 3 ? 70_000 : undefined),
  );
  const target = newTarget();
  let received = 0;
  await fetchFile(file, [url], target, { ...listen, received: (bytes) => (received += bytes) });
  expect(readFileSync(target).equals(content)).toBe(true);
  expect(ranges).toEqual(["all", "bytes=70000-", "bytes=140000-", "bytes=210000-"]);
  expect(received).toBe(content.length);
});

test("what a process that ended left behind is continued by the next one", async () => {
  const { url, ranges } = await serve((request, response) => sendPart(content, request, response));
  const target = newTarget();
  const noProcess = 2 ** 22 + 1;
  writeFileSync(`${target}.part-${noProcess}`, content.subarray(0, 123_456));
  await fetchFile(file, [url], target, listen);
  expect(ranges).toEqual(["bytes=123456-"]);
  expect(readFileSync(target).equals(content)).toBe(true);
  expect(readdirSync(join(target, ".."))).toEqual([file.name]);
});

test("the partial file of a process that still runs is left alone", async () => {
  const { url, ranges } = await serve((request, response) => sendPart(content, request, response));
  const target = newTarget();
  const other = `${target}.part-${process.ppid}`;
  writeFileSync(other, content.subarray(0, 1000));
  await fetchFile(file, [url], target, listen);
  expect(ranges).toEqual(["all"]);
  expect(readFileSync(other)).toHaveLength(1000);
});

test("a server that ignores the range and sends everything again is understood", async () => {
  const { url } = await serve((request, response, nth) => {
    delete request.headers.range;
    sendPart(content, request, response, nth === 0 ? 50_000 : undefined);
  });
  const target = newTarget();
  await fetchFile(file, [url], target, listen);
  expect(readFileSync(target).equals(content)).toBe(true);
});

test("a wrong checksum keeps nothing and names both checksums", async () => {
  const wrong = Buffer.from(content);
  wrong[1000] = 7;
  const { url } = await serve((request, response) => sendPart(wrong, request, response));
  const target = newTarget();
  const failure = await failureOf(fetchFile(file, [url], target, listen));
  expect(failure.message).toContain(`wrong checksum: SHA-256 ${sha256(wrong)}, not ${file.sha256}`);
  expect(failure.kept).toBe(0);
  expect(readdirSync(join(target, ".."))).toEqual([]);
});

test("a damaged partial file does not spoil the download: the whole is fetched once more", async () => {
  const { url, ranges } = await serve((request, response) => sendPart(content, request, response));
  const target = newTarget();
  writeFileSync(`${target}.part-${process.pid}`, Buffer.alloc(5000, 1));
  await fetchFile(file, [url], target, listen);
  expect(ranges).toEqual(["bytes=5000-", "all"]);
  expect(readFileSync(target).equals(content)).toBe(true);
});

test("the next address is tried where the first one refuses, and both reasons are told if all do", async () => {
  const refusing = await serve((_, response) => response.writeHead(403).end("no"));
  const login = await serve((_, response) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<html>"),
  );
  const good = await serve((request, response) => sendPart(content, request, response));
  const target = newTarget();
  await fetchFile(file, [refusing.url, login.url, good.url], target, listen);
  expect(existsSync(target)).toBe(true);

  const failure = await failureOf(fetchFile(file, [refusing.url, login.url], newTarget(), listen));
  expect(failure.attempts.map(({ reason }) => reason)).toEqual([
    "HTTP 403 Forbidden",
    expect.stringContaining("login page"),
  ]);
});

test("a file that is not there is asked for once, and the next address has it", async () => {
  const gone = await serve((_, response) => response.writeHead(404).end("not found"));
  const good = await serve((request, response) => sendPart(content, request, response));
  const target = newTarget();
  await fetchFile(file, [gone.url, good.url], target, listen);
  expect(gone.ranges).toEqual(["all"]);
  expect(readFileSync(target).equals(content)).toBe(true);
  const failure = await failureOf(fetchFile(file, [gone.url], newTarget(), listen));
  expect(failure.attempts).toEqual([{ url: gone.url, reason: "HTTP 404 Not Found" }]);
});

test("a server that cannot continue where the file broke sends it from the start", async () => {
  const { url, ranges } = await serve((request, response) => {
    if (request.headers.range === undefined) sendPart(content, request, response);
    else response.writeHead(416, { "content-range": `bytes */${content.length}` }).end();
  });
  const target = newTarget();
  writeFileSync(`${target}.part-${process.pid}`, content.subarray(0, 5000));
  let received = 0;
  await fetchFile(file, [url], target, { ...listen, received: (bytes) => (received += bytes) });
  expect(ranges).toEqual(["bytes=5000-", "all"]);
  expect(received).toBe(content.length);
  expect(readFileSync(target).equals(content)).toBe(true);
});

test("a server that refuses every request does so once for the rest and once for the whole", async () => {
  const { url, ranges } = await serve((_, response) => response.writeHead(416).end());
  const target = newTarget();
  writeFileSync(`${target}.part-${process.pid}`, content.subarray(0, 5000));
  const failure = await failureOf(fetchFile(file, [url], target, listen));
  expect(ranges).toEqual(["bytes=5000-", "all"]);
  expect(failure.message).toContain("HTTP 416");
});

test("a part from another place than the one asked for is not put behind what is there", async () => {
  const { url } = await serve((request, response) => {
    if (request.headers.range === undefined) return sendPart(content, request, response);
    response
      .writeHead(206, { "content-range": `bytes 0-99/${content.length}` })
      .end(content.subarray(0, 100));
  });
  const target = newTarget();
  writeFileSync(`${target}.part-${process.pid}`, content.subarray(0, 5000));
  await fetchFile(file, [url], target, listen);
  expect(readFileSync(target).equals(content)).toBe(true);
});

test("redirects are followed, also for the rest of a file; one that leads nowhere is a reason", async () => {
  const { origin, url, ranges } = await serve((request, response, nth) => {
    const location = { "/numbers.gz": "/elsewhere", "/loop": "/loop" }[request.url ?? ""];
    if (location === undefined) sendPart(content, request, response, nth === 1 ? 50_000 : undefined);
    else response.writeHead(302, { location }).end();
  });
  const target = newTarget();
  await fetchFile(file, [url], target, listen);
  expect(ranges).toEqual(["all", "all", "bytes=50000-", "bytes=50000-"]);
  expect(readFileSync(target).equals(content)).toBe(true);
  const failure = await failureOf(fetchFile(file, [`${origin}/loop`], newTarget(), listen));
  expect(failure.message).toMatch(/redirect/);
});

test("a slow stream comes whole as long as something comes; one that stops is left for the next address", async () => {
  const pause = 400;
  const slow = await serve((_, response) => {
    response.writeHead(200, { "content-length": content.length });
    const send = (at: number): void => {
      if (at >= content.length) response.end();
      else
        response.write(content.subarray(at, at + 60_000), () =>
          setTimeout(() => send(at + 60_000), pause / 4),
        );
    };
    send(0);
  });
  const patient = { ...listen, longestPause: pause };
  const target = newTarget();
  await fetchFile(file, [slow.url], target, patient);
  expect(readFileSync(target).equals(content)).toBe(true);

  const stalled = await serve((_, response) => {
    response.writeHead(200, { "content-length": content.length });
    response.write(content.subarray(0, 80_000));
  });
  const silent = await serve(() => {});
  const good = await serve((request, response) => sendPart(content, request, response));
  const other = newTarget();
  await fetchFile(file, [silent.url, stalled.url, good.url], other, patient);
  expect(good.ranges).toEqual(["bytes=80000-"]);
  expect(readFileSync(other).equals(content)).toBe(true);
  const failure = await failureOf(fetchFile(file, [silent.url], newTarget(), patient));
  expect(failure.attempts.map(({ reason }) => reason)).toEqual(["nothing came for 0.4 s"]);
});

test("a stream that is longer than the file is cut off where it should have ended", async () => {
  let sent = 0;
  const endless = await serve((_, response) => {
    response.writeHead(200);
    const more = (): void => {
      if (response.destroyed || sent > 200 * content.length) return void response.end();
      sent += content.length;
      response.write(content, () => setImmediate(more));
    };
    more();
  });
  const failure = await failureOf(fetchFile(file, [endless.url], newTarget(), listen));
  expect(failure.attempts[0]?.reason).toBe(
    `the stream goes on behind the ${content.length} bytes of the file`,
  );
  expect(failure.kept).toBe(0);
  expect(sent).toBeLessThan(100 * content.length);
});

test("a file that comes packed once more, or as another file, has a wrong checksum", async () => {
  const packed = gzipSync(content);
  const { url } = await serve((_, response) => response.writeHead(200).end(packed));
  const failure = await failureOf(fetchFile({ ...file, bytes: packed.length }, [url], newTarget(), listen));
  expect(failure.message).toContain(`wrong checksum: SHA-256 ${sha256(packed)}`);
});

test("an address where nobody listens fails with the system's reason", async () => {
  const failure = await failureOf(fetchFile(file, ["http://127.0.0.1:9/numbers.gz"], newTarget(), listen));
  expect(failure.message).toMatch(/ECONNREFUSED|bad port/);
});

test("a stopped download keeps what came and continues the next time", async () => {
  const { url, ranges } = await serve((request, response, nth) => {
    if (nth > 0) return sendPart(content, request, response);
    response.writeHead(200, { "content-length": content.length });
    response.write(content.subarray(0, 90_000));
  });
  const target = newTarget();
  const stop = new AbortController();
  let received = 0;
  const stopped = fetchFile(file, [url], target, {
    received: (bytes) => {
      received += bytes;
      if (received === 90_000) stop.abort(new Error("stopped by hand"));
    },
    signal: stop.signal,
  });
  await expect(stopped).rejects.toThrow("stopped by hand");
  expect(existsSync(target)).toBe(false);
  await fetchFile(file, [url], target, listen);
  expect(ranges).toEqual(["all", "bytes=90000-"]);
  expect(readFileSync(target).equals(content)).toBe(true);
});

test("progress tells how much came, how fast, and what is left", () => {
  let now = 0;
  const progress = new DownloadProgress("Fashion-MNIST", 40e6, () => now);
  let told = 0;
  const unsubscribe = progress[live](() => told++);
  progress.add(0);
  for (let step = 0; step < 200; step++) {
    now += 10;
    progress.add(0.1e6);
  }
  expect(progress.text).toBe("Fashion-MNIST: 20.0 of 40.0 MB (50 %), 10.0 MB/s, 2 s left");
  expect(told).toBeLessThanOrEqual(20);
  progress.finish("40.0 MB downloaded");
  expect(progress[display]()["text/plain"]).toBe("Fashion-MNIST: 40.0 MB downloaded");
  unsubscribe();
});

test("a server that closes a connection in the moment in which it is used again is asked once more", async () => {
  let asked = 0;
  const closing = await serve((request, response) => {
    asked += 1;
    if (asked === 1) request.socket.destroy();
    else sendPart(content, request, response);
  });
  await fetchFile(file, [closing.url], newTarget(), listen);
  expect(asked).toBe(2);
  const closed = await serve((request) => request.socket.destroy());
  const failure = await failureOf(fetchFile(file, [closed.url], newTarget(), listen));
  expect(failure.attempts).toHaveLength(1);
});
