const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Line breaks and everything else that moves the cursor. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
/** Half characters, and the marks that let text pretend to run the other way. */
const DECEPTIVE = /[\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const ADDRESS = /https?:\/\/[^\s<>"]+/g;
const MARKDOWN = /[&<>`*_~[\]\\|$]/g;

/** Longest name, reason and message that the renderings show, in UTF-16 units; the report file has all of it. */
export const LONGEST_NAME = 120;
export const LONGEST_REASON = 200;
export const LONGEST_MESSAGE = 1000;
/** Longest line of a log. */
const LONGEST_LINE = 4000;
/** More lines of one message nobody reads, and GitHub cuts an annotation off. */
const MOST_LINES = 50;

/** `1,234`. Without `Intl`, whose data take Node 30 ms to load. */
export function formatNumber(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 version`, `1,234 versions`. */
export function countOf(value: number, noun: string): string {
  return `${formatNumber(value)} ${noun}${value === 1 ? "" : "s"}`;
}

const UNITS = ["KiB", "MiB", "GiB", "TiB", "PiB"];

/** `12.4 GiB`, `1,023 bytes`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return countOf(bytes, "byte");
  let value = bytes / 1024;
  let unit = 0;
  // What would be rounded to 1,024.0 is 1.0 of the next unit.
  for (; value >= 1023.95 && unit < UNITS.length - 1; unit++) value /= 1024;
  const [whole = "", tenth] = value.toFixed(1).split(".");
  return `${formatNumber(Number(whole))}.${tenth} ${UNITS[unit]}`;
}

/** The size of a text in UTF-8, which is what GitHub limits. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text, "utf8");
}

/** Text from outside as one line without control characters, cut to `longest` UTF-16 units with `…`. */
export function oneLine(text: string, longest: number): string {
  return plain(text, longest).trim();
}

/** Text from outside as one line of a terminal, indented as it was. */
export function plainLine(text: string): string {
  return plain(text, LONGEST_LINE).trimEnd();
}

/**
 * A line of a log, as far as it was written by others: one line, cut, and no command to the runner, which reads commands
 * from lines that begin with `::`, and from `##[` anywhere in a line.
 */
export function logLine(text: string): string {
  return plain(text, LONGEST_LINE)
    .trimEnd()
    .replace(/:(?=:)/g, ": ")
    .replaceAll("##[", "## [");
}

/** A message of several lines, each of them as `logLine` makes it. */
export function logMessage(text: string): string {
  const lines = text.split("\n", MOST_LINES + 1);
  const shown = lines.slice(0, MOST_LINES).map(logLine);
  return (lines.length > MOST_LINES ? [...shown, "… and more like this."] : shown).join("\n");
}

function plain(text: string, longest: number): string {
  const cut = text.length > longest ? `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, "")}…` : text;
  return cut.replace(CONTROLS, " ").replace(DECEPTIVE, "\ufffd");
}

/**
 * Text from outside that shows as itself in GitHub's Markdown, in a table cell and inside HTML alike.
 *
 * Character references are the one escape that means the same in all three. Plain addresses still become links, which
 * messages want.
 */
export function escapeMarkdown(text: string, longest = LONGEST_MESSAGE): string {
  return escapeMarks(oneLine(text, longest));
}

/** A message of this action as Markdown: as `escapeMarkdown`, with code letters for what stands between backticks. */
export function messageMarkdown(text: string, longest = LONGEST_MESSAGE): string {
  const parts = oneLine(text, longest).split(/`([^`]+)`/);
  return parts.map((part, place) => (place % 2 === 1 ? code(part, longest) : escapeMarks(part))).join("");
}

function escapeMarks(text: string): string {
  // GitHub makes links of plain addresses as they are written: a reference would become a part of the address.
  const encoded = text.replace(ADDRESS, (address) => address.replace(/[_*~]/g, percentEncoded));
  return encoded.replace(MARKDOWN, (character) => `&#${character.charCodeAt(0)};`);
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** A name or a reason from outside in code letters. GitHub links no names and no addresses in it. */
export function code(text: string, longest = LONGEST_NAME): string {
  const escaped = escapeMarkdown(text, longest).replaceAll("://", "&#58;//").replace(/www\./gi, "www&#46;");
  return `<code>${escaped}</code>`;
}

/** Markdown that is there already, as a link where there is an address. */
export function link(markdown: string, address: string | undefined): string {
  return address === undefined ? markdown : `[${markdown}](${address})`;
}

/** How long before `now` a time was: `50d`, `5h`, `12m`, `0m`. Both in epoch milliseconds. */
export function formatAge(time: number, now: number): string {
  const age = Math.max(0, now - time);
  if (age >= DAY) return `${formatNumber(Math.floor(age / DAY))}d`;
  return age >= HOUR ? `${Math.floor(age / HOUR)}h` : `${Math.floor(age / MINUTE)}m`;
}
