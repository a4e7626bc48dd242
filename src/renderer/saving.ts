/** The canvas as it is seen: enlarged by a whole factor, still crisp. */
export function enlarged(canvas: HTMLCanvasElement, scale: number): HTMLCanvasElement {
  const copy = document.createElement("canvas");
  copy.width = canvas.width * scale;
  copy.height = canvas.height * scale;
  const context = copy.getContext("2d");
  if (context) {
    context.imageSmoothingEnabled = false;
    context.drawImage(canvas, 0, 0, copy.width, copy.height);
  }
  return copy;
}

const pngOf = (canvas: HTMLCanvasElement): Promise<Blob> =>
  new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("the picture is too large"))),
      "image/png",
    ),
  );

/** Puts a picture on the clipboard; the result says how it went. */
export async function copyPicture(picture: HTMLCanvasElement | Promise<HTMLCanvasElement>): Promise<string> {
  if (!window.isSecureContext) return "Not copied: this page may not use the clipboard. Save it instead.";
  try {
    // The promise goes in: a browser asks for the clipboard in the turn in which somebody pressed a key.
    const blob = Promise.resolve(picture).then(pngOf);
    await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
    return "Copied.";
  } catch (error) {
    return `Not copied: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Takes a picture to where it becomes a file; `png` is base64. */
export type TakePicture = (name: string, png: string) => void;
let takePicture: TakePicture | undefined;

/**
 * Where the editor's own extension asks for the place of a file. VS Code's way, a click on a link that is heard in the
 * page, opens the file in the tab of the notebook.
 */
export function savePicturesBy(take: TakePicture): void {
  takePicture = take;
}

/** Offers a picture as a PNG file. The result is empty, or says why there is no file. */
export async function savePicture(
  picture: HTMLCanvasElement | Promise<HTMLCanvasElement>,
  title: string,
): Promise<string> {
  try {
    const url = (await picture).toDataURL("image/png");
    const name = `${title.replaceAll(/[^\w-]+/g, "-")}.png`;
    if (takePicture) takePicture(name, url.slice(url.indexOf(",") + 1));
    else download(name, url);
    return "";
  } catch (error) {
    return `Not saved: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function download(name: string, url: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}
