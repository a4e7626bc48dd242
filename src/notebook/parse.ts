import { isJsonMime } from "../protocol/mime";
import { idFromContent, type MakeCellId } from "./cellIds";
import { acceptText, decodeFile } from "./decode";
import { JsonError, type JsonPath, type JsonValue, parseJson } from "./json";
import { locate } from "./locate";
import {
  type Attachments,
  type Cell,
  type CellId,
  type FileBundle,
  isCellId,
  type Notebook,
  type Output,
} from "./notebook";
import { NotebookError, type NotebookTrouble, placeOf } from "./notebookError";
import { expectNothingElse, Item, StructureError } from "./structure";

/**
 * Reads a notebook file: nbformat 4.0 to 4.5. Throws a `NotebookError` for everything else; nothing is guessed, left out
 * or replaced. Each key and type that nbformat defines is checked, unknown keys beside them are errors, keys and cell
 * ids may not repeat, and a text may not run over a line's end; so damage to a file that was printed here either is an
 * error or lies inside free content: a text, a number, a metadata or MIME or attachment name, a cell id.
 */
export function parseNotebook(
  file: string | Uint8Array,
  { makeId = idFromContent }: { makeId?: MakeCellId } = {},
): Notebook {
  const text = typeof file === "string" ? acceptText(file) : decodeFile(file);
  if (/^\s*$/.test(text)) {
    throw new NotebookError(
      "empty",
      "the file is empty; a notebook without cells has at least its format's version",
      placeOf(text, 0),
    );
  }
  try {
    return readNotebook(new Item(parseJson(text), []), makeId);
  } catch (error) {
    if (error instanceof JsonError) throw at("syntax", text, error.problem, error.offset, error.path);
    if (error instanceof StructureError) {
      throw at(error.trouble, text, error.problem, locate(text, error.path, error.target), error.path);
    }
    throw error;
  }
}

function at(
  trouble: NotebookTrouble,
  text: string,
  problem: string,
  offset: number,
  path: JsonPath,
): NotebookError {
  const cell = path[0] === "cells" && typeof path[1] === "number" ? path[1] + 1 : undefined;
  return new NotebookError(trouble, problem, placeOf(text, offset), cell);
}

function readNotebook(file: Item, makeId: MakeCellId): Notebook {
  const top = file.object("a notebook");
  const minor = readVersion(file, top);
  expectNothingElse(file, ["cells", "metadata", "nbformat", "nbformat_minor"]);
  const items = file.field("cells").array();

  // Kept ids come first, so that a made one never takes one of theirs.
  const kept = items.map((item) => readId(item, minor));
  const taken = new Map<string, number>();
  for (const [i, id] of kept.entries()) {
    const first = id === undefined ? undefined : taken.get(id);
    if (first !== undefined) {
      items[i]
        ?.field("id")
        .fail(`the id "${id}" is that of cell ${first + 1} too; give one of the two another id`);
    }
    if (id !== undefined) taken.set(id, i);
  }

  const ids = new Set(taken.keys());
  const cells = items.map((item, i) => {
    const parts = readCell(item);
    const id = kept[i] ?? makeId(parts, ids);
    ids.add(id);
    return { ...parts, id };
  });
  return { metadata: file.field("metadata").object("metadata"), cells };
}

/** The version is read first: a notebook of another one should be told so, not that its keys are wrong. */
function readVersion(file: Item, top: object): number {
  if (!("nbformat" in top)) {
    if ("worksheets" in top) file.fail(`this is a notebook of version 3 or older; ${conversion}`, "version");
    file.fail('this is JSON but no notebook: it has no "nbformat"');
  }
  const major = file.field("nbformat").integer();
  if (major !== 4)
    file
      .field("nbformat")
      .fail(`this is nbformat ${major}; versions 4.0 to 4.5 are read here: ${conversion}`, "version");
  const minor = file.field("nbformat_minor").integer();
  if (minor > 5) {
    file
      .field("nbformat_minor")
      .fail(
        `this is nbformat 4.${minor}; versions 4.0 to 4.5 are read here: update this program, or save the notebook as 4.5`,
        "version",
      );
  }
  return minor;
}
const conversion = "convert it with `jupyter nbconvert --to notebook --inplace FILE`";

function readId(cell: Item, minor: number): CellId | undefined {
  const object = cell.object("a cell");
  if (!("id" in object)) {
    if (minor < 5) return undefined;
    return cell.fail(
      'this cell has no "id", which nbformat 4.5 asks for; add one such as "id": "my-cell", unique in this file',
    );
  }
  const id = cell.field("id").string();
  if (!isCellId(id)) {
    return cell.field("id").fail(`${JSON.stringify(id)} is no cell id: 1 to 64 letters, digits, "-" or "_"`);
  }
  return id;
}

type Unnamed<C> = C extends Cell ? Omit<C, "id"> : never;

function readCell(cell: Item): Unnamed<Cell> {
  const type = cell.field("cell_type").oneOf("code", "markdown", "raw");
  const parts = { source: cell.field("source").lines(), metadata: readCellMetadata(cell.field("metadata")) };
  if (type === "code") {
    expectNothingElse(cell, ["cell_type", "execution_count", "id", "metadata", "outputs", "source"]);
    const outputs = cell.field("outputs").array().map(readOutput);
    return { type, ...parts, executionCount: cell.field("execution_count").count(), outputs };
  }
  expectNothingElse(cell, ["attachments", "cell_type", "id", "metadata", "source"]);
  if (!cell.has("attachments")) return { type, ...parts };
  return { type, ...parts, attachments: readAttachments(cell.field("attachments")) };
}

function readCellMetadata(item: Item): Cell["metadata"] {
  const metadata = item.object("metadata");
  if (item.has("tags"))
    item
      .field("tags")
      .array()
      .forEach((tag) => tag.string());
  return metadata;
}

function readOutput(output: Item): Output {
  const type = output.field("output_type").oneOf("stream", "display_data", "execute_result", "error");
  switch (type) {
    case "stream":
      expectNothingElse(output, ["name", "output_type", "text"]);
      return {
        type,
        name: output.field("name").oneOf("stdout", "stderr"),
        text: output.field("text").lines(),
      };
    case "display_data":
      expectNothingElse(output, ["data", "metadata", "output_type"]);
      return {
        type,
        data: readBundle(output.field("data")),
        metadata: output.field("metadata").object("metadata"),
      };
    case "execute_result":
      expectNothingElse(output, ["data", "execution_count", "metadata", "output_type"]);
      return {
        type,
        executionCount: output.field("execution_count").count(),
        data: readBundle(output.field("data")),
        metadata: output.field("metadata").object("metadata"),
      };
    case "error":
      expectNothingElse(output, ["ename", "evalue", "output_type", "traceback"]);
      return {
        type,
        name: output.field("ename").string(),
        message: output.field("evalue").string(),
        traceback: output
          .field("traceback")
          .array()
          .map((line) => line.string()),
      };
  }
}

const readAttachments = (item: Item): Attachments =>
  Object.fromEntries(item.fields("attachments").map(([name, bundle]) => [name, readBundle(bundle)]));

const readBundle = (item: Item): FileBundle =>
  Object.fromEntries(
    item.fields("a MIME bundle").map(([mime, content]) => [mime, readContent(content, mime)]),
  );

const readContent = (item: Item, mime: string): JsonValue => (isJsonMime(mime) ? item.value : item.lines());
