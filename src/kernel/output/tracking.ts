import { inspect } from "node:util";

/**
 * Node marks promises and timers with what carries a cell's identity along. Whoever shows one did not ask for that, and
 * would not see it in a plain program.
 */
export function hideTracking(): void {
  const timeout = setTimeout(() => {}, 0);
  const immediate = setImmediate(() => {});
  clearTimeout(timeout);
  clearImmediate(immediate);
  for (const type of [Promise.resolve(), timeout, immediate]) hideIn(Object.getPrototypeOf(type) as object);
}

const marks: ReadonlySet<string | undefined> = new Set([
  "async_id_symbol",
  "trigger_async_id_symbol",
  "kResourceStore",
]);

function hideIn(prototype: object): void {
  const own: unknown = Reflect.get(prototype, inspect.custom);
  const shown = function (this: object, ...context: unknown[]): unknown {
    for (const symbol of Object.getOwnPropertySymbols(this)) {
      const isMark = marks.has(symbol.description);
      if (isMark && Object.getOwnPropertyDescriptor(this, symbol)?.configurable)
        Object.defineProperty(this, symbol, { enumerable: false });
    }
    // The value itself: it is shown in the usual way.
    return typeof own === "function" ? Reflect.apply(own, this, context) : this;
  };
  Object.defineProperty(prototype, inspect.custom, { value: shown, configurable: true, writable: true });
}
