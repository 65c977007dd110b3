import { isBookkeepingTag } from "../model/bookkeeping";
import { shortDigest } from "../model/label";
import type { PackageReport, VersionReport } from "./report";
import { code, countOf, formatNumber, LONGEST_NAME, oneLine } from "./report-text";

/** What a package's report says of the tags that kept versions lose. */
interface TagsLost {
  readonly planned: number;
  readonly done: number;
  /** The first of them: each tag, and what its version is called without it. */
  readonly examples: readonly { readonly tag: string; readonly of: string }[];
}

const MOST_IN_LOG = 5;
const MOST_IN_SUMMARY = 50;

/** The log's line on the tags that are removed (`untag`); none where none does. */
export function untagLogLines(pkg: PackageReport): string[] {
  const { planned, done, examples } = tagsLost([pkg], MOST_IN_LOG);
  if (planned === 0) return [];
  const count = done === 0 ? formatNumber(planned) : `${formatNumber(done)} of ${formatNumber(planned)}`;
  const shown = examples.map(({ tag, of }) => oneLine(`${tag} (of ${of})`, LONGEST_NAME)).join(", ");
  return [`  untag ${count}: ${shown}${planned > examples.length ? ", …" : ""}`];
}

/** The summary's paragraph on them, in Markdown; empty where there are none. */
export function untagParagraph(packages: readonly PackageReport[], isDryRun: boolean): string {
  const { planned, done, examples } = tagsLost(packages, MOST_IN_SUMMARY);
  if (planned === 0) return "";
  const count =
    isDryRun || done === planned
      ? countOf(planned, "tag")
      : `${formatNumber(done)} of ${countOf(planned, "tag")}`;
  const list = examples.map(({ tag, of }) => `${code(tag)} of ${code(of)}`).join(", ");
  const more =
    planned > examples.length
      ? `, and ${formatNumber(planned - examples.length)} more in the report file`
      : "";
  return `**${count}** ${isDryRun ? "would be " : ""}removed from versions that are kept: ${list}${more}.\n\n`;
}

function tagsLost(packages: readonly PackageReport[], most: number): TagsLost {
  let planned = 0;
  let done = 0;
  const examples: { tag: string; of: string }[] = [];
  for (const version of packages.flatMap(({ versions }) => versions)) {
    planned += version.untag?.length ?? 0;
    done += version.untagged?.length ?? 0;
    for (const tag of version.untag ?? [])
      if (examples.length < most) examples.push({ tag, of: nameWithout(version) });
  }
  return { planned, done, examples };
}

function nameWithout({ name, tags, untag = [] }: VersionReport): string {
  return tags.find((tag) => !isBookkeepingTag(tag) && !untag.includes(tag)) ?? shortDigest(name);
}
