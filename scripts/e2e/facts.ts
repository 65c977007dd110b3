import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "./context.ts";
import type { Answer } from "./http.ts";

/** What was observed, by step and name. Names, addresses, digests, times and long numbers stand as `{placeholders}`. */
export type Facts = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Notes what GitHub does, where nothing depends on it. */
export function observe(context: Context, step: string, name: string, fact: unknown): void {
  const facts = readFacts(context);
  const redacted = redact(context, fact);
  const all = { ...facts, [step]: { ...facts[step], [name]: redacted } };
  writeFileSync(factsPath(context), `${JSON.stringify(all, undefined, 2)}\n`);
  console.log(`${step}, ${name}: ${JSON.stringify(redacted)}`);
}

/** What has been observed so far. */
export function readFacts(context: Pick<Context, "temp">): Facts {
  const path = factsPath(context);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Facts) : {};
}

export function factsPath({ temp }: Pick<Context, "temp">): string {
  return join(temp, "facts.json");
}

/** What is worth noting of an answer: an error's body as it is, of any other its shape alone. */
export function answerFacts(answer: Answer, ...headers: readonly string[]): Record<string, unknown> {
  const { status, json, bytes, seconds } = answer;
  const body =
    json === undefined ? bytes.toString("utf8").slice(0, 200) : status < 300 ? shapeOf(json) : json;
  return {
    status,
    ...Object.fromEntries(headers.map((name) => [name, answer.headers.get(name)])),
    ...(bytes.length > 0 && { body }),
    seconds: round(seconds),
  };
}

/** `404 Package not found.` */
export function inWords({ status, json }: Answer): string {
  const message = (json as { message?: string } | undefined)?.message;
  return message === undefined ? `${status}` : `${status} ${message}`;
}

/** To a tenth. */
export function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}

type Shape = string | readonly Shape[] | { readonly [key: string]: Shape };

/** The types in a JSON value; an array has the one shape of all its items. */
export function shapeOf(value: unknown): Shape {
  if (Array.isArray(value)) return together(value.map(shapeOf));
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value;
  return shapesByKey(Object.entries(value).map(([key, one]) => [key, shapeOf(one)]));
}

/** The shape of an array with items of these shapes. */
function together(shapes: readonly Shape[]): readonly Shape[] {
  return shapes.length === 0 ? [] : [shapes.reduce(merged)];
}

function merged(a: Shape, b: Shape): Shape {
  if (isList(a) && isList(b)) return together([...a, ...b]);
  if (typeof a === "string" || typeof b === "string" || isList(a) || isList(b)) return either(a, b);
  return shapesByKey([...Object.entries(a), ...Object.entries(b)]);
}

/** `null|string` */
function either(...shapes: readonly Shape[]): string {
  const texts = shapes.flatMap((one) => (typeof one === "string" ? one.split("|") : [JSON.stringify(one)]));
  return [...new Set(texts)].sort().join("|");
}

/** The shapes of an object's values, sorted by key; those of one key together. */
function shapesByKey(entries: readonly (readonly [key: string, shape: Shape])[]): Shape {
  const shapes = new Map<string, Shape>();
  for (const [key, shape] of [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
    const known = shapes.get(key);
    shapes.set(key, known === undefined ? shape : merged(known, shape));
  }
  return Object.fromEntries(shapes);
}

function isList(shape: Shape): shape is readonly Shape[] {
  return Array.isArray(shape);
}

/** Takes out what differs from run to run and from repository to repository, and what nobody should read. */
export function redact(context: Context, fact: unknown): unknown {
  // Owner and repository may have the same name, and then nothing tells which of them a name is.
  const names = context.repository.split("/").map(literal).join("|");
  const text = JSON.stringify(fact)
    .replaceAll(context.token, "{token}")
    .replaceAll(context.apiUrl, "{api}")
    .replaceAll(context.registryUrl, "{registry}")
    .replaceAll(`e2e-${context.run}`, "e2e-{run}")
    .replaceAll(new RegExp(`(?<=%2f|(?<![\\w{]))(${names})(?![\\w}])`, "gi"), "{name}")
    .replaceAll(/(?<=\{api\})\/(orgs|users)\/\{name\}/g, "/{account}")
    .replaceAll(/[0-9a-f]{64}/g, "{hex}")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "{time}")
    .replaceAll(/(?<=[/=])\d{4,}/g, "{number}");
  return JSON.parse(text);
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
