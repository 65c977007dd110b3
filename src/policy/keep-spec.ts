import {
  compileExcept,
  compileFollow,
  compileMaxAge,
  compileOnlyWhile,
  compilePer,
  followError,
} from "./keep-modifier";
import {
  compileShorthand,
  compileWord,
  exampleOf,
  isEmpty,
  KEEP_WORDS,
  LEGAL_VALUES,
  MODIFIERS,
  type Report,
} from "./keep-word";
import { compileNaming } from "./naming";
import type { KeepSpec, Selector } from "./policy";
import type { YamlEntry, YamlMapping, YamlNode, YamlScalar } from "./yaml-source";

/**
 * Reads the value of a line. Each fault is reported with its place; then the result is not to be used.
 * Where the selector is unknown (its key is at fault itself), what depends on it is not checked.
 */
export function compileKeepSpec(
  key: YamlScalar,
  value: YamlNode,
  selector: Selector | undefined,
  report: Report,
): KeepSpec {
  switch (value.kind) {
    case "mapping":
      return compileMapping(value, selector, report);
    case "list":
      report(value.at, `a list does not say what to keep: ${LEGAL_VALUES}`);
      return NOTHING;
    case "scalar":
      return compileScalar(key, value, selector, report);
  }
}

const NOTHING: KeepSpec = { words: [], except: [] };

function compileScalar(
  key: YamlScalar,
  value: YamlScalar,
  selector: Selector | undefined,
  report: Report,
): KeepSpec {
  const spec = compileShorthand(value);
  if ("error" in spec) {
    report(isEmpty(value) ? key.at : value.at, spec.error);
    return NOTHING;
  }
  const misfit = spec.value.follow && followError(selector);
  if (misfit !== undefined) report(value.at, misfit);
  return { ...spec.value, except: [] };
}

type Writable<T> = { -readonly [name in keyof T]: T[name] };

function compileMapping(mapping: YamlMapping, selector: Selector | undefined, report: Report): KeepSpec {
  const spec: Writable<KeepSpec> = { words: [], except: [] };
  for (const entry of mapping.entries) Object.assign(spec, compileEntry(entry, spec, selector, report));
  if (mapping.entries.every(({ key }) => (MODIFIERS as readonly string[]).includes(key.text)))
    report(mapping.at, keepsNothing(mapping));
  return { ...spec, ...compileNames(mapping, selector, report) };
}

/** What one entry of a mapping adds to the spec so far. */
function compileEntry(
  entry: YamlEntry,
  { words, except }: KeepSpec,
  selector: Selector | undefined,
  report: Report,
): Partial<KeepSpec> {
  switch (entry.key.text) {
    case "per":
      return given("per", compilePer(entry, selector, report));
    case "except":
      return { except: [...except, ...compileExcept(entry, selector, report)] };
    case "max-age":
      return given("maxAge", compileMaxAge(entry, report));
    case "only-while":
      return given("onlyWhile", compileOnlyWhile(entry, selector, report));
    case "follow":
      return given("follow", compileFollow(entry, selector, report));
    default:
      return { words: [...words, ...compileWord(entry, selector, report)] };
  }
}

function given<K extends keyof KeepSpec>(name: K, value: KeepSpec[K] | undefined): Partial<KeepSpec> {
  return value === undefined ? {} : { [name]: value };
}

function keepsNothing({ entries }: YamlMapping): string {
  const has = (name: string) => entries.some(({ key }) => key.text === name);
  const wayOut = has("follow")
    ? "write always: true beside follow, or follow as the whole value of the line"
    : has("only-while")
      ? `only-while is a bound, add a word such as last: 10, or write ${exampleOf("while")}`
      : has("max-age")
        ? `max-age is a bound, add a word such as last: 10, or write ${exampleOf("within")}`
        : "add a word such as last: 10, or write never";
  return `this keeps nothing: ${wayOut} (words: ${KEEP_WORDS.join(", ")})`;
}

/** How the tags of the line name what lives, where the line asks for it. */
function compileNames(
  { entries }: YamlMapping,
  selector: Selector | undefined,
  report: Report,
): Pick<KeepSpec, "nameIn"> {
  const asking = entries.find(({ key }) => key.text === "while" || key.text === "only-while");
  if (asking === undefined || selector === undefined || selector.kind === "untagged") return {};
  const naming = compileNaming(selector);
  if ("error" in naming) report(asking.key.at, naming.error);
  return "error" in naming ? {} : { nameIn: naming.value };
}
