type Child = Node | string | undefined;

interface Properties {
  readonly class?: string;
  readonly [attribute: string]: string | number | boolean | ((event: Event) => void) | undefined;
}

/**
 * Makes an element: functions become listeners (`onclick`), `true` a bare attribute, the rest attributes. Text is always
 * text: nothing that comes from a notebook is read as HTML.
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") made.addEventListener(name.slice("on".length), value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** The same for a picture's parts. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | number | undefined>> = {},
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[Tag] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** Text that only screen readers find. */
export const spoken = (text: string): HTMLElement => element("span", { class: "vaenb-spoken" }, text);

export interface TableColumn {
  readonly name: string;
  readonly align?: "left" | "right";
}

export interface TableRow {
  readonly cells: readonly Child[];
  readonly class?: string;
}

/** A table with a caption, its first column naming the rows. */
export function table(
  caption: string,
  columns: readonly TableColumn[],
  rows: readonly TableRow[],
): HTMLTableElement {
  const side = (column: number): string =>
    columns[column]?.align === "right" ? "vaenb-right" : "vaenb-left";
  return element(
    "table",
    { class: "vaenb-table" },
    element("caption", { class: "vaenb-spoken" }, caption),
    columns.every(({ name }) => name === "") ? undefined : heading(columns, side),
    element(
      "tbody",
      {},
      ...rows.map((row) =>
        element(
          "tr",
          { class: row.class },
          ...row.cells.map((cell, c) =>
            c === 0
              ? element("th", { scope: "row", class: side(c) }, cell)
              : element("td", { class: side(c) }, cell),
          ),
        ),
      ),
    ),
  );
}

const heading = (columns: readonly TableColumn[], side: (column: number) => string): HTMLElement =>
  element(
    "thead",
    {},
    element(
      "tr",
      {},
      ...columns.map(({ name }, c) =>
        name === "" ? element("td") : element("th", { scope: "col", class: side(c) }, name),
      ),
    ),
  );

/** A frame with a title, which names the region for screen readers. */
export function panel(title: string, ...children: readonly Child[]): HTMLElement {
  return element(
    "section",
    { class: "vaenb-panel", "aria-label": title },
    element("div", { class: "vaenb-title" }, title),
    ...children,
  );
}

/** A box that scrolls sideways where its content is wider than the cell, also with the keyboard. */
export const scrolling = (label: string, ...children: readonly Child[]): HTMLElement =>
  element("div", { class: "vaenb-scrolling", tabindex: 0, role: "group", "aria-label": label }, ...children);
