import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";

/** What the tests need of GitHub's official API description (npm `@octokit/openapi`). */
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Operation {
  readonly parameters?: readonly (Parameter | Reference)[];
  readonly responses: Readonly<Record<string, Response | Reference>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema?: object;
}

export interface Response {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

export interface Reference {
  readonly $ref: string;
}

const MODULES = new URL("../../node_modules/", import.meta.url);
const FOLDER = new URL("@octokit/openapi/", MODULES);

/** The paths below which the action and the local GitHub have operations. */
const PATHS =
  /\/packages\b|^\/(user|users\/\{username\}|orgs\/\{org\})$|^\/repos\/\{owner\}\/\{repo\}($|\/(branches|tags|git|releases|pulls|issues|deployments|environments)\b)/;

/**
 * Reads the operations below `PATHS` with what they refer to. The whole description has 13 MB, which takes longer to read
 * than most test files run: what is needed of it is kept in `node_modules/.cache`.
 */
export function readDescription(): Description {
  const { version } = JSON.parse(readFileSync(new URL("package.json", FOLDER), "utf8"));
  const key = createHash("sha256").update(`${version} ${PATHS}`).digest("hex").slice(0, 16);
  const cache = new URL(`.cache/package-retention/openapi-${key}.json`, MODULES);
  try {
    return JSON.parse(readFileSync(cache, "utf8")) as Description;
  } catch {
    const whole = readFileSync(new URL("generated/api.github.com.json", FOLDER), "utf8");
    const needed = narrowed(JSON.parse(whole) as Description);
    store(cache, JSON.stringify(needed));
    return needed;
  }
}

/** What a reference of the description refers to; the value itself where it is none. */
export function resolveReference<T>({ components }: Description, value: T | Reference): T {
  if (typeof value !== "object" || value === null || !("$ref" in value)) return value;
  const [, , kind = "", name = ""] = value.$ref.split("/");
  return components[kind]?.[name] as T;
}

function narrowed({ paths, components }: Description): Description {
  const needed = Object.fromEntries(Object.entries(paths).filter(([path]) => PATHS.test(path)));
  const found: Record<string, Record<string, unknown>> = { schemas: {} };
  const open = [...referencesIn(needed), "#/components/schemas/basic-error"];
  for (let reference = open.pop(); reference !== undefined; reference = open.pop()) {
    const [, , kind = "", name = ""] = reference.split("/");
    found[kind] ??= {};
    const ofKind = found[kind];
    if (name in ofKind) continue;
    ofKind[name] = components[kind]?.[name];
    open.push(...referencesIn(ofKind[name]));
  }
  return { paths: needed, components: found };
}

function referencesIn(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = ""]) => reference);
}

/** Test files run side by side: each reads a whole file or none. */
function store(file: URL, text: string): void {
  mkdirSync(new URL(".", file), { recursive: true });
  const own = new URL(`${file.href}.${process.pid}`);
  writeFileSync(own, text);
  renameSync(own, file);
}
