const MAX_PER_PAGE = 100;
const DEFAULT_PER_PAGE = 30;

export interface Paging {
  readonly page: number;
  readonly perPage: number;
}

/** Reads `page` and `per_page`; what is no positive number counts as not given, `per_page` is at most 100. */
export function readPaging(query: URLSearchParams): Paging {
  const perPage = positive(query.get("per_page")) ?? DEFAULT_PER_PAGE;
  return { page: positive(query.get("page")) ?? 1, perPage: Math.min(perPage, MAX_PER_PAGE) };
}

/** The items of one page. */
export function pageOf<T>(items: readonly T[], { page, perPage }: Paging): T[] {
  return items.slice((page - 1) * perPage, page * perPage);
}

/** The `Link` header of one page out of `total` items, empty when all fit on one; `url` is the absolute URL asked for. */
export function linkHeader(url: URL, { page, perPage }: Paging, total: number): Record<string, string> {
  const last = Math.max(1, Math.ceil(total / perPage));
  const links: string[] = [];
  if (page > 1) links.push(link(url, Math.min(page - 1, last), "prev"));
  if (page < last) links.push(link(url, page + 1, "next"), link(url, last, "last"));
  if (page > 1) links.push(link(url, 1, "first"));
  return links.length > 0 ? { link: links.join(", ") } : {};
}

function link(url: URL, page: number, rel: string): string {
  const target = new URL(url);
  target.searchParams.set("page", String(page));
  return `<${target}>; rel="${rel}"`;
}

function positive(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text) && Number(text) > 0 ? Number(text) : undefined;
}
