import { PACKAGE_TYPES, type PackageType } from "../model/package-version";
import { compileKeep, type KeepContext, type ParsedKeep, parseKeep } from "./keep";
import { makePolicy } from "./make-policy";
import { compilePackages, parsePackages } from "./package-selection";
import { lengthLimit } from "./pattern-limits";
import type { PackageSelection, Policy } from "./policy";
import type { Problem } from "./problem";
import { POLICY_KEYS, type ShapeFault, shapeFaults, TOP_KEYS } from "./schema";
import {
  environmentItems,
  LIST_SETTINGS,
  type ListSetting,
  parseChoice,
  parseSetting,
  protectedItems,
  SETTING_NAMES,
  type SettingName,
  type Settings,
} from "./settings";
import { closest, didYouMean } from "./suggestion";
import type { ListItem } from "./text-list";
import { findUnindented } from "./unindented";
import {
  type Position,
  parseYaml,
  textStart,
  type YamlEntry,
  type YamlMapping,
  type YamlNode,
} from "./yaml-source";
import { naturalValue } from "./yaml-value";

/** The policies of a file, and all that is wrong with it: with any problem, the policies are not to be used. */
export interface ParsedPolicyFile {
  readonly policies: readonly Policy[];
  readonly problems: readonly Problem[];
}

type Report = (at: Position, message: string) => void;
type Path = readonly (string | number)[];

const EXAMPLE = 'a policy file has "policies:" and below it a list of policies with packages and keep';

/**
 * Reads a policy file (spec/policy.md, "Policy file").
 *
 * @param source the path as the user wrote it; problems begin with it
 * @param defaults what a policy leaves out, and the top of the file (`timezone`) too
 */
export function parsePolicyFile(text: string, source: string, defaults: Settings): ParsedPolicyFile {
  const yaml = parseYaml(text, source);
  const problems: Problem[] = [];
  const report: Report = (at, message) => problems.push({ source, ...at, message });
  const policies = yaml.root?.kind === "mapping" ? readFile(yaml.root, source, defaults, report) : [];
  if (yaml.root === undefined && yaml.problems.length > 0) return { policies, problems: yaml.problems };
  if (yaml.root?.kind !== "mapping") {
    report(yaml.root?.at ?? { line: 1, column: 1 }, `this is not a policy file: ${EXAMPLE}`);
  }
  return { policies, problems: yaml.join(problems) };
}

function readFile(root: YamlMapping, source: string, defaults: Settings, report: Report): Policy[] {
  const unindented = findUnindented(root);
  for (const { at, message } of unindented) report(at, message);
  if (unindented.length > 0) return [];
  const flagged = reportShape(root, report);
  const top = root.entries.find(({ key }) => key.text === "timezone");
  const policies = root.entries.find(({ key }) => key.text === "policies")?.value;
  const settings = {
    ...defaults,
    ...(top === undefined
      ? {}
      : readSetting("timezone", top, { source, flagged, path: ["timezone"] }, report)),
  };
  if (policies?.kind !== "list") return [];
  return policies.items.flatMap((item, index) => {
    if (item.kind !== "mapping") return [];
    return readPolicy(item, { source, settings, flagged, path: ["policies", index] }, report) ?? [];
  });
}

interface PolicyContext {
  readonly source: string;
  readonly settings: Settings;
  readonly flagged: ReadonlySet<string>;
  readonly path: Path;
}

function readPolicy(node: YamlMapping, context: PolicyContext, report: Report): Policy | undefined {
  const { source, flagged, path } = context;
  const type = readType(node, report);
  let own: Partial<Settings> = {};
  let packages: PackageSelection | undefined;
  for (const entry of node.entries) {
    const name = SETTING_NAMES.find((setting) => setting === entry.key.text);
    if (name !== undefined)
      own = { ...own, ...readSetting(name, entry, { source, flagged, path: [...path, name] }, report) };
    if (isOfContainers(name) && type !== undefined && type !== "container") {
      report(entry.key.at, `${name} is for containers only, and the type is ${type}: remove it`);
    }
    if (entry.key.text === "packages") packages = readPackages(entry, source, report);
  }
  const keep = node.entries.find(({ key }) => key.text === "keep");
  if (keep === undefined) return undefined;
  const { lines, problems } = readKeep(keep, { source, type });
  for (const { line = 1, column = 1, message } of problems) report({ line, column }, message);
  if (packages === undefined || type === undefined) return undefined;
  return makePolicy(packages, type, lines, { ...context.settings, ...own });
}

function isOfContainers(name: SettingName | undefined): boolean {
  return name === "in-use-files" || name === "in-use-environments";
}

const FOLDED =
  "YAML joins the lines below > into one: drop the >, so that each line of keep is read by itself";

/** The lines below `keep:`; also as a text (`keep: |`), as they are written in a workflow. */
function readKeep({ key, value }: YamlEntry, context: KeepContext): ParsedKeep {
  if (value.kind !== "scalar") return compileKeep(value, context);
  if (value.text.trim() === "") return compileKeep({ ...value, at: key.at }, context);
  if (value.folded)
    return { lines: [], problems: [{ source: context.source, ...value.at, message: FOLDED }] };
  return value.block === undefined
    ? compileKeep(value, context)
    : parseKeep(value.text, context, value.block);
}

function readType(node: YamlMapping, report: Report): PackageType | undefined {
  const entry = node.entries.find(({ key }) => key.text === "type");
  if (entry === undefined) return "container";
  if (entry.value.kind !== "scalar") {
    report(entry.value.at, `type takes one word: write one of ${PACKAGE_TYPES.join(", ")}`);
    return undefined;
  }
  const type = parseChoice(entry.value.text, PACKAGE_TYPES);
  if ("error" in type) report(entry.value.at, type.error);
  return "error" in type ? undefined : type.value;
}

