import type { Warning } from "../model/warning";

/** How many messages of a kind one annotation spells out. */
const SPELLED_OUT = 5;

/** One text a kind, in the order of their first appearance; the same message is said once. */
export function groupWarnings(warnings: readonly Warning[]): string[] {
  return byKind(warnings).map((messages) => {
    const spelledOut = messages.slice(0, SPELLED_OUT).join("\n");
    const more = messages.length - SPELLED_OUT;
    return more > 0 ? `${spelledOut}\n… and ${more} more like this, all in the log.` : spelledOut;
  });
}

/** The messages that `groupWarnings` only counts, for the log. */
export function unspoken(warnings: readonly Warning[]): string[] {
  return byKind(warnings).flatMap((messages) => messages.slice(SPELLED_OUT));
}

function byKind(warnings: readonly Warning[]): string[][] {
  const kinds = new Map<string, Set<string>>();
  for (const { kind, message } of warnings) kinds.set(kind, (kinds.get(kind) ?? new Set()).add(message));
  return [...kinds.values()].map((messages) => [...messages]);
}
