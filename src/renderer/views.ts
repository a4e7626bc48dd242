import { type ViewName, viewOfMime, type Views } from "../protocol/views";
import { type Guard, ProtocolError } from "../protocol/guard";
import { viewGuards } from "../protocol/viewGuards";
import { plotlyData } from "./plotlyData";
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

/** The view for a MIME type; it checks what it is given. */
export async function mountOf(mime: string): Promise<Mount<unknown>> {
  if (mime === plotlyMime) return checked((await import("./views/plotlyChart")).plotlyChart, plotlyData);
  const name = viewOfMime(mime);
  if (name === undefined) throw new Error(`There is no view for ${mime}`);
  return load(name);
}

const load = async <Name extends ViewName>(name: Name): Promise<Mount<unknown>> =>
  checked<Views[Name]>(await views[name](), (data, path) => {
    try {
      return viewGuards[name](data, path);
    } catch (error) {
      throw error instanceof ProtocolError ? new Error(otherVersion(error)) : error;
    }
  });

/** What a person who opens an old, a new or a mended notebook can make of a field that is not as it should be. */
const otherVersion = ({ message }: ProtocolError): string =>
  `another version of VAE Notebook made it, or the file was changed (${message})`;

/** From whatever a notebook file holds to a view's data. */
function checked<Data>(mount: Mount<Data>, guard: Guard<Data>): Mount<unknown> {
  return (root, data, context) => {
    const mounted = mount(root, guard(data, "its data"), context);
    return { update: (next) => mounted.update(guard(next, "its data")), dispose: () => mounted.dispose() };
  };
}