function readPackages(
  { key, value }: YamlEntry,
  source: string,
  report: Report,
): PackageSelection | undefined {
  if (value.kind === "mapping" || (value.kind === "scalar" && value.text.trim() === "")) {
    report(key.at, "packages takes a name, a glob, or a list of them");
    return undefined;
  }
  const texts = value.kind === "list" ? listTexts(value.items, report) : [];
  if (value.kind === "list" && texts.length < value.items.length) return undefined;
  const parsed =
    value.kind === "scalar"
      ? parsePackages(value.text, source, textStart(value))
      : compilePackages(texts, { source, ...value.at });
  for (const { line, column, message } of parsed.problems) {
    report(line === undefined || column === undefined ? value.at : { line, column }, message);
  }
  return parsed.selection;
}

function listTexts(items: readonly YamlNode[], report: Report): ListItem[] {
  return items.flatMap((item) => {
    if (item.kind === "scalar" && item.text !== "") return [{ text: item.text, at: item.at }];
    report(item.at, "an item is one text: quote it, if it is a glob with {…} or […]");
    return [];
  });
}

/** Reads one setting, by the parser of the input of that name; a list is read item by item. */
function readSetting(
  name: SettingName,
  { key, value }: YamlEntry,
  { source, flagged, path }: Omit<PolicyContext, "settings">,
  report: Report,
): Partial<Settings> {
  const listName = LIST_SETTINGS.find((known) => known === name);
  if (value.kind === "list" && listName !== undefined)
    return readListSetting(listName, listTexts(value.items, report), source, report);
  if (value.kind !== "scalar") {
    report(value.at, `${name} takes no ${value.kind}: write one value`);
    return {};
  }
  if (value.text.trim() === "") {
    report(key.at, `${name} has no value: write one, or leave the key out`);
    return {};
  }
  const hasPlaces = name === "protect" || name === "in-use-environments";
  const text = hasPlaces ? value.text : value.text.trim();
  const parsed = parseSetting(name, text, { source, ...textStart(value) });
  if ("error" in parsed) report(value.at, parsed.error);
  else if (flagged.has(keyOf(path))) report(value.at, wrongType(name, value.quoted));
  return "error" in parsed ? {} : parsed.value;
}

function wrongType(name: string, quoted: boolean): string {
  return quoted ? `this is a text, and ${name} takes none: drop the quotes` : `${name} takes no such value`;
}

function readListSetting(
  name: ListSetting,
  items: readonly ListItem[],
  source: string,
  report: Report,
): Partial<Settings> {
  const texts = items.map(({ text }) => text);
  if (name === "in-use-files") {
    for (const { text, at } of items) {
      const limit = lengthLimit(text);
      if (limit !== undefined) report(at, limit);
    }
    return { inUseFiles: texts };
  }
  if (name === "in-use-environments") return environmentItems(items, source);
  for (const item of items) {
    const parsed = protectedItems([item], source);
    if ("error" in parsed) report(item.at, parsed.error);
  }
  const parsed = protectedItems(items, source);
  return "error" in parsed ? {} : parsed.value;
}

/** Reports what no parser of a value sees (unknown and missing keys), and returns the paths of all other faults. */
function reportShape(root: YamlMapping, report: Report): Set<string> {
  const flagged = new Set<string>();
  const faults = shapeFaults(naturalValue(root, isKeep));
  const misspelt = new Set(
    faults.flatMap(({ path, unknownKeys }) => unknownKeys.map((key) => meant(path, key))),
  );
  for (const fault of faults) {
    if (misspelt.has(keyOf(fault.path))) continue;
    if (!reportKeys(root, fault, report)) flagged.add(keyOf(fault.path));
  }
  return flagged;
}

/** The path of the key that an unknown one was probably meant for: that one is not missing, too. */
function meant(path: Path, unknown: string): string {
  return keyOf([...path, closest(unknown, legalKeys(path)) ?? unknown]);
}

function legalKeys(path: Path): readonly string[] {
  return path.length === 0 ? TOP_KEYS : POLICY_KEYS;
}

/** The lines of `keep` have a reader of their own, with messages of their own. */
function isKeep(path: Path): boolean {
  return path.length === 3 && path[0] === "policies" && path[2] === "keep";
}

function reportKeys(root: YamlMapping, { path, unknownKeys }: ShapeFault, report: Report): boolean {
  const node = nodeAt(root, path);
  if (node === undefined) {
    const parent = nodeAt(root, path.slice(0, -1)) ?? root;
    report(parent.at, `${path.at(-1)} is missing: ${EXAMPLE}`);
    return true;
  }
  if (unknownKeys.length > 0) {
    const legal = legalKeys(path);
    const unknown = new Set(unknownKeys);
    for (const { key } of node.kind === "mapping" ? node.entries : []) {
      if (unknown.has(key.text)) {
        report(key.at, `unknown key ${JSON.stringify(key.text)}${didYouMean(key.text, legal)}`);
      }
    }
    return true;
  }
  if (path.at(-1) === "policies") {
    report(node.at, `policies takes a list with at least one policy: ${EXAMPLE}`);
    return true;
  }
  if (path.length === 2 && path[0] === "policies") {
    report(node.at, "this is not a policy: write a mapping with packages and keep");
    return true;
  }
  return false;
}

function nodeAt(root: YamlNode, path: Path): YamlNode | undefined {
  let node: YamlNode | undefined = root;
  for (const step of path) {
    if (node?.kind === "list") node = node.items[Number(step)];
    else if (node?.kind === "mapping") node = node.entries.find(({ key }) => key.text === step)?.value;
    else return undefined;
  }
  return node;
}

function keyOf(path: Path): string {
  return path.join("\n");
}
