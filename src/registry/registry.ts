import { digestOf, isDigest } from "../model/digest";
import { messageOf } from "../model/error-message";
import { shown } from "../model/json";
import type { Manifest } from "../model/manifest";
import { type Clock, systemClock } from "../net/clock";
import { createFetch } from "../net/fetch";
import type { Log } from "../net/log";
import { IMPATIENT, type Patience } from "../net/patience";
import { RETRY_DEFAULTS, type RetryOptions } from "../net/retry";
import { MANIFEST_TYPES, parseManifest } from "./manifest-document";
import {
  failure,
  type ImageRepository,
  manifestUrl,
  type RegistryCall,
  type RegistryClient,
  send,
} from "./registry-call";
import { parseErrors } from "./registry-error";
import { bodyText, createExchange, type RegistryAnswer } from "./registry-http";
import { createAuthorizer } from "./registry-token";
import { digestedContents } from "./signed-manifest";

export interface RegistryOptions {
  /** `https://ghcr.io`. */
  readonly url: string;
  readonly token: string;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock;
  /** How long it may wait; without it, a minute. */
  readonly patience?: Patience;
  readonly retry?: Partial<
    Pick<RetryOptions, "random" | "tries" | "firstDelay" | "longestDelay" | "totalDelay">
  >;
}

/** `absent`: the registry said in so many words that there is none. */
export type ManifestAnswer =
  | {
      readonly kind: "found";
      readonly digest: string;
      readonly manifest: Manifest;
      readonly raw: string;
      readonly mediaType: string;
    }
  | { readonly kind: "absent" };

/** A container registry. */
export interface Registry {
  /** The client of one repository; asks nothing. */
  of(place: ImageRepository): Repository;
  /** How many manifests were read, of all repositories. */
  readonly reads: number;
}

/** One repository of a registry. All methods throw RegistryError for an answer that decides nothing. */
export interface Repository {
  /** The manifest of a digest or tag; its digest has been verified. Counts as a download. */
  manifest(reference: string): Promise<ManifestAnswer>;
  /** Whether there is a manifest of that digest. Only one that seems to be missing is asked for with a read. */
  exists(digest: string): Promise<boolean>;
  /** Pushes a manifest to a tag and returns its digest. */
  putManifest(tag: string, body: string, mediaType: string): Promise<string>;
}

/** A repository that is unknown as a whole says nothing about a manifest: the list has it, so the address is wrong. */
const MANIFEST_UNKNOWN = "MANIFEST_UNKNOWN";

/** A client for the registry at `url` (spec/action.md, "How a run behaves"). */
export function createRegistry(options: RegistryOptions): Registry {
  const client = createClient(options);
  let reads = 0;

  function of({ repository, settingsUrl }: ImageRepository): Repository {
    const place = { repository: repository.toLowerCase(), settingsUrl };
    const manifest = async (reference: string): Promise<ManifestAnswer> => {
      const answer = await readManifest(client, place, reference);
      if (answer.kind === "found") reads += 1;
      return answer;
    };
    return {
      manifest,
      exists: async (digest) =>
        // A 404 without a body may come from anything on the way: the registry must say it.
        (await hasManifest(client, place, digest)) || (await manifest(digest)).kind === "found",
      putManifest: (tag, body, mediaType) => putManifest(client, place, tag, body, mediaType),
    };
  }

  return {
    of,
    get reads() {
      return reads;
    },
  };
}

function createClient({
  url,
  token,
  log,
  signal,
  clock = systemClock,
  patience = IMPATIENT,
  ...options
}: RegistryOptions): RegistryClient {
  const registry = new URL(`${url.replace(/\/+$/, "")}/`);
  const retry = { ...RETRY_DEFAULTS, ...options.retry, clock, patience, signal };
  const exchange = createExchange({ fetch: createFetch(signal), clock, log, retry, signal });
  const authorizer = createAuthorizer({ registry, token, exchange, clock });
  return { registry, exchange, authorizer, known: new Map() };
}

