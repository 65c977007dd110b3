/** Entries in one page of a list: GitHub's largest. */
export const PER_PAGE = 100;

/** How many pages a list of so many entries has. */
export function pageCount(entries: number): number {
  return Math.ceil(entries / PER_PAGE);
}
