import { isDigest } from "../model/digest";
import { compileGlob } from "../policy/pattern";
import type { Pattern } from "../policy/policy";
import type { Parsed } from "../policy/problem";
import { textLines } from "../policy/text-list";

/** One thing to restore (spec/action.md, `restore`); the tag glob `*` also stands for a deleted package. */
export type RestoreEntry =
  | { readonly kind: "report"; readonly path: string }
  | { readonly kind: "version"; readonly id: number }
  | { readonly kind: "digest"; readonly digest: string }
  | { readonly kind: "tags"; readonly pattern: Pattern };

/** Reads the input `restore`, one entry per line: a path that ends in `.json`, a version id, a digest or a tag glob. */
export function parseRestore(text: string): Parsed<readonly RestoreEntry[]> {
  const parsed = textLines(text).map(parseEntry);
  const errors = parsed.flatMap((entry) => ("error" in entry ? [entry.error] : []));
  if (errors.length > 0) return { error: errors.join("; ") };
  const entries = parsed.flatMap((entry) => ("value" in entry ? [entry.value] : []));
  if (entries.length === 0)
    return { error: "nothing is named: write a report, version ids, digests or tag globs" };
  return { value: entries };
}

function parseEntry(text: string): Parsed<RestoreEntry> {
  if (text.endsWith(".json")) return { value: { kind: "report", path: text } };
  if (/^[1-9][0-9]*$/.test(text)) return { value: { kind: "version", id: Number(text) } };
  if (text.includes(":")) return parseDigest(text);
  const glob = compileGlob(text);
  return "error" in glob ? glob : { value: { kind: "tags", pattern: glob.value } };
}

/** No tag contains a colon, so that it can only be a digest. */
function parseDigest(text: string): Parsed<RestoreEntry> {
  if (isDigest(text)) return { value: { kind: "digest", digest: text } };
  return { error: `${JSON.stringify(text)} is not a digest: write it in full (sha256:…)` };
}
