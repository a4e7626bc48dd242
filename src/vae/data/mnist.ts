import { requireOptions } from "../options";
import { idxDataset, readIdx } from "./idx";
import { locate, type LocateOptions } from "./locate";
import { fashionMnistSet, mnistSet, type PublishedSet } from "./published";
import { TrainTestPair } from "./trainTest";

/**
 * MNIST: 60,000 handwritten digits to train on and 10,000 to test on, `[28, 28, 1]`, values in [0, 1]. Read from the
 * folder in `VAENB_DATA`, or downloaded once (11 MB), checked and kept.
 * @throws Error that says what to do if it can neither be found nor downloaded, or a file is not the published one.
 */
export const mnist = (options: LocateOptions = {}): Promise<TrainTestPair> =>
  shared("data.mnist", mnistSet, options);

/**
 * Fashion-MNIST (Xiao, Rasul and Vollgraf 2017): 60,000 pictures of clothes to train on and 10,000 to test on,
 * `[28, 28, 1]`, values in [0, 1]. Read from the folder in `VAENB_DATA`, or downloaded once (31 MB), checked and kept.
 * @throws Error that says what to do if it can neither be found nor downloaded, or a file is not the published one.
 */
export const fashionMnist = (options: LocateOptions = {}): Promise<TrainTestPair> =>
  shared("data.fashionMnist", fashionMnistSet, options);

const inMemory = new Map<string, WeakRef<TrainTestPair>>();
const loading = new Map<string, Promise<TrainTestPair>>();

/** A cell that is run again gets the images that are in memory, as long as something uses them. */
async function shared(reader: string, set: PublishedSet, options: LocateOptions): Promise<TrainTestPair> {
  requireOptions(reader, options, { mirror: true });
  const key = [set.folder, process.env.VAENB_DATA, process.env.VAENB_CACHE].join("\n");
  const before = inMemory.get(key)?.deref();
  if (before) return before;
  const load = loading.get(key) ?? read(set, options).finally(() => loading.delete(key));
  loading.set(key, load);
  const pair = await load;
  inMemory.set(key, new WeakRef(pair));
  return pair;
}

async function read(set: PublishedSet, options: LocateOptions): Promise<TrainTestPair> {
  const paths = await locate(set, options);
  const train = idxDataset(
    `${set.title} train`,
    await readIdx(paths.trainImages),
    await readIdx(paths.trainLabels),
    set.classes,
  );
  const test = idxDataset(
    `${set.title} test`,
    await readIdx(paths.testImages),
    await readIdx(paths.testLabels),
    set.classes,
  );
  return new TrainTestPair(set.title, train, test);
}
