/** Where something stands that the user wrote; line and column from 1, where it has them. */
export interface Place {
  /** An input's name (`keep`, `dry-run`) or the path of the policy file. */
  readonly source: string;
  readonly line?: number;
  readonly column?: number;
}

/** One thing that is wrong with what the user wrote, with its place. */
export interface Problem extends Place {
  readonly message: string;
}

/** What a parser of one text gives: its value, or why there is none. */
export type Parsed<T> = { readonly value: T } | { readonly error: string };

/** A problem as it is shown: `keep:3:7: unknown word "lst", did you mean "last"?` */
export function formatProblem(problem: Problem): string {
  const place = problem.line === undefined ? "" : `:${problem.line}:${problem.column ?? 1}`;
  return `${problem.source}${place}: ${problem.message}`;
}

/** Problems in reading order; those of other sources stay where they are. */
export function inReadingOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => {
    if (a.source !== b.source) return 0;
    return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
  });
}
