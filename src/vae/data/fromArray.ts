import { requireOptions, written, type OptionNames } from "../options";
import { checkShape, labelsFrom, product, shapeText } from "./source";
import { datasetOf, type View } from "./view";

export interface FromArrayOptions {
  /** For titles and messages. */
  readonly name?: string;
  /** Shape of one example; needed for a flat array, found out for nested ones. */
  readonly shape?: readonly number[];
  /** One class number per example. */
  readonly labels?: ArrayLike<number>;
  /** What the classes are called, by class number. */
  readonly names?: readonly string[];
}

const optionNames: OptionNames<FromArrayOptions> = { name: true, shape: true, labels: true, names: true };

/** Numbers in lists, one list per example, which may hold lists in turn: `[[0, 1], [1, 0]]`. */
export type Nested = readonly (number | Nested)[];

type TypedNumbers = Float32Array | Float64Array | Uint8Array | Uint8ClampedArray | Int32Array;

/**
 * A dataset from numbers that you have: nested lists (`[example][row][column]...`), or a flat typed array with the
 * `shape` of one example. The values stay as they are: bring pixels of 0 to 255 into [0, 1] with `.scale(1 / 255)`.
 * Bytes (`Uint8Array`) are kept as bytes and not copied; everything else becomes float32.
 * @throws Error if lists that should be equally long are not, or the numbers do not fill a whole number of examples.
 */
export function fromArray(values: Nested | TypedNumbers, options: FromArrayOptions = {}): View {
  requireOptions("data.fromArray", options, optionNames);
  requireNumbers(values);
  const { name = "array", labels, names } = options;
  const { flat, shape } = ArrayBuffer.isView(values)
    ? fromFlat(name, values, options.shape)
    : fromLists(name, values, options.shape);
  const size = flat.length / product(shape);
  return datasetOf({
    name,
    size,
    shape,
    values: flat,
    divisor: 1,
    ...(labels && { labels: labelsFrom(name, size, labels, names) }),
  });
}

interface Flat {
  readonly flat: Uint8Array | Float32Array;
  readonly shape: readonly number[];
}

function fromFlat(name: string, values: TypedNumbers, shape: readonly number[] | undefined): Flat {
  if (!shape) {
    throw new Error(
      `${name}: ${values.length} numbers in one array: give the shape of one example, such as { shape: [28, 28, 1] }.`,
    );
  }
  checkShape(name, shape);
  const perExample = product(shape);
  if (values.length % perExample !== 0) {
    throw new Error(
      `${name}: ${values.length} numbers are not a whole number of examples of ${shapeText(shape)} ` +
        `(${perExample} numbers each): ${values.length % perExample} are left over.`,
    );
  }
  const isBytes = values instanceof Uint8Array || values instanceof Uint8ClampedArray;
  if (isBytes) return { flat: new Uint8Array(values.buffer, values.byteOffset, values.length), shape };
  return { flat: values instanceof Float32Array ? values : Float32Array.from(values), shape };
}

function fromLists(name: string, values: Nested, shape: readonly number[] | undefined): Flat {
  const [first] = values;
  if (first === undefined) throw new Error(`${name} has no examples: a dataset needs at least one.`);
  const found = shapeOfLists(first);
  const perExample = product(found);
  const flat = new Float32Array(values.length * perExample);
  let end = 0;
  values.forEach((example, index) => {
    end = fill(flat, end, example, found, `${name}[${index}]`);
  });
  return shape ? fromFlat(name, flat, shape) : { flat, shape: found.length > 0 ? found : [1] };
}

function shapeOfLists(value: number | Nested): number[] {
  if (!isList(value)) return [];
  const [first] = value;
  return [value.length, ...(first === undefined ? [] : shapeOfLists(first))];
}

/** Copies the numbers of nested lists; answers where it stopped. */
function fill(
  flat: Float32Array,
  at: number,
  value: number | Nested,
  [length, ...rest]: readonly number[],
  where: string,
): number {
  if (typeof value === "number" && length === undefined) {
    flat[at] = value;
    return at + 1;
  }
  if (typeof value !== "number" && !isList(value))
    throw new TypeError(`${where} is ${written(value)}, not a number.${textHint(value)}`);
  if (typeof value === "number" || value.length !== length) {
    const found = typeof value === "number" ? "a number" : `a list of ${value.length}`;
    const expected = length === undefined ? "a number" : `a list of ${length}`;
    throw new Error(
      `${where} is ${found}, but the first example has ${expected} there. All examples need the same shape.`,
    );
  }
  return value.reduce<number>((end, part, index) => fill(flat, end, part, rest, `${where}[${index}]`), at);
}

const textHint = (value: unknown): string =>
  typeof value === "string" ? " Text becomes a number by Number(text)." : "";

/** Typed arrays among them are lists too. */
const isList = (value: unknown): value is Nested => Array.isArray(value) || ArrayBuffer.isView(value);

/** @throws TypeError if these are no numbers in lists, with what they are and how they become a dataset */
function requireNumbers(values: unknown): void {
  if (isList(values)) return;
  const isTensor = typeof values === "object" && values !== null && "arraySync" in values;
  const found = isTensor ? "a tensor: give its values, await tensor.array()" : written(values);
  throw new TypeError(
    `data.fromArray takes lists of numbers, [[0, 1], [1, 0]], or a typed array and { shape }, but got ${found}.`,
  );
}
