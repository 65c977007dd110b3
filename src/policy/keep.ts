import type { PackageType } from "../model/package-version";
import { foreignWordError } from "./foreign-words";
import { compileKeepSpec } from "./keep-spec";
import type { Line, Selector } from "./policy";
import type { Problem } from "./problem";
import { compileSelector } from "./selector";
import { type Position, parseYaml, type YamlEntry, type YamlNode } from "./yaml-source";

/** What a policy text is read for. The type is undefined where it could not be read itself. */
export interface KeepContext {
  readonly source: string;
  readonly type?: PackageType | undefined;
}

/** The lines of a policy, and all that is wrong with it: with any problem, the lines are not to be used. */
export interface ParsedKeep {
  readonly lines: readonly Line[];
  readonly problems: readonly Problem[];
}

const EXAMPLE = 'a policy has lines of "key: what to keep", such as "latest: always"';

/**
 * Reads the input `keep` (spec/policy.md, "Selectors" and "Keep-specs"): inline YAML, positions from 1.
 *
 * @param start where the text begins in its source
 */
export function parseKeep(text: string, context: KeepContext, start?: Position): ParsedKeep {
  const yaml = parseYaml(text, context.source, start);
  const { lines, problems } = compileKeep(yaml.root, context);
  return {
    lines,
    problems: yaml.root === undefined && yaml.problems.length > 0 ? yaml.problems : yaml.join(problems),
  };
}

/** Reads the lines of a policy that YAML has been made of: the input `keep`, or `keep` in a policy file. */
export function compileKeep(node: YamlNode | undefined, context: KeepContext): ParsedKeep {
  const problems: Problem[] = [];
  const report = (at: Position, message: string) => problems.push({ source: context.source, ...at, message });
  if (node === undefined || (node.kind === "scalar" && node.text.trim() === "")) {
    report(node?.at ?? { line: 1, column: 1 }, `the policy has no lines: ${EXAMPLE}`);
    return { lines: [], problems };
  }
  if (node.kind !== "mapping") {
    const what = node.kind === "list" ? "a list" : JSON.stringify(node.text.trim());
    report(node.at, `${what} is not a policy: ${EXAMPLE}`);
    return { lines: [], problems };
  }
  if (node.entries.length === 0) report(node.at, `the policy has no lines: ${EXAMPLE}`);
  const lines = node.entries.flatMap((entry) => compileLine(entry, context, report) ?? []);
  return { lines, problems };
}

function compileLine(
  { key, value }: YamlEntry,
  context: KeepContext,
  report: (at: Position, message: string) => void,
): Line | undefined {
  const foreign = foreignWordError({ key, value });
  if (foreign !== undefined) {
    report(key.at, foreign);
    return undefined;
  }
  const selector = compileSelector(key.text);
  if ("error" in selector) report(key.at, selector.error);
  else if (isForeign(selector.value, context.type)) {
    report(
      key.at,
      `untagged is for container and docker packages: every version of type ${context.type} has a tag; remove this line`,
    );
  }
  const known = "error" in selector ? undefined : selector.value;
  const spec = compileKeepSpec(key, value, known, report);
  if (known === undefined) return undefined;
  return { key: key.text, at: { source: context.source, ...key.at }, selector: known, ...spec };
}

function isForeign(selector: Selector, type: PackageType | undefined): boolean {
  return selector.kind === "untagged" && type !== undefined && type !== "container" && type !== "docker";
}
