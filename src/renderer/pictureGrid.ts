import { element } from "./elements";
import { comfortableScale, drawGrid, type Pictures } from "./pictures";
import { gridPicture } from "./gridPicture";
import { copyPicture, savePicture } from "./saving";
import type { Theme } from "./view";

export interface PictureGridContent {
  readonly title: string;
  readonly pictures: Pictures;
  readonly columns: number;
  readonly rowNames?: readonly string[];
  readonly columnNames?: readonly string[];
  /** The names are those of the first, the middle and the last row and column of many. */
  readonly namesOfEdges?: boolean;
  readonly captions?: readonly string[];
  readonly margin?: boolean;
}

export interface PictureGrid {
  readonly element: HTMLElement;
  show(content: PictureGridContent): void;
  /** Told which picture is pointed at, with the pointer or the arrow keys, and where in the grid (0 to 1, from the top left). */
  onPoint(listener: (picture: number, x: number, y: number) => void): void;
  dispose(): void;
}

const scales = { least: 1, most: 12 };

/**
 * Pictures in a grid: pointed at with the pointer or walked through with the arrow keys, enlarged by whole factors, at
 * first so that `beside` stays free next to them.
 */
export function pictureGrid(theme: Theme, beside = 0): PictureGrid {
  let content: PictureGridContent | undefined;
  let scale: number | undefined;
  /** The person has chosen the scale; otherwise it follows the width of the cell. */
  let chosen = false;
  let current = 0;
  const listeners: ((picture: number, x: number, y: number) => void)[] = [];

  const canvas = element("canvas", { "aria-hidden": "true" });
  const marker = element("div", { class: "vaenb-marker", hidden: true });
  const pictures = element(
    "div",
    { class: "vaenb-pictures", tabindex: 0, role: "application", "aria-roledescription": "grid of pictures" },
    canvas,
    marker,
  );
  const rowNames = element("div", { class: "vaenb-rowNames", "aria-hidden": "true" });
  const columnNames = element("div", { class: "vaenb-columnNames", "aria-hidden": "true" });
  const caption = element("span", { class: "vaenb-note", "aria-live": "polite" });
  const zoom = (by: number) => (): void => {
    const whole = by > 0 ? Math.floor(scale ?? 1) : Math.ceil(scale ?? 1);
    scale = Math.max(scales.least, Math.min(scales.most, whole + by));
    chosen = true;
    layOut();
  };
  const root = element(
    "div",
    { class: "vaenb-panel" },
    element(
      "div",
      { class: "vaenb-scrolling" },
      element("div", { class: "vaenb-frame" }, columnNames, rowNames, pictures),
    ),
    element(
      "div",
      { class: "vaenb-row" },
      element(
        "span",
        { class: "vaenb-joined" },
        element("span", { "aria-hidden": "true" }, "size"),
        element(
          "button",
          { type: "button", "aria-label": "Smaller pictures", title: "Smaller pictures", onclick: zoom(-1) },
          "−",
        ),
        element(
          "button",
          { type: "button", "aria-label": "Larger pictures", title: "Larger pictures", onclick: zoom(1) },
          "+",
        ),
      ),
      element(
        "button",
        {
          type: "button",
          title: "Copy the pictures with their names",
          onclick: () => void copyPicture(saved()).then(say),
        },
        "Copy",
      ),
      element(
        "button",
        {
          type: "button",
          title: "Save the pictures with their names as a PNG file",
          onclick: () => void savePicture(saved(), content?.title ?? "pictures").then(say),
        },
        "Save",
      ),
      caption,
    ),
  );

  const say = (text: string): void => {
    caption.textContent = text;
  };

  const saved = (): HTMLCanvasElement => {
    const { columns = 1, namesOfEdges: ofEdges = false, columnNames = [] } = content ?? {};
    const names = { rowNames: shownRows(content), columnNames, columns, ofEdges };
    return gridPicture(canvas, scale ?? 1, names, theme.colours());
  };

  const layOut = (): void => {
    if (content === undefined) return;
    if (cell() === 0) return;
    const names = rowNames.offsetWidth;
    // A grid that would leave too little beside it has its own line.
    const available = (cell() - beside >= 300 ? cell() - beside : cell()) - names;
    if (scale === undefined || !chosen) scale = comfortableScale(canvas, content.pictures.width, available);
    canvas.classList.toggle("vaenb-reduced", scale < 1);
    canvas.style.width = `${canvas.width * scale}px`;
    canvas.style.height = `${canvas.height * scale}px`;
    columnNames.style.width = canvas.style.width;
    rowNames.style.height = canvas.style.height;
    thinOut(columnNames, (canvas.width * scale) / content.columns, content.namesOfEdges === true);
  };

  const point = (picture: number, x: number, y: number): void => {
    if (content === undefined || picture < 0 || picture >= content.pictures.count) return;
    current = picture;
    const { columns, pictures: shown } = content;
    const [width, height, gap] = [shown.width, shown.height, gapOf(content)].map((n) => n * (scale ?? 1));
    marker.hidden = false;
    Object.assign(marker.style, {
      left: `${(picture % columns) * ((width ?? 0) + (gap ?? 0))}px`,
      top: `${Math.floor(picture / columns) * ((height ?? 0) + (gap ?? 0))}px`,
      width: `${width}px`,
      height: `${height}px`,
    });
    say(captionOf(content, picture));
    for (const listener of listeners) listener(picture, x, y);
  };

  pictures.addEventListener("pointermove", (event) => {
    if (content === undefined) return;
    const box = canvas.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    if (x < 0 || y < 0 || x >= 1 || y >= 1) return;
    const rows = Math.ceil(content.pictures.count / content.columns);
    point(Math.floor(y * rows) * content.columns + Math.floor(x * content.columns), x, y);
  });
  pictures.addEventListener("keydown", (event) => {
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -(content?.columns ?? 0),
      ArrowDown: content?.columns ?? 0,
    };
    const step = steps[event.key];
    if (step === undefined || content === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = Math.max(0, Math.min(content.pictures.count - 1, marker.hidden ? current : current + step));
    const rows = Math.ceil(content.pictures.count / content.columns);
    point(
      next,
      ((next % content.columns) + 0.5) / content.columns,
      (Math.floor(next / content.columns) + 0.5) / rows,
    );
  });
  pictures.addEventListener("pointerleave", () => {
    marker.hidden = true;
  });

  const cell = (): number => root.closest(".vaenb-root")?.clientWidth ?? 0;
  let width = 0;
  const resized = new ResizeObserver(() => {
    if (cell() === width) return;
    width = cell();
    layOut();
  });
  resized.observe(root);

  return {
    element: root,
    show: (next) => {
      content = next;
      drawGrid(canvas, next.pictures, { columns: next.columns, gap: gapOf(next) });
      pictures.setAttribute("aria-label", descriptionOf(next));
      for (const names of [rowNames, columnNames])
        names.classList.toggle("vaenb-edges", next.namesOfEdges === true);
      rowNames.replaceChildren(...shownRows(next).map((name) => element("span", {}, name)));
      columnNames.replaceChildren(
        ...(next.columnNames ?? []).map((name) => element("span", { title: name }, name)),
      );
      requestAnimationFrame(layOut);
    },
    onPoint: (listener) => {
      listeners.push(listener);
    },
    dispose: () => {
      resized.disconnect();
      listeners.length = 0;
    },
  };
}

