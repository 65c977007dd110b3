import { POLICY_KEYS } from "./schema";
import type { Position, YamlEntry, YamlMapping, YamlNode } from "./yaml-source";

/** Something that belongs further to the right. */
export interface Unindented {
  readonly at: Position;
  readonly message: string;
}

/** What of a policy file stands so far to the left that YAML takes it for a part of something else. */
export function findUnindented(root: YamlMapping): Unindented[] {
  const policies = root.entries.find(({ key }) => key.text === "policies")?.value;
  if (policies === undefined) return [];
  if (policies.kind === "list") return [...lists(policies.items), ...policies.items.flatMap(linesOfKeep)];
  if (policies.kind === "mapping") return [unlisted(policies)];
  return isNothing(policies) ? outside(root) : [];
}

/** `packages:` at the end of a policy, and its list below it as if each item were a policy. */
function lists(items: readonly YamlNode[]): Unindented[] {
  return items.flatMap((item, index) => {
    const open = items[index - 1];
    const last = open?.kind === "mapping" ? open.entries.at(-1) : undefined;
    if (item.kind !== "scalar" || last === undefined || !isNothing(last.value)) return [];
    const { text } = last.key;
    return [{ at: item.at, message: `this list belongs to ${text}: indent it further than ${text}` }];
  });
}

/** `keep:`, and its lines below it as if they were keys of the policy. */
function linesOfKeep(policy: YamlNode): Unindented[] {
  if (policy.kind !== "mapping") return [];
  const keep = policy.entries.findIndex(({ key, value }) => key.text === "keep" && isNothing(value));
  const next = keep === -1 ? undefined : policy.entries[keep + 1]?.key;
  if (next === undefined || POLICY_KEYS.includes(next.text)) return [];
  return [
    { at: next.at, message: "this line belongs to keep: indent it and those below it further than keep" },
  ];
}

function unlisted({ at }: YamlMapping): Unindented {
  return { at, message: 'policies takes a list: write "- " in front of the first key of each policy' };
}

/** `policies:`, and the keys of a policy below it as if they were keys of the file. */
function outside({ entries }: YamlMapping): Unindented[] {
  const isOutside = ({ key }: YamlEntry) => key.text !== "timezone" && POLICY_KEYS.includes(key.text);
  const first = entries.find(isOutside)?.key;
  if (first === undefined) return [];
  const message = `${first.text} belongs to a policy: indent each policy below policies, with "- " in front of its first key`;
  return [{ at: first.at, message }];
}

function isNothing(node: YamlNode): boolean {
  return node.kind === "scalar" && node.text === "" && !node.quoted;
}
