/** The canvas as it is seen: enlarged by a whole factor, still crisp. */
function enlarged(canvas: HTMLCanvasElement, scale: number): HTMLCanvasElement {
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

/** Puts the picture on the clipboard; the result says how it went. */
export async function copyPicture(canvas: HTMLCanvasElement, scale: number): Promise<string> {
  if (!window.isSecureContext) return "Not copied: this page may not use the clipboard. Save it instead.";
  try {
    await navigator.clipboard.write([new ClipboardItem({ "image/png": pngOf(enlarged(canvas, scale)) })]);
    return "Copied.";
  } catch (error) {
    return `Not copied: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Offers the picture as a PNG file. */
export function savePicture(canvas: HTMLCanvasElement, scale: number, title: string): void {
  const link = document.createElement("a");
  link.href = enlarged(canvas, scale).toDataURL("image/png");
  link.download = `${title.replaceAll(/[^\w-]+/g, "-")}.png`;
  link.click();
}
