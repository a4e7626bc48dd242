/**
 * Options by name: a name that nobody reads is a mistake, most often a typing error, and an error says so. In silence,
 * `fit({ epoch: 3 })` would train with defaults and let a person draw conclusions from them.
 */

/**
 * The names that an options type has, as a value: `{ train: true, test: true }`. The compiler refuses a list that
 * lacks a name of the type or has one too many.
 */
export type OptionNames<Options> = Readonly<Record<NameOf<Options>, true>>;
/** Names of a union are those of all its members. */
type NameOf<Options> = Options extends unknown ? Extract<keyof Options, string> : never;

/**
 * @param reader how the person called it: "data.digits", "fit"
 * @param options what the person gave
 * @throws TypeError if that is no object, or has a name that is not among the known ones
 */
export function requireOptions(
  reader: string,
  options: unknown,
  known: Readonly<Record<string, true>>,
): asserts options is object {
  const names = Object.keys(known);
  if (typeof options !== "object" || options === null || Array.isArray(options))
    throw new TypeError(
      `${reader} takes its options by name, { ${names.join(", ")} }, but got ${written(options)}.`,
    );
  const unknown = Object.keys(options).filter((name) => !(name in known));
  const [first] = unknown;
  if (first === undefined) return;
  const guess = didYouMean(first, names);
  throw new TypeError(`${reader} has no option "${first}".${guess} It has ${names.join(", ")}.`);
}

/** ` Did you mean "epochs"?` for a name that is close to a known one, otherwise nothing. */
export function didYouMean(name: string, known: readonly string[]): string {
  const closest = closestName(name, known);
  return closest === undefined ? "" : ` Did you mean "${closest}"?`;
}

/** The known name that was probably meant: the same but for case and hyphens, its initials, its beginning, or few letters off. */
export function closestName(name: string, known: readonly string[]): string | undefined {
  const wanted = bare(name);
  const alike = known.find((candidate) => bare(candidate) === wanted || initials(candidate) === wanted);
  if (alike !== undefined) return alike;
  const ranked = known
    .map((candidate) => ({ candidate, edits: edits(wanted, bare(candidate)) }))
    .sort((a, b) => a.edits - b.edits);
  const [best] = ranked;
  if (best && best.edits <= Math.max(1, Math.floor(wanted.length / 3))) return best.candidate;
  return known.find(
    (candidate) =>
      wanted.length >= 3 && (wanted.includes(bare(candidate)) || bare(candidate).includes(wanted)),
  );
}

const bare = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "");

/** "lr" of "learningRate". */
const initials = (name: string): string =>
  name
    .replace(/[^A-Za-z0-9]/g, "")
    .replace(/(?<=.)[a-z0-9]+/g, "")
    .toLowerCase();

/** Letters to insert, delete, replace or swap with their neighbour (the optimal string alignment distance). */
function edits(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Infinity;
  rows[0]?.push(...Array.from({ length: b.length }, (_, j) => j + 1));
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      rows[i]?.push(
        Math.min(
          at(i - 1, j) + 1,
          at(i, j - 1) + 1,
          at(i - 1, j - 1) + change,
          swapped ? at(i - 2, j - 2) + 1 : Infinity,
        ),
      );
    }
  return at(a.length, b.length);
}

/**
 * @param name what the value is for: "batchSize"
 * @param meaning what it counts, where the name does not say so: "the number of latent dimensions"
 * @throws RangeError if it is not a whole number from 1 on
 */
export function wholeNumber(name: string, value: number, meaning?: string): number {
  if (Number.isInteger(value) && value >= 1) return value;
  const counted = meaning === undefined ? "" : ` (${meaning})`;
  throw new RangeError(`${name} must be a whole number from 1 on${counted}, but is ${written(value)}.`);
}

/** A value in a message: numbers and text as they are written, other things by their kind. */
export function written(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
