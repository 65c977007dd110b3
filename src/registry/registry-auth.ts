/** What a registry asks for with a 401. */
export type Challenge =
  | { readonly scheme: "bearer"; readonly realm: string; readonly service?: string; readonly scope?: string }
  | { readonly scheme: "basic" };

/** A bearer token of a registry, good until `expires` (milliseconds since 1970). */
export interface RegistryToken {
  readonly authorization: string;
  readonly expires: number;
}

/** What the distribution specification says where the answer does not. */
const DEFAULT_LIFETIME = 60;
/** The part of its life that a token is used for: the request has to arrive too. */
const USED_LIFE = 0.9;

/** The challenge of a `www-authenticate` header; a Bearer one before Basic; undefined where there is none of these. */
export function parseChallenge(header: string | null): Challenge | undefined {
  const bearer = /(?:^|,)\s*bearer\s+(.*)$/i.exec(header ?? "")?.[1];
  const fields = new Map<string, string>();
  for (const [, key, quoted, plain] of (bearer ?? "").matchAll(
    /([a-z_]+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))/gi,
  )) {
    if (key && !fields.has(key.toLowerCase())) fields.set(key.toLowerCase(), quoted ?? plain ?? "");
  }
  const { realm, service, scope } = Object.fromEntries(fields);
  if (realm) return { scheme: "bearer", realm, ...(service ? { service } : {}), ...(scope ? { scope } : {}) };
  return /(?:^|,)\s*basic\b/i.test(header ?? "") ? { scheme: "basic" } : undefined;
}

/** Where to fetch a token, for the scope of the challenge, or else `scope`. Throws for a realm that is no URL. */
export function tokenUrl(challenge: Challenge & { scheme: "bearer" }, scope: string): URL {
  const url = new URL(challenge.realm);
  if (challenge.service) url.searchParams.set("service", challenge.service);
  url.searchParams.set("scope", challenge.scope ?? scope);
  return url;
}

/**
 * Whether the token may be shown to a realm: the registry's own host, or, over https, a host above or below it
 * (`containers.example.com` and `example.com`). A registry could name any host.
 */
export function isTrustedRealm(realm: URL, registry: URL): boolean {
  if (realm.protocol !== "https:")
    return realm.protocol === registry.protocol && realm.host === registry.host;
  const [shorter, longer] = [realm.hostname, registry.hostname].sort((a, b) => a.length - b.length) as [
    string,
    string,
  ];
  return shorter === longer || (shorter.includes(".") && longer.endsWith(`.${shorter}`));
}

/** The `authorization` that shows the token itself; registries of GitHub take any user name. */
export function basicAuthorization(token: string): string {
  return `Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
}

/** The token of a realm's answer; undefined where there is none in it. */
export function parseToken(body: string, now: number): RegistryToken | undefined {
  const { token, access_token, expires_in } = parseObject(body);
  const value = token ?? access_token;
  if (typeof value !== "string" || !/^[\x21-\x7e]+$/.test(value)) return undefined;
  const lifetime = typeof expires_in === "number" && expires_in > 0 ? expires_in : DEFAULT_LIFETIME;
  return { authorization: `Bearer ${value}`, expires: now + lifetime * 1000 * USED_LIFE };
}

function parseObject(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
