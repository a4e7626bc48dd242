import { readFileSync } from "node:fs";

/**
 * Whether a TypeScript file exports a type of this name. Types are gone from what runs, so the source is asked: for a
 * declaration, or a list of exports that names it, also in the files from which it exports everything. Whoever asks
 * knows already that no value of that name is exported, so that a list can only mean a type.
 */
export function exportsType(
  file: string,
  name: string,
  resolve: (specifier: string, from: string) => string | undefined,
  seen = new Set<string>(),
): boolean {
  if (seen.has(file) || !/\.[mc]?ts$/.test(file)) return false;
  seen.add(file);
  const source = withoutComments(readFileSync(file, "utf8"));
  const word = `(?<![\\w$])${name.replaceAll("$", "\\$")}(?![\\w$])`;
  const declares = new RegExp(`\\bexport\\s+(?:declare\\s+)?(?:type|interface)\\s+${word}`);
  const lists = new RegExp(`\\bexport\\s+(?:type\\s*)?\\{[^}]*${word}\\s*[,}]`);
  if (declares.test(source) || lists.test(source)) return true;
  return [...source.matchAll(/\bexport\s+(?:type\s+)?\*\s+from\s+["']([^"']+)["']/g)].some(
    ([, specifier = ""]) => {
      const next = resolve(specifier, file);
      return next !== undefined && exportsType(next, name, resolve, seen);
    },
  );
}

/** Roughly: a text that looks like a comment may go too, which hides no declaration. */
const withoutComments = (source: string): string => source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, " ");
