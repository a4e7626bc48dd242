/** The one of `known` that a person may have meant, if one is near. */
export function suggest(typed: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((word) => ({
      word,
      distance: goesOn(typed, word) || goesOn(word, typed, 2) ? 1 : editDistance(typed, word),
    }))
    .sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= Math.max(1, Math.floor(best.word.length / 3))
    ? best.word
    : undefined;
}

/** Whether `longer` begins with the whole of `word`: "tr" and "train"; "conv2d", from another library, and "conv". */
const goesOn = (word: string, longer: string, letters = Infinity): boolean =>
  word !== "" && longer.startsWith(word) && longer.length - word.length <= letters;

/** How many letters are inserted, deleted, replaced or swapped with their neighbour on the way from one word to the other. */
function editDistance(from: string, to: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 0; i < from.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j += 1) {
      const replaced = at(row, j) + (from[i] === to[j] ? 0 : 1);
      const isSwap = i > 0 && j > 0 && from[i] === to[j - 1] && from[i - 1] === to[j];
      const swapped = isSwap ? at(before, j - 1) + 1 : Infinity;
      next.push(Math.min(at(next, j) + 1, at(row, j + 1) + 1, replaced, swapped));
    }
    [before, row] = [row, next];
  }
  return at(row, to.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Infinity;