/** Where columns are narrower than their names, every second, third, ... name stays. */
function thinOut(names: HTMLElement, width: number, edges: boolean): void {
  const longest = Math.max(0, ...[...names.children].map((name) => name.textContent.length));
  const every = edges ? 1 : Math.max(1, Math.ceil((longest * 6.5) / width));
  [...names.children].forEach((name, i) => {
    if (name instanceof HTMLElement) name.style.visibility = every > 3 || i % every === 0 ? "" : "hidden";
    name.classList.toggle("vaenb-spread", every > 1 && every <= 3);
  });
}

/** The names of the rows that have pictures; those of the edges stand for all rows. */
function shownRows(content: PictureGridContent | undefined): readonly string[] {
  const { rowNames = [], namesOfEdges, pictures, columns } = content ?? {};
  if (namesOfEdges === true || pictures === undefined || columns === undefined) return rowNames;
  return rowNames.slice(0, Math.ceil(pictures.count / columns));
}

const gapOf = ({ margin, pictures }: PictureGridContent): number =>
  margin === false ? 0 : Math.max(1, Math.round(pictures.width / 28));

function captionOf(
  { captions, rowNames, columnNames, columns }: PictureGridContent,
  picture: number,
): string {
  const names = [rowNames?.[Math.floor(picture / columns)], columnNames?.[picture % columns]];
  return captions?.[picture] ?? names.filter((name) => name !== undefined).join(", ");
}

function descriptionOf({ title, pictures, columns, rowNames, columnNames }: PictureGridContent): string {
  const rows = Math.ceil(pictures.count / columns);
  const named = [
    ...(rowNames ? [`rows: ${[...new Set(rowNames)].join(", ")}`] : []),
    ...(columnNames ? [`columns: ${columnNames.join(", ")}`] : []),
  ];
  return [
    `${title}: ${pictures.count} pictures of ${pictures.width} by ${pictures.height} pixels in ${rows} rows of ${columns}`,
    ...named,
    "arrow keys walk through them",
  ].join("; ");
}
