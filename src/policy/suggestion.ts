import { distance } from "fastest-levenshtein";

/** The legal word that `text` most probably means, or undefined where none is near. */
export function closest(text: string, legal: readonly string[]): string | undefined {
  const written = text.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.floor(Math.max(written.length, 3) / 3) + 1;
  for (const word of legal) {
    const edits = isMixedUp(written, word) ? 1 : distance(written, word.toLowerCase());
    if (edits < bestDistance && edits < word.length) {
      best = word;
      bestDistance = edits;
    }
  }
  return best;
}

/** The same letters in another order: `nmp` for `npm`. */
function isMixedUp(written: string, word: string): boolean {
  return written !== word && [...written].sort().join("") === [...word].sort().join("");
}

/** `, did you mean "last"?`, or the legal words where none is near. */
export function didYouMean(text: string, legal: readonly string[]): string {
  const word = closest(text, legal);
  return word === undefined ? `: write one of ${legal.join(", ")}` : `, did you mean "${word}"?`;
}
