import { messageOf } from "../model/error-message";
import { isObject } from "../model/json";
import { OCI_INDEX, parseManifest } from "./manifest-document";
import { failure, type RegistryCall, type RegistryClient, registryUrl, send } from "./registry-call";
import { bodyText, type RegistryAnswer } from "./registry-http";

export type ReferrersAnswer = readonly string[] | "unsupported";
export type AskReferrers = (repository: string, digest: string) => Promise<ReferrersAnswer>;

/**
 * Asks the referrers API, and never again where its first answer is 404. A later 404 is about one subject only: the
 * others may have referrers all the same.
 */
export function createReferrers(client: RegistryClient): AskReferrers {
  let probe: Promise<ReferrersAnswer> | undefined;

  function firstQuestion(repository: string, digest: string): Promise<ReferrersAnswer> {
    const answer = askReferrers(client, repository, digest);
    probe = answer;
    answer.catch(() => {
      probe = undefined;
    });
    return answer;
  }

  return async (repository, digest) => {
    // One question goes ahead of the others, which it may make needless; the next one when it fails.
    while (probe) {
      const known = await probe.catch(() => undefined);
      if (known !== undefined)
        return known === "unsupported" ? known : askReferrers(client, repository, digest);
    }
    return firstQuestion(repository, digest);
  };
}

async function askReferrers(
  client: RegistryClient,
  repository: string,
  digest: string,
): Promise<ReferrersAnswer> {
  const first = registryUrl(client.registry, repository, "referrers", digest);
  const call = {
    method: "GET",
    repository,
    reference: digest,
    headers: { accept: OCI_INDEX },
    check,
  } as const;
  const digests: string[] = [];
  for (let url: URL | undefined = first; url; ) {
    const answer: RegistryAnswer = await send(client, { ...call, url });
    if (answer.status === 404 && url === first) return "unsupported";
    if (answer.status !== 200) throw failure(call, answer);
    digests.push(...listed(answer));
    url = nextPage(answer, url, call);
  }
  return digests;
}

/** What is wrong with a page of referrers. */
function check(answer: RegistryAnswer): string | undefined {
  if (answer.status !== 200) return undefined;
  try {
    const document: unknown = JSON.parse(bodyText(answer));
    if (!isObject(document) || !("manifests" in document)) return "its referrers are no list";
    listed(answer);
    return undefined;
  } catch (error) {
    return `its referrers cannot be used: ${messageOf(error)}`;
  }
}

function listed(answer: RegistryAnswer): readonly string[] {
  const manifest = parseManifest(bodyText(answer), OCI_INDEX);
  return manifest.kind === "index" ? manifest.manifests.map(({ digest }) => digest) : [];
}

/** The next page, which must be of the same registry. */
function nextPage(
  answer: RegistryAnswer,
  current: URL,
  call: Pick<RegistryCall, "repository" | "reference">,
): URL | undefined {
  const target = /<([^>]+)>;\s*rel="?next"?/.exec(answer.headers.get("link") ?? "")?.[1];
  if (target === undefined) return undefined;
  const next = new URL(target, current);
  if (next.origin === current.origin && next.href !== current.href) return next;
  throw failure(call, { ...answer, status: 0, problem: "its list of referrers goes on elsewhere" });
}
