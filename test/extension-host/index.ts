import "./controller";
import "./serializer";
import { keepPromises } from "./promises";

/** The editor calls this in its extension host. */
export const run = (): Promise<void> => keepPromises(process.env.VAENB_HOST_RESULTS ?? "");
