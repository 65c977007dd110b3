import { byteLength } from "./report-text";

/** GitHub rejects a summary above 1 MiB whole. */
export const SUMMARY_LIMIT_BYTES = 900 * 1024;

/** A piece of a rendering that had to keep to a size. */
export interface Piece {
  readonly text: string;
  /** False where something was left out. */
  readonly whole: boolean;
}

/** Something that can be rendered at different sizes. */
export interface Part {
  /** About how much it wants, in any unit that its siblings share. */
  readonly need: number;
  /** Renders it in at most that many bytes; empty where even the shortest form is too long. */
  readonly render: (budgetBytes: number) => Piece;
}

/**
 * Joins lines for as long as they fit, and says what is missing.
 *
 * @param count how many lines there are; `lines` is read only as far as needed
 * @param more the words for the lines that are left out; empty where nothing fits, not even these words
 */
export function fitLines(
  lines: Iterable<string>,
  count: number,
  budgetBytes: number,
  more: (left: number) => string,
): Piece {
  const reserve = byteLength(more(count));
  let text = "";
  let size = 0;
  let left = count;
  for (const line of lines) {
    const grown = size + byteLength(line) + 1;
    if (grown + (left === 1 ? 0 : reserve) > budgetBytes) break;
    text += `${line}\n`;
    size = grown;
    left -= 1;
  }
  if (left === 0) return { text, whole: true };
  return { text: size + reserve > budgetBytes ? "" : text + more(left), whole: false };
}

/**
 * Renders parts within one budget. Each may take an equal share, and large ones get what small ones leave.
 *
 * @returns one piece for each part, in their order
 */
export function shareOut(parts: readonly Part[], budgetBytes: number): Piece[] {
  const pieces: Piece[] = parts.map(() => ({ text: "", whole: false }));
  const bySize = [...parts.keys()].sort((a, b) => (parts[a]?.need ?? 0) - (parts[b]?.need ?? 0));
  let left = budgetBytes;
  bySize.forEach((index, done) => {
    const piece = parts[index]?.render(Math.floor(left / (parts.length - done)));
    if (piece === undefined) return;
    pieces[index] = piece;
    left -= byteLength(piece.text);
  });
  return pieces;
}
