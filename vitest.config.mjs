import { defineConfig } from "vitest/config";
import { viteOptimizers } from "./src/vae/engine/optimizers/plugin.mjs";

const common = { testTimeout: 30_000, hookTimeout: 60_000, pool: "forks", maxWorkers: 2 };

// "fast" is what `npm test` runs; "long" holds training runs, fuzzing and kill tests: `npm run test:long`.
// "learning" trains whole models on real data, for as long as published results took: `npm run test:learning`.
export default defineConfig({
  test: {
    projects: [
      {
        plugins: [viteOptimizers],
        test: {
          ...common,
          name: "fast",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.{long,slow}.test.ts", "test/e2e/**"],
        },
      },
      {
        plugins: [viteOptimizers],
        test: { ...common, name: "long", include: ["test/**/*.long.test.ts"], testTimeout: 1_200_000 },
      },
      {
        plugins: [viteOptimizers],
        test: { ...common, name: "learning", include: ["test/**/*.slow.test.ts"], testTimeout: 1_200_000 },
      },
    ],
  },
});
