import type { Warning } from "../model/warning";

/** How many messages of a kind one annotation spells out. */
const SPELLED_OUT = 5;

/** All warnings of one kind, as one annotation shows them. */
export interface WarningGroup {
  /** What they are about, in a word or two. */
  readonly title: string;
  readonly text: string;
}

/** One text a kind, in the order of their first appearance; the same message is said once. */
export function groupWarnings(warnings: readonly Warning[]): WarningGroup[] {
  return byKind(warnings).map(({ kind, messages }) => {
    const spelledOut = messages.slice(0, SPELLED_OUT).join("\n");
    const more = messages.length - SPELLED_OUT;
    const text = more > 0 ? `${spelledOut}\n… and ${more} more like this, all in the log.` : spelledOut;
    return { title: titleOf(kind), text };
  });
}

/** `Max delete` of `max-delete`. */
function titleOf(kind: string): string {
  const words = kind.replaceAll("-", " ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** The messages that `groupWarnings` only counts, for the log. */
export function unspoken(warnings: readonly Warning[]): string[] {
  return byKind(warnings).flatMap(({ messages }) => messages.slice(SPELLED_OUT));
}

function byKind(warnings: readonly Warning[]): { readonly kind: string; readonly messages: string[] }[] {
  const kinds = new Map<string, Set<string>>();
  for (const { kind, message } of warnings) kinds.set(kind, (kinds.get(kind) ?? new Set()).add(message));
  return [...kinds].map(([kind, messages]) => ({ kind, messages: [...messages] }));
}
