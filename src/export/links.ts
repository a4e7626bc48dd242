import path from "node:path";

/** Whether a link names a file by its place beside the notebook. */
export const isBeside = (link: string): boolean =>
  link !== "" && !/^(?:[a-z][a-z\d+.-]*:|[/\\#?])/i.test(link) && !link.startsWith("data:");

/** The link as it is right in the exported file, from whose folder `base` leads to the notebook's. */
export const rebased = (link: string, base: string): string =>
  base === "" || !isBeside(link) ? link : path.posix.normalize(`${encodeURI(base)}/${link}`);

const pictureTypes: Readonly<Record<string, string>> = {
  ".avif": "image/avif",
  ".gif": "image/gif",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".webp": "image/webp",
};

export interface LocalPicture {
  /** From the notebook's folder. */
  readonly path: string;
  readonly mime: string;
}

/**
 * The picture that a link names, if it lies in the notebook's folder or below: a notebook from somewhere must not make
 * its reader publish other files.
 */
export function localPicture(link: string): LocalPicture | undefined {
  if (!isBeside(link)) return undefined;
  const file = path.posix.normalize(decoded(link).replace(/[?#].*$/, ""));
  const mime = pictureTypes[path.posix.extname(file).toLowerCase()];
  if (mime === undefined || file.startsWith("../") || file.startsWith("/") || /[\\:\0]/.test(file))
    return undefined;
  return { path: file, mime };
}

export function decoded(link: string): string {
  try {
    return decodeURIComponent(link);
  } catch {
    return link;
  }
}
