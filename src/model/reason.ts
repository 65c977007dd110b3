/** What a word of a line says of a version: `last 3`, `older than 14d`; `group` is the value of `per`, where there is one. */
export interface Says {
  readonly text: string;
  readonly group?: string;
}

/** Why a version is kept, deleted or restored (spec/policy.md, the vocabulary). It becomes text only where it is shown. */
export type Reason =
  | { readonly rule: "line"; readonly key: string; readonly says: readonly Says[] }
  | { readonly rule: "uncovered"; readonly tag: string }
  | { readonly rule: "untagged-uncovered" | "protect" | "min-keep" | "grace" | "signature-store" }
  /** A file's path, or `environment production`. */
  | { readonly rule: "in-use"; readonly by: string }
  /** A kept version of which the registry has no manifest. */
  | { readonly rule: "held"; readonly version: string }
  | { readonly rule: "part"; readonly whole: string; readonly isDeleted: boolean }
  | { readonly rule: "broken"; readonly missing: number; readonly platforms: number }
  | { readonly rule: "tag-matches"; readonly tag: string; readonly glob: string }
  | { readonly rule: "asked"; readonly text: string };

const PLAIN = {
  "untagged-uncovered": "untagged versions are not covered by any line",
  protect: "protect",
  "min-keep": "min-keep",
  grace: "grace",
  "signature-store": "signature store",
} as const;

/** The reasons that are the same for every version that they keep. */
export const UNTAGGED_UNCOVERED: Reason = { rule: "untagged-uncovered" };
export const PROTECT: Reason = { rule: "protect" };
export const MIN_KEEP: Reason = { rule: "min-keep" };
export const GRACE: Reason = { rule: "grace" };
export const SIGNATURE_STORE: Reason = { rule: "signature-store" };

/** What `restore` was asked for, in words of its own. */
export function asked(text: string): Reason {
  return { rule: "asked", text };
}

/** A reason in the fixed words of spec/policy.md. */
export function reasonText(reason: Reason): string {
  switch (reason.rule) {
    case "line":
      return `${reason.key}: ${reason.says.map(saysText).join(", ")}`;
    case "uncovered":
      return `tag "${reason.tag}" is not covered by any line`;
    case "in-use":
      return `in use: ${reason.by}`;
    case "held":
      return `held: ${reason.version} has no manifest`;
    case "part":
      return `part of ${reason.whole}${reason.isDeleted ? ", which goes" : ""}`;
    case "broken":
      return `broken: ${reason.missing} of ${reason.platforms} platform manifests are missing`;
    case "tag-matches":
      return `tag "${reason.tag}" matches ${reason.glob}`;
    case "asked":
      return reason.text;
    default:
      return PLAIN[reason.rule];
  }
}

/** One word of a line as it reads: `last 3 of 1.4`. */
export function saysText({ text, group }: Says): string {
  return group === undefined ? text : `${text} of ${group === "" ? '""' : group}`;
}
