/**
 * A copy of an object that keeps what it holds: who sets a property gets an error that says what to do instead of an
 * assignment that has no effect.
 */
export function unchangeable<T extends object>(value: T, instead: (property: string) => string): T {
  const refuse = (_: T, property: string | symbol): never => {
    throw new TypeError(instead(String(property)));
  };
  return new Proxy({ ...value }, { set: refuse, defineProperty: refuse, deleteProperty: refuse });
}
