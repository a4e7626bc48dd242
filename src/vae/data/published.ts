import type { PublishedFile } from "./download/fetchFile";

/** A dataset of four IDX files that others publish. */
export interface PublishedSet {
  readonly title: string;
  /** The folder of its files, in `VAENB_DATA`, on a mirror and in the cache. */
  readonly folder: string;
  /** Addresses of folders, in the order in which they are tried. */
  readonly sources: readonly string[];
  readonly files: Readonly<
    Record<"trainImages" | "trainLabels" | "testImages" | "testLabels", PublishedFile>
  >;
  readonly classes: readonly string[];
}

const fileNames = {
  trainImages: "train-images-idx3-ubyte.gz",
  trainLabels: "train-labels-idx1-ubyte.gz",
  testImages: "t10k-images-idx3-ubyte.gz",
  testLabels: "t10k-labels-idx1-ubyte.gz",
} as const;

/** LeCun, Cortes and Burges: 60,000 + 10,000 handwritten digits. */
export const mnistSet: PublishedSet = {
  title: "MNIST",
  folder: "mnist",
  sources: [
    "https://storage.googleapis.com/cvdf-datasets/mnist",
    "https://ossci-datasets.s3.amazonaws.com/mnist",
  ],
  files: {
    trainImages: {
      name: fileNames.trainImages,
      bytes: 9_912_422,
      sha256: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    },
    trainLabels: {
      name: fileNames.trainLabels,
      bytes: 28_881,
      sha256: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    },
    testImages: {
      name: fileNames.testImages,
      bytes: 1_648_877,
      sha256: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    },
    testLabels: {
      name: fileNames.testLabels,
      bytes: 4_542,
      sha256: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    },
  },
  classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
};

/** Xiao, Rasul and Vollgraf (2017): 60,000 + 10,000 pictures of clothes, in MNIST's format. */
export const fashionMnistSet: PublishedSet = {
  title: "Fashion-MNIST",
  folder: "fashion-mnist",
  sources: [
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion",
  ],
  files: {
    trainImages: {
      name: fileNames.trainImages,
      bytes: 26_421_880,
      sha256: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    },
    trainLabels: {
      name: fileNames.trainLabels,
      bytes: 29_515,
      sha256: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    },
    testImages: {
      name: fileNames.testImages,
      bytes: 4_422_102,
      sha256: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    },
    testLabels: {
      name: fileNames.testLabels,
      bytes: 5_148,
      sha256: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    },
  },
  classes: [
    "T-shirt",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
  ],
};
