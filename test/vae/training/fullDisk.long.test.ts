import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { dense } from "../../../src/vae/models/layers/spec";
import { session, vae } from "../../../src/vae/session";
import { bars } from "../models/small";

/** A disk of 256 kB of its own, which fills for real; a text says why there is none. */
function smallDisk(): { readonly path: string } | string {
  const path = mkdtempSync(join(tmpdir(), "vaenb-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "vaenb-test", path], { stdio: "pipe" });
    return { path };
  } catch (error) {
    rmSync(path, { recursive: true });
    return error instanceof Error ? error.message.trim() : String(error);
  }
}

const disk = smallDisk();
if (typeof disk === "string")
  console.log(`SKIPPED: a full disk for real. No disk can be mounted here: ${disk}`);
const path = typeof disk === "string" ? "" : disk.path;

describe.skipIf(typeof disk === "string")("a disk that is full, for real", () => {
  beforeEach(() => {
    for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true });
  });
  afterAll(() => {
    execFileSync("umount", [path]);
    rmSync(path, { recursive: true });
  });

  const fill = () =>
    writeFile(join(path, "somebody else's"), new Uint8Array(1 << 20)).catch(({ code }: { code?: string }) => {
      expect(code).toBe("ENOSPC");
    });
  const data = bars(120);
  // 40 kB of weights, and twice that for the optimizer: a second checkpoint hardly fits.
  const made = () => vae({ input: [8], latent: 2, encoder: [dense(500)], name: "bars" });
  const plan = { steps: 60, batchSize: 16 };
  const parts = () => readdirSync(path, { recursive: true }).filter((name) => String(name).endsWith(".part"));
  const fullDiskWarning = `A checkpoint could not be written to ${path}: the disk is full. Training goes on; if the kernel ends now, what came since the last checkpoint is lost.`;

  test("from the start: the run says so once, ends as planned, and leaves no half files", async () => {
    await fill();
    const run = await made().fit(data, { ...plan, checkpoints: { folder: path, everySteps: 5 } });
    expect([run.status, run.step]).toEqual(["finished", 60]);
    expect(run.warnings.map(({ text }) => text)).toEqual([fullDiskWarning]);
    expect(parts()).toEqual([]);
  });

  test("in the middle of a run that is then cut off: it goes on from the last whole checkpoint, to the same weights", async () => {
    const unbroken = made();
    await unbroken.fit(data, { ...plan, checkpoints: false });

    const model = made();
    await model
      .fit(data, {
        ...plan,
        checkpoints: { folder: path, everySteps: 10 },
        callbacks: {
          onPoint: async ({ step }) => {
            await new Promise((resolve) => setTimeout(resolve, 10));
            if (step === 15) await fill();
            if (step === 45) throw new Error("cut off");
          },
        },
      })
      .catch((error: unknown) => expect(String(error)).toBe("Error: cut off"));
    expect(session.runs.at(-1)?.warnings.map(({ text }) => text)).toEqual([fullDiskWarning]);
    expect(parts()).toEqual([]);

    session.folder = path;
    expect(await session.resumable()).toMatchObject([{ model: "bars", step: 10, totalSteps: 60 }]);
    const run = await session.resume({ model, data, checkpoints: false });
    expect([run.status, run.step]).toEqual(["finished", 60]);
    expect(model.weights()).toEqual(unbroken.weights());
  });

  test("a model that is saved there: an error that says so, and the file of before is whole", async () => {
    const file = join(path, "bars.vae");
    const model = made();
    await model.save(file);
    const before = await readFile(file);
    await fill();
    await expect(model.save(file)).rejects.toThrow(
      `${file} could not be written: the disk is full. Make room there, or give another path.`,
    );
    expect(await readFile(file)).toEqual(before);
    expect(parts()).toEqual([]);
  });
});
