import type { Clock } from "../net/clock";
import {
  basicAuthorization,
  type Challenge,
  isTrustedRealm,
  parseChallenge,
  parseToken,
  type RegistryToken,
  tokenUrl,
} from "./registry-auth";
import { describeAnswer } from "./registry-error";
import { bodyText, type Exchange, type RegistryAnswer } from "./registry-http";

/** What a token is asked for, `repository:octo-org/app:pull`. */
export type Scope = string;

export interface Authorizer {
  /** The `authorization` for a request; undefined until the registry has asked for one. */
  current(scope: Scope): string | undefined;
  /**
   * A new one after a 401 to a request that was sent with `used`, or why there is none. Requests that fail together
   * renew it once.
   */
  renew(scope: Scope, refused: RegistryAnswer, used: string | undefined): Promise<Renewal>;
}

export type Renewal =
  | { readonly authorization: string }
  | { readonly authorization?: undefined; readonly status: number; readonly problem: string };

export interface AuthorizerParts {
  readonly registry: URL;
  readonly token: string;
  readonly exchange: Exchange;
  readonly clock: Clock;
}

const FOREVER = Number.POSITIVE_INFINITY;

/** Keeps one token a scope for the run. */
export function createAuthorizer(parts: AuthorizerParts): Authorizer {
  const tokens = new Map<Scope, RegistryToken>();
  const renewals = new Map<Scope, Promise<Renewal>>();

  function current(scope: Scope): string | undefined {
    const token = tokens.get(scope);
    return token && token.expires > parts.clock.now() ? token.authorization : undefined;
  }

  async function fetchAndKeep(scope: Scope, refused: RegistryAnswer): Promise<Renewal> {
    const token = await answerChallenge(scope, refused, parts);
    if ("authorization" in token) tokens.set(scope, token);
    return token;
  }

  function renew(scope: Scope, refused: RegistryAnswer, used: string | undefined): Promise<Renewal> {
    const newer = current(scope);
    if (newer !== undefined && newer !== used) return Promise.resolve({ authorization: newer });
    const underWay = renewals.get(scope);
    if (underWay) return underWay;
    const renewal = fetchAndKeep(scope, refused).finally(() => renewals.delete(scope));
    renewals.set(scope, renewal);
    return renewal;
  }

  return { current, renew };
}

/** `status` 400: it is not the token that is wrong. */
type Refusal = { readonly status: number; readonly problem: string };

async function answerChallenge(
  scope: Scope,
  refused: RegistryAnswer,
  parts: AuthorizerParts,
): Promise<RegistryToken | Refusal> {
  const header = refused.headers.get("www-authenticate");
  const challenge = parseChallenge(header);
  if (!challenge) return { status: 401, problem: "it wants an authorization that it does not describe" };
  if (challenge.scheme === "basic")
    return { authorization: basicAuthorization(parts.token), expires: FOREVER };
  return fetchToken(challenge, scope, parts);
}

/** First as the token's owner, then as anyone: a public image can be read with a token that is not welcome. */
async function fetchToken(
  challenge: Challenge & { scheme: "bearer" },
  scope: Scope,
  { registry, token, exchange, clock }: AuthorizerParts,
): Promise<RegistryToken | Refusal> {
  if (!URL.canParse(challenge.realm))
    return { status: 400, problem: "its token service has no valid address" };
  const url = tokenUrl(challenge, scope);
  const owned = token !== "" && isTrustedRealm(url, registry);
  let answer = await exchange(url, owned ? { headers: { authorization: basicAuthorization(token) } } : {});
  if (owned && [401, 403].includes(answer.status) && !answer.isLimit) answer = await exchange(url, {});
  const issued = answer.status === 200 ? parseToken(bodyText(answer), clock.now()) : undefined;
  const problem = answer.problem ?? describeAnswer(answer.status, bodyText(answer));
  if (issued) return issued;
  // A limit is no missing right, whatever status it came with.
  const status = answer.isLimit ? 429 : answer.status;
  return { status, problem: `its token service gave no token (${problem})` };
}
