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

/** A message has no longer texts of others than this, and is no longer itself. */
const LONG_QUOTE = /"((?:[^"\\]|\\.){100})(?:[^"\\]|\\.){20,}"/gs;
const LONGEST_MESSAGE = 1_000;

/** A problem as it is shown: `keep:3:7: unknown word "lst", did you mean "last"?` */
export function formatProblem(problem: Problem): string {
  const place = problem.line === undefined ? "" : `:${problem.line}:${problem.column ?? 1}`;
  const message = problem.message.replace(LONG_QUOTE, '"$1…"');
  const cut = message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
  return `${problem.source}${place}: ${cut}`;
}

/** So many problems are told; who fixes them sees the others next. */
const MOST_PROBLEMS = 50;

/** The problems that are told. */
export function firstProblems(problems: readonly Problem[]): readonly Problem[] {
  const next = problems[MOST_PROBLEMS];
  if (next === undefined) return problems;
  const message = `${problems.length - MOST_PROBLEMS} more problems are not listed: fix these, and run the action again`;
  return [...problems.slice(0, MOST_PROBLEMS), { source: next.source, message }];
}

/** Problems in reading order; those of other sources are left where they are. */
export function inReadingOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => {
    if (a.source !== b.source) return 0;
    return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
  });
}
