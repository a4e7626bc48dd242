import {
  newNotebookMetadata,
  type Notebook,
  omittedByPercent,
  printNotebook,
  printPercent,
} from "../notebook";
import type { ExportFormat } from "./formats";
import { htmlPage, type PagePart } from "./html/page";
import type { LocalPicture } from "./links";
import { markdownFile } from "./markdown";

export { localPictures } from "./html/markdown";
export type { PagePart } from "./html/page";
export type { LocalPicture } from "./links";

export interface ExportOptions {
  /** The notebook's file name, for a page's title and its head. */
  readonly fileName: string;
  /** From the exported file's folder to the notebook's, with "/"; empty where they are the same. */
  readonly base: string;
  /** A folder beside the exported file for the pictures of Markdown; without it they are in the text. */
  readonly filesFolder?: string;
  /** The scripts of a page, as they were built. */
  readonly part: (name: PagePart) => string;
  /** The bytes of a picture beside the notebook: those of `localPictures` that could be read. */
  readonly picture: (picture: LocalPicture) => Uint8Array | undefined;
}

export interface Exported {
  readonly text: string;
  /** What goes beside it, by path from its folder. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What the format cannot keep, in words for a person. */
  readonly omitted: readonly string[];
}

/** A notebook in another format. Yields the share that is done, so that who asks may rest, and may show it. */
export function* exportNotebook(
  notebook: Notebook,
  format: ExportFormat,
  options: ExportOptions,
): Generator<number, Exported> {
  switch (format) {
    case "html":
      return { ...nothingElse, text: yield* htmlPage(notebook, options) };
    case "md":
      return { ...nothingElse, ...(yield* markdownFile(notebook, options)) };
    case "ipynb":
      return { ...nothingElse, text: printNotebook(forJupyter(notebook)) };
    case "vaenb":
      return { ...nothingElse, text: printNotebook(notebook) };
    case "ts":
      return { ...nothingElse, text: printPercent(notebook), omitted: omittedByPercent(notebook) };
  }
}

const nothingElse: Exported = { text: "", files: new Map(), omitted: [] };

/** Jupyter asks which kernel a notebook wants, and colours its cells by the language that it names. */
const forJupyter = ({ metadata, cells }: Notebook): Notebook => ({
  metadata: { ...newNotebookMetadata, ...metadata },
  cells,
});
