import { defineConfig } from "vitest/config";
import { viteAssembly } from "./src/vae/wasm/plugin.mjs";

// A machine that many share can hold up a kernel for longer than a test of Stop allows: `.ci/run` tries twice.
const retry = Number(process.env.VAENB_TEST_TRIES ?? 1) - 1;
const common = { testTimeout: 30_000, hookTimeout: 60_000, pool: "forks", maxWorkers: 2, retry };

/** Names each test that was tried again, and why: that one needed it is to be seen, though it passed. */
const retried = {
  onTestCaseResult(test) {
    if ((test.diagnostic()?.retryCount ?? 0) === 0) return;
    const reason = test.result().errors?.[0]?.message ?? "";
    console.log(`SECOND ATTEMPT at "${test.fullName}", for the first failed: ${reason}`);
  },
};

// "fast" is what `npm test` runs; "long" holds training runs, fuzzing and kill tests: `npm run test:long`.
// "learning" trains whole models on real data, for as long as published results took: `npm run test:learning`.
export default defineConfig({
  test: {
    reporters: ["default", retried],
    globalSetup: "test/folderOfTheRun.mjs",
    projects: [
      {
        plugins: [viteAssembly],
        test: {
          ...common,
          name: "fast",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.{long,slow}.test.ts", "test/e2e/**"],
        },
      },
      {
        plugins: [viteAssembly],
        test: { ...common, name: "long", include: ["test/**/*.long.test.ts"], testTimeout: 1_200_000 },
      },
      {
        plugins: [viteAssembly],
        test: { ...common, name: "learning", include: ["test/**/*.slow.test.ts"], testTimeout: 1_200_000 },
      },
    ],
  },
});
