export interface NameTag {
  /** The middle of its baseline, in pixels. */
  readonly at: readonly [x: number, y: number];
  readonly text: string;
}

/** Of a letter, about; the text's own size is known only once it is drawn. */
const letter = { width: 7.5, height: 15 } as const;
const tries = [0, 1, -1, 2, -2, 3, -3] as const;

/** Moves names that would lie on each other up or down until each can be read, as far as a few lines allow. */
export function apart(tags: readonly NameTag[]): readonly NameTag[] {
  const placed: NameTag[] = [];
  for (const { at, text } of tags) {
    const candidates = tries.map((lines): NameTag => ({
      at: [at[0], at[1] + 4 + lines * letter.height],
      text,
    }));
    const free = candidates.find((tag) => placed.every((other) => !overlap(tag, other)));
    const chosen = free ?? candidates[0];
    if (chosen) placed.push(chosen);
  }
  return placed;
}

const overlap = (a: NameTag, b: NameTag): boolean =>
  Math.abs(a.at[0] - b.at[0]) < ((a.text.length + b.text.length) * letter.width) / 2 &&
  Math.abs(a.at[1] - b.at[1]) < letter.height - 1;
