import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const bundle = resolve("dist/vae.cjs");

/** What a program prints that loads the built library from another folder, where nothing is installed. */
async function program(body: string): Promise<{ stdout: string; stderr: string }> {
  const script = `const { tf, session } = require(${JSON.stringify(bundle)}); (async () => { ${body} })();`;
  const env = { ...process.env, VAENB_HOME: resolve(tmpdir(), "vaenb-nothing-here") };
  return promisify(execFile)(process.execPath, ["-e", script], { cwd: tmpdir(), env });
}

test.skipIf(!existsSync(bundle))(
  "the built library computes on wasm, whose file is beside it, and prints nothing",
  async () => {
    const { stdout, stderr } = await program(`
    await session.use("wasm");
    const x = tf.tensor2d([[1, 2], [3, 4]]);
    const gradient = tf.grad((x) => tf.sum(tf.square(tf.matMul(x, x))))(x);
    console.log(tf.getBackend(), x instanceof tf.Tensor, Array.from(gradient.dataSync()).join());
  `);
    // The gradient of |XX|^2, summed, is 2 (XX transpose(X) + transpose(X) XX).
    expect(stdout).toBe("wasm true 158,274,266,482\n");
    expect(stderr).toBe("");
  },
);

test.skipIf(!existsSync(bundle))(
  "loading the built library and computing on cpu prints no advice",
  async () => {
    const { stdout, stderr } = await program(`
    await session.use("cpu");
    console.log(tf.tensor1d([1, 2]).square().sum().dataSync()[0]);
  `);
    expect(stdout).toBe("5\n");
    expect(stderr).toBe("");
  },
);
