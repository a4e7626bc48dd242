export { idFromContent, type MakeCellId } from "./cellIds";
export type { JsonObject, JsonPath, JsonValue } from "./json";
export {
  type Attachments,
  type Cell,
  type CellId,
  type CellType,
  type CodeCell,
  type DisplayOutput,
  type ErrorOutput,
  type FileBundle,
  isCellId,
  type MarkdownCell,
  newNotebookMetadata,
  type Notebook,
  type Output,
  type RawCell,
  type ResultOutput,
  type StreamOutput,
  tagsOf,
} from "./notebook";
export { NotebookError, type NotebookTrouble } from "./notebookError";
export { parseNotebook } from "./parse";
export { omittedByPercent, parsePercent, printPercent } from "./percent";
export { printNotebook } from "./print";