function manifestCall(
  { registry }: RegistryClient,
  method: RegistryCall["method"],
  place: ImageRepository,
  reference: string,
): RegistryCall {
  const url = manifestUrl(registry, place.repository, reference);
  return { ...place, method, reference, url, headers: { accept: MANIFEST_TYPES.join(", ") } };
}

async function readManifest(
  client: RegistryClient,
  place: ImageRepository,
  reference: string,
): Promise<ManifestAnswer> {
  const call = manifestCall(client, "GET", place, reference);
  const answer = await send(client, { ...call, check: (received) => digestProblem(received, reference) });
  if (isAbsent(answer)) return { kind: "absent" };
  if (answer.status !== 200) throw failure(call, answer);
  return found(call, answer);
}

async function hasManifest(client: RegistryClient, place: ImageRepository, digest: string): Promise<boolean> {
  const call = manifestCall(client, "HEAD", place, digest);
  const answer = await send(client, call);
  if (answer.status !== 200 && answer.status !== 404) throw failure(call, answer);
  return answer.status === 200;
}

async function putManifest(
  client: RegistryClient,
  place: ImageRepository,
  tag: string,
  body: string,
  mediaType: string,
): Promise<string> {
  const call = {
    ...manifestCall(client, "PUT", place, tag),
    headers: { "content-type": mediaType },
    body,
  };
  const answer = await send(client, call);
  if (answer.status !== 200 && answer.status !== 201) throw failure(call, answer);
  const digest = digestOf(body);
  const stored = answer.headers.get("docker-content-digest") ?? digest;
  if (stored === digest) return digest;
  throw failure(call, { ...answer, status: 0, problem: `it stored ${stored} in place of ${digest}` });
}

/**
 * A 404 that a registry wrote: one of a proxy or of another web site says nothing about the manifest. Nor does
 * `OCI artifact found, but accept header does not support OCI artifacts`, which comes with the same code.
 */
function isAbsent(answer: RegistryAnswer): boolean {
  if (answer.status !== 404) return false;
  if (answer.bytes.length === 0) return answer.headers.has("docker-distribution-api-version");
  const errors = parseErrors(bodyText(answer));
  return errors.some(
    ({ code, message }) => code === MANIFEST_UNKNOWN && !/\bfound, but accept\b/i.test(message),
  );
}

/** Nothing that a registry sends is believed before its digest is right. */
function digestProblem(answer: RegistryAnswer, reference: string): string | undefined {
  if (answer.status !== 200) return undefined;
  const wanted = wantedDigest(answer, reference);
  if (wanted === undefined) return undefined;
  if (!isDigest(wanted)) return `${shown(wanted)} is not a digest that can be verified`;
  const actual = digestOf(contentOf(answer, wanted), wanted);
  return actual === wanted ? undefined : `what it sent has the digest ${actual} and not ${wanted}`;
}

/** The digest that was asked for, or what the registry says that a tag's is. */
function wantedDigest({ headers }: RegistryAnswer, reference: string): string | undefined {
  return reference.includes(":") ? reference : (headers.get("docker-content-digest") ?? undefined);
}

/** The part of an answer that has the digest: nothing else of it is read. */
function contentOf(answer: RegistryAnswer, wanted: string | undefined): Uint8Array {
  const contents = digestedContents(answer.bytes, mediaTypeOf(answer));
  const match = contents.find((content) => wanted !== undefined && digestOf(content, wanted) === wanted);
  return match ?? contents[0] ?? answer.bytes;
}

function mediaTypeOf({ headers }: RegistryAnswer): string {
  return (headers.get("content-type") ?? "").split(";")[0]?.trim() ?? "";
}

function found(call: RegistryCall, answer: RegistryAnswer): ManifestAnswer {
  const wanted = wantedDigest(answer, call.reference);
  const content = contentOf(answer, wanted);
  const mediaType = mediaTypeOf(answer);
  try {
    const manifest = parseManifest(Buffer.from(content).toString("utf8"), mediaType);
    const digest = wanted ?? digestOf(content);
    return { kind: "found", digest, manifest, raw: bodyText(answer), mediaType };
  } catch (error) {
    const problem = `the manifest cannot be used: ${messageOf(error)}`;
    throw failure(call, { ...answer, problem });
  }
}
