import { CsvError, parse } from "csv-parse";
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { requireOptions, written, type OptionNames } from "../options";
import { missingFile } from "./missingFile";
import { labelsFrom, shapeText, product, type Source } from "./source";
import { datasetOf, type View } from "./view";

/** A column by its name in the first row, or by its number from 0. */
export type Column = string | number;

export interface CsvOptions {
  /** For titles and messages; by default the file's name. */
  readonly name?: string;
  /** Whether the first row has the columns' names; by default, whether it has a field that is not a number. */
  readonly header?: boolean;
  /** The columns that are the values, in this order; by default all but the label. */
  readonly columns?: readonly Column[];
  /** The column that has each example's class, in any words. */
  readonly label?: Column;
  /** The shape of one example; by default a vector. */
  readonly shape?: readonly number[];
  /** What every value is divided by, such as 255 for pixels. */
  readonly divisor?: number;
  /** What separates fields; by default a comma. */
  readonly delimiter?: string;
}

const optionNames: OptionNames<CsvOptions> = {
  name: true,
  header: true,
  columns: true,
  label: true,
  shape: true,
  divisor: true,
  delimiter: true,
};

/**
 * One example per row of a CSV file. Whole numbers from 0 to 255 are kept as bytes, everything else as float32.
 * @throws Error if the file is missing or empty, a row has too many or too few fields, or a value is not a number: each
 * names the line.
 */
export async function csv(path: string, options: CsvOptions = {}): Promise<View> {
  requireOptions("data.csv", options, optionNames);
  const { name = basename(path), divisor = 1 } = options;
  if (options.columns !== undefined && !Array.isArray(options.columns))
    throw new TypeError(
      `columns is a list of names or places, such as ["x", "y"], but is ${written(options.columns)}.`,
    );
  if (!Number.isFinite(divisor) || divisor === 0)
    throw new RangeError(`divisor must be a number other than 0, but is ${written(divisor)}.`);
  const table = new Table(path, options);
  const parser = parse({
    bom: true,
    skip_empty_lines: true,
    trim: true,
    delimiter: options.delimiter ?? ",",
    on_record: (fields: readonly string[], { lines }) => {
      table.add({ fields, line: lines });
      return null;
    },
  });
  try {
    await pipeline(createReadStream(path), parser.resume());
  } catch (error) {
    throw missingFile(error, path) ?? raggedRow(error, path, options) ?? error;
  }
  return datasetOf(table.source(name, divisor, options.shape));
}

interface Row {
  readonly fields: readonly string[];
  readonly line: number;
}

const isNumber = (field: string): boolean => field !== "" && !Number.isNaN(Number(field));

/** Rows as they come in, turned into numbers and classes. */
class Table {
  #header: readonly string[] | undefined;
  #columns: readonly number[] | undefined;
  #label: number | undefined;
  #values = new Float32Array(1024);
  #count = 0;
  #rows = 0;
  readonly #classes: string[] = [];

  constructor(
    private readonly path: string,
    private readonly options: CsvOptions,
  ) {}

  add({ fields, line }: Row): void {
    if (!this.#columns) {
      this.#requireSeparated(fields);
      const hasHeader = this.options.header ?? !fields.every(isNumber);
      this.#header = hasHeader ? fields : undefined;
      this.#label =
        this.options.label === undefined ? undefined : this.#place(this.options.label, fields.length);
      const all = fields.map((_, place) => place).filter((place) => place !== this.#label);
      this.#columns = this.options.columns?.map((column) => this.#place(column, fields.length)) ?? all;
      if (hasHeader) return;
    }
    for (const place of this.#columns) this.#push(this.#number(fields[place] ?? "", place, line));
    if (this.#label !== undefined) this.#classes.push(fields[this.#label] ?? "");
    this.#rows++;
  }

  source(name: string, divisor: number, shape: readonly number[] | undefined): Source {
    const width = this.#columns?.length ?? 0;
    if (this.#rows === 0 || width === 0) {
      throw new Error(
        `${this.path} has ${this.#rows === 0 ? "no rows of values" : "no columns of values"}. Check the path and the options header, columns and label.`,
      );
    }
    if (shape && product(shape) !== width) {
      throw new Error(
        `${this.path} has ${width} columns of values, and the shape ${shapeText(shape)} would need ${product(shape)}.`,
      );
    }
    return {
      name,
      size: this.#rows,
      shape: shape ?? [width],
      values: asBytes(this.#values.subarray(0, this.#count)) ?? this.#values.slice(0, this.#count),
      divisor,
      ...(this.#label !== undefined && { labels: classLabels(name, this.#classes) }),
    };
  }

  /** @throws if all of the first row is one field, with what separates fields elsewhere in it */
  #requireSeparated([field = "", ...others]: readonly string[]): void {
    const other = [";", "\t"].find((separator) => field.includes(separator));
    if (this.options.delimiter !== undefined || others.length > 0 || other === undefined) return;
    throw new Error(
      `${this.path} has no commas in its first row, but ${other === ";" ? "semicolons" : "tabs"}: read it with { delimiter: ${JSON.stringify(other)} }.`,
    );
  }

  #place(column: Column, width: number): number {
    const place = typeof column === "number" ? column : (this.#header?.indexOf(column) ?? -1);
    if (Number.isInteger(place) && place >= 0 && place < width) return place;
    const known = this.#header
      ? `its columns are ${this.#header.slice(0, 20).join(", ")}`
      : `it has no header, and ${width} columns from 0 to ${width - 1}`;
    throw new Error(`${this.path} has no column ${column}: ${known}.`);
  }

  #number(field: string, place: number, line: number): number {
    if (isNumber(field)) return Number(field);
    if (/^nan$/i.test(field)) return NaN;
    const column = this.#header?.[place] ?? String(place);
    const found = field === "" ? "is empty" : `is "${field}"`;
    throw new Error(
      `${this.path}, line ${line}: column ${column} ${found}, not a number. ` +
        `If it is the class, give { label: ${JSON.stringify(this.#header?.[place] ?? place)} }; to leave it out, list the others in columns.`,
    );
  }

  #push(value: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float32Array(2 * this.#count);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count++] = value;
  }
}

function asBytes(values: Float32Array): Uint8Array | undefined {
  return values.every((value) => (value & 255) === value) ? Uint8Array.from(values) : undefined;
}

/** Classes that are whole numbers keep their number; others are numbered in alphabetical order. */
function classLabels(name: string, classes: readonly string[]): Source["labels"] {
  const isNumbered = classes.every((each) => /^\d{1,4}$/.test(each));
  if (isNumbered) return labelsFrom(name, classes.length, classes.map(Number));
  const names = [...new Set(classes)].sort((a, b) => (a < b ? -1 : 1));
  const codes = new Map(names.map((each, code) => [each, code]));
  return labelsFrom(
    name,
    classes.length,
    classes.map((each) => codes.get(each) ?? 0),
    names,
  );
}

function raggedRow(error: unknown, path: string, { delimiter = "," }: CsvOptions): Error | undefined {
  if (!(error instanceof CsvError)) return undefined;
  const where = `${path}, line ${String(error.lines)}`;
  if (error.code !== "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH")
    return new Error(`${where}: ${error.message}`, { cause: error });
  const found = Array.isArray(error.record) ? error.record.length : "another number of";
  return new Error(
    `${where}: the row has ${found} fields, but the rows before it have another number. ` +
      `Is "${delimiter}" the delimiter everywhere, and is text that contains it in quotes?`,
    { cause: error },
  );
}
