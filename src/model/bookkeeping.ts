/** The OCI referrers fallback tag and cosign's `.sig`, `.att`, `.sbom` (spec/policy.md, "Words"). */
const BOOKKEEPING_TAG = /^sha256-([0-9a-f]{64})(?:\..+)?$/;

/** Whether a tag only points from one digest to what belongs to it; no selector ever claims such a tag. */
export function isBookkeepingTag(tag: string): boolean {
  return BOOKKEEPING_TAG.test(tag);
}

/** The digest that a bookkeeping tag names, as `sha256:<hex>`; undefined for any other tag. */
export function subjectOf(tag: string): string | undefined {
  const hex = BOOKKEEPING_TAG.exec(tag)?.[1];
  return hex === undefined ? undefined : `sha256:${hex}`;
}
