import { enlarged } from "./saving";
import type { ThemeColours } from "./view";

/** What stands beside the rows and above the columns. */
export interface GridNames {
  readonly rowNames: readonly string[];
  readonly columnNames: readonly string[];
  readonly columns: number;
  /** The names are those of the ends and the middle of an axis, not of single rows and columns. */
  readonly ofEdges: boolean;
}

const size = 12;
const gap = 8;
const line = 18;

/**
 * The pictures of a grid with their names, as they are seen, but never in fewer pixels than the pictures have. Without
 * names what is between the pictures stays transparent; names are letters on the editor's background.
 */
export function gridPicture(
  grid: HTMLCanvasElement,
  scale: number,
  { rowNames, columnNames, columns, ofEdges }: GridNames,
  colours: ThemeColours,
): HTMLCanvasElement {
  const pictures = enlarged(grid, Math.max(1, Math.ceil(scale)));
  const measuring = pictures.getContext("2d");
  if (measuring === null || (rowNames.length === 0 && columnNames.length === 0)) return pictures;
  const font = `${size}px ${colours.font}`;
  measuring.font = font;
  const wide = (text: string): number => Math.ceil(measuring.measureText(text).width);
  const { width, height } = pictures;
  const left = rowNames.length === 0 ? gap : Math.max(...rowNames.map(wide)) + 2 * gap;
  const top = columnNames.length === 0 ? gap : line + gap;

  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: left + width + gap, height: top + height + gap });
  const context = canvas.getContext("2d");
  if (context === null) return pictures;
  context.fillStyle = colours.background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(pictures, left, top);
  context.fillStyle = colours.foreground;
  Object.assign(context, { font, textBaseline: "middle" });
  rowNames.forEach((name, i) => {
    const y = ofEdges ? alongEdge(i, rowNames.length, height, size) : ((i + 0.5) * height) / rowNames.length;
    context.textAlign = "right";
    context.fillText(name, left - gap, top + y);
  });
  const room = width / columns;
  const every = ofEdges ? 1 : Math.max(1, Math.ceil((Math.max(0, ...columnNames.map(wide)) + 4) / room));
  columnNames.forEach((name, i) => {
    if (i % every !== 0) return;
    const x = ofEdges ? alongEdge(i, columnNames.length, width, wide(name)) : (i + 0.5) * room;
    context.textAlign = "center";
    context.fillText(name, left + x, top - gap / 2 - size / 2);
  });
  return canvas;
}

/** The middle of the i-th of some names that are spread from one end of an edge to the other. */
function alongEdge(i: number, count: number, length: number, own: number): number {
  const share = count < 2 ? 0.5 : i / (count - 1);
  return own / 2 + share * (length - own);
}
