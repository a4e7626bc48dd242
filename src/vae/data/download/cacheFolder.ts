import envPaths from "env-paths";
import { join } from "node:path";

/** Where downloads are kept: `VAENB_CACHE`, or the platform's folder for caches. */
export const cacheFolder = (): string =>
  process.env.VAENB_CACHE ?? join(envPaths("vaenb", { suffix: "" }).cache, "data");
