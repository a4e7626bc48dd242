/**
 * What a person may look for under the name that another library gives it, and where it is here: a sentence each. "0"
 * stands for every index.
 */
export type OtherNames = Readonly<Record<string, string>>;

/**
 * Lets values of a class answer, under names that they do not have but other libraries do, with an error that says what
 * is meant here: `model.predict(...)` is otherwise "not a function", and the right name is too different to be guessed.
 *
 * The last link of the class's prototypes is asked only for names that nothing before it has. The names are not there:
 * `in`, `Object.keys`, completions, inspection and comparisons do not see them, and any other missing name is undefined.
 * @param kind the beginning of the sentence: "A model has"
 */
export function explainOtherNames(prototype: object, kind: string, names: OtherNames): void {
  const before: unknown = Object.getPrototypeOf(prototype);
  if (typeof before !== "object") return;
  const known = new Map(Object.entries(names));
  const last = new Proxy<object>(Object.create(before) as object, {
    get(target, name, receiver): unknown {
      const meant = typeof name === "string" ? known.get(isIndex(name) ? "0" : name) : undefined;
      if (meant !== undefined && !Reflect.has(target, name))
        throw new TypeError(`${kind} no "${String(name)}". ${meant}`);
      return Reflect.get(target, name, receiver);
    },
  });
  Object.setPrototypeOf(prototype, last);
}

const isIndex = (name: string): boolean => /^\d+$/.test(name);
