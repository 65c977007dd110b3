import { isDeepStrictEqual } from "node:util";
import { PER_PAGE } from "../model/page-count";
import type { Answer } from "./github";
import type { GitHubError } from "./github-error";

export interface Page {
  readonly entries: readonly unknown[];
  /** The number of the last page, where GitHub says it. */
  readonly last?: number;
  readonly hasNext: boolean;
  readonly hasLinks: boolean;
}

/** Asks for one page of a list; the parameters are those of its query. */
export type AskPage = (parameters: { readonly page: number; readonly per_page: number }) => Promise<Answer>;

type Fail = (answer: Answer) => GitHubError;

/** 200,000 entries: a longer list has no end, or is more than a run can work on. */
const MOST_PAGES = 2_000;

/**
 * All entries of a list: the first page, then all that it announces at once, then on until there is no next one, since a
 * list that grows meanwhile has more pages than it announced. Entries that move to the next page meanwhile come twice.
 * Throws what `fail` makes of a page that cannot be read or understood.
 */
export async function readPages(ask: AskPage, fail: Fail): Promise<readonly unknown[]> {
  const read = (page: number) => readPage(page, ask, fail);
  const first = await read(1);
  const announced = Array.from({ length: Math.max((first.last ?? 1) - 1, 0) }, (_, index) => index + 2);
  const pages = [first, ...(await Promise.all(announced.map(read)))];
  for (let newest = pages.at(-1); newest && goesOn(newest); newest = pages.at(-1)) {
    const next = await read(pages.length + 1);
    if (isDeepStrictEqual(next.entries, newest.entries)) throw fail(repeated(pages.length + 1));
    pages.push(next);
  }
  return pages.flatMap(({ entries }) => entries);
}

/** Each page is the first one, for instance: such a list has no end. */
function repeated(page: number): Answer {
  const message = `page ${page} of the list is the same as the one before`;
  return { status: 200, data: undefined, headers: {}, message, retried: false };
}

/** A page without entries is the end, whatever its links say; a full one without any links may have lost them. */
export function goesOn({ entries, hasNext, hasLinks }: Page): boolean {
  return entries.length > 0 && (hasNext || (!hasLinks && entries.length === PER_PAGE));
}

/** One page of a list. Throws what `fail` makes of one that cannot be read or understood, or of a list without end. */
export async function readPage(page: number, ask: AskPage, fail: Fail): Promise<Page> {
  const answer = await ask({ page, per_page: PER_PAGE });
  const refuse = (message: string) => fail({ ...answer, message });
  if (answer.status !== 200) throw fail(answer);
  if (!Array.isArray(answer.data)) throw refuse("the answer is not a list");
  const links = parseLinks(String(answer.headers.link ?? ""));
  if (answer.data.length === 0 && links.hasNext)
    throw refuse(`page ${page} of the list is empty, and others follow`);
  if (Math.max(page, links.last ?? 0) > MOST_PAGES)
    throw refuse(`the list has more than ${MOST_PAGES} pages, which is more than the action reads`);
  return { entries: answer.data, ...links };
}

/** Page numbers only: the URLs themselves may have another form, and are not followed. */
function parseLinks(header: string): Omit<Page, "entries"> {
  const last = /[?&]page=(\d{1,15})\b[^>]*>;\s*rel="last"/.exec(header)?.[1];
  const links = { hasNext: /rel="next"/.test(header), hasLinks: header !== "" };
  return { ...links, ...(last === undefined ? {} : { last: Number(last) }) };
}
