// Our side. Arguments: model name, engine (optional). One run without end; between its points it waits for its turns.
import { prepare } from "./ours.mjs";
import { turn } from "./turns.mjs";

const { fit } = await prepare(process.argv[2], process.argv[3]);
let limit = 0;
let began = 0;
let firstStep = 0;
await fit({
  steps: 100_000_000,
  callbacks: {
    async onPoint({ step }) {
      const elapsed = performance.now() - began;
      if (elapsed < limit) return;
      limit = await turn(firstStep === 0 ? "ready" : elapsed / (step - firstStep));
      firstStep = step;
      began = performance.now();
    },
  },
});
