import { type ViewName, viewOfMime, type Views } from "../protocol/views";
import type { Mount } from "./view";

const plotlyMime = "application/vnd.plotly.v1+json";

/** Where each view's code is: loaded when its first output is drawn. */
const views: { readonly [Name in ViewName]: () => Promise<Mount<Views[Name]>> } = {
  training: async () => (await import("./views/training")).training,
  images: async () => (await import("./views/images")).images,
  latent: async () => (await import("./views/latent")).latent,
  manifold: async () => (await import("./views/manifold")).manifold,
  traversals: async () => (await import("./views/traversals")).traversals,
  kl: async () => (await import("./views/kl")).kl,
  dataset: async () => (await import("./views/dataset")).dataset,
  model: async () => (await import("./views/model")).model,
  score: async () => (await import("./views/score")).score,
  tensor: async () => (await import("./views/tensor")).tensor,
  table: async () => (await import("./views/table")).tableView,
  value: async () => (await import("./views/value")).value,
};

/** The view for a MIME type. The data of an output is what the figure of that view wrote: see `protocol/views.ts`. */
export async function mountOf(mime: string): Promise<Mount<unknown>> {
  if (mime === plotlyMime) return untyped((await import("./views/plotlyChart")).plotlyChart);
  const name = viewOfMime(mime);
  if (name === undefined) throw new Error(`There is no view for ${mime}`);
  return untyped(await load(name));
}

const load = <Name extends ViewName>(name: Name): Promise<Mount<Views[Name]>> => views[name]();

/** From a notebook file to a view's data: an object, else there is nothing to draw. */
function untyped<Data extends object>(mount: Mount<Data>): Mount<unknown> {
  const checked = (data: unknown): Data => {
    if (typeof data !== "object" || data === null) throw new TypeError("its data is no object");
    return data as Data;
  };
  return (root, data, context) => {
    const mounted = mount(root, checked(data), context);
    return { update: (next) => mounted.update(checked(next)), dispose: () => mounted.dispose() };
  };
}
