import { describeAnswer, RegistryError } from "./registry-error";
import { bodyText, type Check, type Exchange, type RegistryAnswer } from "./registry-http";
import type { Authorizer, Scope } from "./registry-token";

/** A repository of a registry. */
export interface ImageRepository {
  /** `owner/name`. */
  readonly repository: string;
  /** The address of the package's settings, for messages. */
  readonly settingsUrl?: string | undefined;
}

/** One request to the API of a registry; messages name its place and `reference`. */
export interface RegistryCall extends ImageRepository {
  readonly method: "GET" | "HEAD" | "PUT";
  readonly reference: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly check?: Check;
}

export interface RegistryClient {
  readonly registry: URL;
  readonly exchange: Exchange;
  readonly authorizer: Authorizer;
  /** By scope: when it is known how its calls are authorized, since its first call has a token or its answer. */
  readonly known: Map<Scope, Promise<void>>;
}

/**
 * Sends a call, with a token once the registry asks for one. The first call of a scope is sent before the others: it
 * fetches the token that they need. Throws RegistryError where the registry gives none.
 */
export async function send(client: RegistryClient, call: RegistryCall): Promise<RegistryAnswer> {
  const scope = `repository:${call.repository}:${call.method === "PUT" ? "pull,push" : "pull"}`;
  const known = client.known.get(scope);
  if (known) {
    await known;
    return sendAuthorized(client, call, scope);
  }
  let tell = () => {};
  client.known.set(
    scope,
    new Promise((resolve) => {
      tell = resolve;
    }),
  );
  try {
    return await sendAuthorized(client, call, scope, tell);
  } finally {
    tell();
  }
}

async function sendAuthorized(
  client: RegistryClient,
  call: RegistryCall,
  scope: Scope,
  onToken: () => void = () => {},
): Promise<RegistryAnswer> {
  const used = client.authorizer.current(scope);
  const answer = await sendAs(client, call, used);
  if (answer.status !== 401) return answer;
  const renewal = await client.authorizer.renew(scope, answer, used);
  if (renewal.authorization !== undefined) {
    onToken();
    return sendAs(client, call, renewal.authorization);
  }
  throw new RegistryError({ ...call, status: renewal.status, message: renewal.problem });
}

function sendAs(
  { exchange }: RegistryClient,
  { method, url, headers, body, check }: RegistryCall,
  authorization: string | undefined,
): Promise<RegistryAnswer> {
  const all = authorization === undefined ? headers : { ...headers, authorization };
  return exchange(url, { method, headers: all, ...(body === undefined ? {} : { body }) }, check);
}

/** `/v2/{repository}/manifests/{reference}` of the registry. */
export function manifestUrl(registry: URL, repository: string, reference: string): URL {
  const path = [...repository.split("/"), "manifests", reference]
    .map((part) => encodeURIComponent(part))
    .join("/");
  // Digests are sent with a plain colon: not every registry decodes it.
  return new URL(`v2/${path.replaceAll("%3A", ":")}`, registry);
}

/** The error for an answer that decides nothing. */
export function failure(call: RegistryCall, answer: RegistryAnswer): RegistryError {
  const message = answer.problem ?? `it answered ${describeAnswer(answer.status, bodyText(answer))}`;
  // A limit is no missing right, whatever status it came with.
  const status = answer.isLimit ? 429 : answer.status;
  return new RegistryError({ ...call, status, message });
}
