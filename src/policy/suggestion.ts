import { distance } from "fastest-levenshtein";

/** The legal word that `text` most probably means, or undefined where none is near. */
export function closest(text: string, legal: readonly string[]): string | undefined {
  const written = text.toLowerCase();
  const letters = sorted(written);
  let best: string | undefined;
  let bestDistance = Math.floor(Math.max(written.length, 3) / 3) + 1;
  for (const word of legal) {
    if (Math.abs(word.length - written.length) >= bestDistance) continue;
    const isMixedUp = word.length === written.length && word !== written && sorted(word) === letters;
    const edits = isMixedUp ? 1 : distance(written, word.toLowerCase());
    if (edits < bestDistance && edits < word.length) {
      best = word;
      bestDistance = edits;
    }
  }
  return best;
}

/** The letters in order, by which `nmp` and `npm` are the same. */
function sorted(text: string): string {
  return [...text].sort().join("");
}

/** `, did you mean "last"?`, or the legal words where none is near. */
export function didYouMean(text: string, legal: readonly string[]): string {
  const word = closest(text, legal);
  return word === undefined ? `: write one of ${legal.join(", ")}` : `, did you mean "${word}"?`;
}

/** How many letters may differ in a slip, and how long what is written must be. */
const MOST_EDITS = 2;
const SHORTEST = 4;

/** Whether one text is probably a slip of the other: one or two letters differ, and no digit. */
export function isSlipOf(text: string, word: string): boolean {
  if (text.length < SHORTEST || Math.abs(text.length - word.length) > MOST_EDITS) return false;
  if (text === word || digitsOf(text) !== digitsOf(word)) return false;
  return distance(text, word) <= MOST_EDITS;
}

/** Comparisons that may still be made, of all that share it. */
export interface Allowance {
  left: number;
}

/**
 * Finds the words that texts are probably slips of. Words of other digits and lengths are not even looked at; where
 * the allowance is used up, nothing more is found.
 */
export function slipFinder(
  words: Iterable<string>,
  allowance: Allowance,
): (text: string) => string | undefined {
  const shelves = new Map<string, string[]>();
  for (const word of new Set(words)) {
    const shelf = shelfOf(word, word.length);
    const known = shelves.get(shelf);
    if (known) known.push(word);
    else shelves.set(shelf, [word]);
  }
  return (text) => {
    for (const length of [0, 1, -1, 2, -2]) {
      for (const word of shelves.get(shelfOf(text, text.length + length)) ?? []) {
        if (allowance.left === 0) return undefined;
        allowance.left--;
        if (isSlipOf(text, word)) return word;
      }
    }
    return undefined;
  };
}

function shelfOf(text: string, length: number): string {
  return `${length}:${digitsOf(text)}`;
}

function digitsOf(text: string): string {
  return text.replace(/\D+/g, "");
}
