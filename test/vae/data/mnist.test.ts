import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { classCounts } from "../../../src/vae/data/describe";
import { locate } from "../../../src/vae/data/locate";
import { fashionMnist } from "../../../src/vae/data/mnist";
import { fashionMnistSet, mnistSet, type PublishedSet } from "../../../src/vae/data/published";
import { connectHost, display, type Displayable } from "../../../src/vae/host";
import { sendPart, serve } from "./fileServer";

const given = process.env.VAENB_DATA;
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "published-"));
  vi.stubEnv("VAENB_CACHE", join(folder, "cache"));
  vi.stubEnv("VAENB_DATA", undefined);
  vi.stubEnv("VAENB_MIRROR", undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

const contents = new Map(
  ["a", "b", "c", "d"].map((name): [string, Buffer] => [`${name}.gz`, gzipSync(Buffer.alloc(50_000, name))]),
);
const content = (name: string): Buffer => contents.get(name) ?? Buffer.alloc(0);
const published = (name: string): PublishedSet["files"]["testImages"] => ({
  name,
  bytes: content(name).length,
  sha256: createHash("sha256").update(content(name)).digest("hex"),
});
const small: PublishedSet = {
  title: "Small",
  folder: "small",
  sources: [],
  files: {
    trainImages: published("a.gz"),
    trainLabels: published("b.gz"),
    testImages: published("c.gz"),
    testLabels: published("d.gz"),
  },
  classes: [],
};

const putInto = (place: string): void => {
  mkdirSync(place, { recursive: true });
  for (const [name, bytes] of contents) writeFileSync(join(place, name), bytes);
};

test("files in VAENB_DATA are used where they lie, in the set's folder or in VAENB_DATA itself", async () => {
  for (const place of [join(folder, "one", "small"), join(folder, "two")]) {
    putInto(place);
    vi.stubEnv("VAENB_DATA", place.replace(/small$/, ""));
    expect((await locate(small)).testImages).toBe(join(place, "c.gz"));
  }
});

test("a file in VAENB_DATA that is not the published one is refused, with both checksums", async () => {
  putInto(join(folder, "small"));
  writeFileSync(join(folder, "small", "c.gz"), "something else");
  vi.stubEnv("VAENB_DATA", folder);
  await expect(locate(small)).rejects.toThrow(
    /c\.gz is not the published file: its SHA-256 is [0-9a-f]{64}, not [0-9a-f]{64}/,
  );
});

test("from a mirror, a set is downloaded once; the second time no server is needed", async () => {
  const asked: string[] = [];
  const { origin } = await serve((request, response) => {
    asked.push(request.url ?? "");
    sendPart(content((request.url ?? "").split("/").pop() ?? ""), request, response);
  });
  const first = await locate(small, { mirror: `${origin}/sets/` });
  expect(asked).toEqual(["a", "b", "c", "d"].map((name) => `/sets/small/${name}.gz`));
  expect(readFileSync(first.trainLabels).equals(content("b.gz"))).toBe(true);
  expect(await locate(small, { mirror: "http://127.0.0.1:9" })).toEqual(first);
});

test("the mirror can be a setting of the environment", async () => {
  const { origin, ranges } = await serve((request, response) =>
    sendPart(content((request.url ?? "").split("/").pop() ?? ""), request, response),
  );
  vi.stubEnv("VAENB_MIRROR", origin);
  await locate(small);
  expect(ranges).toHaveLength(4);
});

test("a kept file that was damaged since is fetched again, and only that", async () => {
  putInto(join(folder, "cache", "small"));
  writeFileSync(join(folder, "cache", "small", "b.gz"), "damaged");
  const { origin, ranges } = await serve((request, response) => sendPart(content("b.gz"), request, response));
  const { trainLabels } = await locate(small, { mirror: origin });
  expect(ranges).toEqual(["all"]);
  expect(readFileSync(trainLabels).equals(content("b.gz"))).toBe(true);
});

test("a server with a wrong file leaves nothing in the cache, and is named", async () => {
  const { origin } = await serve((request, response) =>
    sendPart(Buffer.alloc(published("a.gz").bytes), request, response),
  );
  await expect(locate(small, { mirror: origin })).rejects.toThrow(
    /Small could not be downloaded.*small\/a\.gz: wrong checksum/s,
  );
  expect(readdirSync(join(folder, "cache", "small"))).toEqual([]);
});

test("without a network, the error says what can be done", async () => {
  vi.stubEnv("VAENB_DATA", join(folder, "elsewhere"));
  const failure: unknown = await locate(small, { mirror: "http://127.0.0.1:1" }).catch(
    (error: unknown) => error,
  );
  const text = failure instanceof Error ? failure.message : "";
  for (const words of [
    "http://127.0.0.1:1/small/a.gz",
    "VAENB_MIRROR",
    "VAENB_DATA",
    "a.gz, b.gz, c.gz, d.gz",
    "data.digits()",
    join(folder, "cache", "small"),
    "elsewhere, but has no folder small",
  ]) {
    expect(text).toContain(words);
  }
});

test("a cache folder that cannot be written is named, with the setting that moves it", async () => {
  writeFileSync(join(folder, "file"), "");
  vi.stubEnv("VAENB_CACHE", join(folder, "file"));
  await expect(locate(small, { mirror: "http://127.0.0.1:1" })).rejects.toThrow(
    /could not be written to .*file.*VAENB_CACHE/s,
  );
});

test("whoever waits sees the download's progress, and can stop it and go on later", async () => {
  const figures: Displayable[] = [];
  const stop = new AbortController();
  const disconnect = connectHost({
    announce: (figure) => figures.push(figure),
    cooperate: (task) => task(stop.signal),
    keeps: () => {},
    saves: () => {},
  });
  const { origin } = await serve((request, response, nth) => {
    const body = content((request.url ?? "").split("/").pop() ?? "");
    if (nth !== 1) return sendPart(body, request, response);
    response.writeHead(200, { "content-length": body.length });
    response.write(body.subarray(0, 10), () => setTimeout(() => stop.abort(new Error("stopped")), 50));
  });
  await expect(locate(small, { mirror: origin })).rejects.toThrow("stopped");
  disconnect();
  expect(figures.map((figure) => figure[display]()["text/plain"])).toEqual([
    "Small: stopped; what has come is kept, and the next try continues",
  ]);
  await locate(small, { mirror: origin });
});

test.each([
  [
    mnistSet,
    "https://storage.googleapis.com/cvdf-datasets/mnist",
    "https://ossci-datasets.s3.amazonaws.com/mnist",
  ],
  [
    fashionMnistSet,
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion",
  ],
])(
  "without a mirror, $title is asked for where it is published, and then at the second place",
  async (set, ...places) => {
    const asked: string[] = [];
    vi.stubGlobal("fetch", (url: string) => {
      asked.push(url);
      if (url.startsWith(places[0])) return Promise.reject(new TypeError("fetch failed"));
      return Promise.resolve(new Response(url.split("/").pop()));
    });
    // Its own files, as far as this network has them: each holds its name.
    const named = ({ name }: { readonly name: string }) => ({
      name,
      bytes: name.length,
      sha256: createHash("sha256").update(name).digest("hex"),
    });
    const { trainImages, trainLabels, testImages, testLabels } = set.files;
    await locate({
      ...set,
      files: {
        trainImages: named(trainImages),
        trainLabels: named(trainLabels),
        testImages: named(testImages),
        testLabels: named(testLabels),
      },
    });
    const names = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"];
    expect(asked).toEqual(names.flatMap((name) => places.map((place) => `${place}/${name}-ubyte.gz`)));
  },
);

describe.skipIf(given === undefined)("Fashion-MNIST from VAENB_DATA", () => {
  test("comes as published over a connection that redirects, breaks and cannot continue", async () => {
    const own = join(given ?? "", "fashion-mnist");
    const source = existsSync(own) ? own : (given ?? "");
    const { origin, ranges } = await serve((request, response) => {
      const [, place, , name = ""] = (request.url ?? "").split("/");
      if (place === "mirror") {
        response.writeHead(307, { location: `/real/fashion-mnist/${name}` }).end();
        return;
      }
      // The labels come from a place that knows no ranges, the large images from one that breaks after 10 MB.
      if (name.includes("labels")) delete request.headers.range;
      const cut = name.includes("train-images") ? 10_000_000 : undefined;
      sendPart(readFileSync(join(source, name)), request, response, cut);
    });
    const { train, test: held } = await fashionMnist({ mirror: `${origin}/mirror` });
    expect([train.size, held.size]).toEqual([60_000, 10_000]);
    // It goes on where it was; what came right before a break may have been lost with the connection.
    const asked = ranges.map((range) => Number(/^bytes=(\d+)-$/.exec(range)?.[1] ?? 0));
    const starts = [0, ...new Set(asked.filter((start) => start > 0))];
    const parts = starts.slice(1).map((start, i) => start - (starts[i] ?? 0));
    expect(parts.length).toBeGreaterThanOrEqual(2);
    expect(Math.min(...parts)).toBeGreaterThan(0);
    expect(Math.max(...parts)).toBeLessThanOrEqual(10_000_000);
    expect(readdirSync(join(folder, "cache", "fashion-mnist"))).toHaveLength(4);
  }, 60_000);

  test("is 60,000 and 10,000 images, each class as often, with the published mean", async () => {
    vi.stubEnv("VAENB_DATA", given);
    const { train, test: held, shape } = await fashionMnist();
    expect([train.size, held.size, shape]).toEqual([60_000, 10_000, [28, 28, 1]]);
    expect([classCounts(train), classCounts(held)]).toEqual([Array(10).fill(6_000), Array(10).fill(1_000)]);
    expect(train.range).toEqual({ min: 0, max: 1, nan: 0 });
    let sum = 0;
    for (const { values } of train.batches(1_000)) for (const value of values) sum += value;
    // The mean that everybody normalises with.
    expect(sum / (60_000 * 784)).toBeCloseTo(0.286, 3);
    expect(train.labels?.names[train.labels.of(0)]).toBe("Ankle boot");
  });

  test("costs its bytes once, however many views there are", async () => {
    vi.stubEnv("VAENB_DATA", given);
    const before = process.memoryUsage();
    const fashion = await fashionMnist();
    const views = [1, 2, 3, 4, 5].map((seed) =>
      fashion.flatten().train.shuffle(seed).binarize("dynamic").take(30_000),
    );
    const again = await fashionMnist();
    const after = process.memoryUsage();
    const grown = (after.arrayBuffers - before.arrayBuffers) / 1e6;
    expect(again).toBe(fashion);
    expect(views).toHaveLength(5);
    // 55 MB of pixels, 5 x 0.24 MB of positions, and what the unpacking has not returned yet.
    expect(grown).toBeLessThan(100);
  });
});
