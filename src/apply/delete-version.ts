import { GitHubError } from "../github/github-error";
import type { DeleteResult } from "../github/package-operations";
import type { PackageClient } from "../github/packages";
import type { PackageVersion } from "../model/package-version";
import { backoffDelay, RETRY_DEFAULTS } from "../net/retry";
import type { Turn } from "../net/stop";
import { hasChanged } from "../plan/has-changed";

export const CHANGED = "changed since it was planned";

/** `changed`: the version is not what was planned any more. */
export type CarefulResult = DeleteResult | { readonly kind: "changed"; readonly message: string };

export interface DeleteContext {
  readonly client: PackageClient;
  /** Sleeps for so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly turn: Turn;
}

/**
 * Deletes a version; where GitHub is in trouble, a few times. Before each repetition the version is asked for: the first
 * request may have been carried out, and somebody may have pushed a tag meanwhile.
 *
 * @throws BudgetExhausted, Stopped, and what the turn throws
 */
export async function deleteCarefully(
  planned: PackageVersion,
  { client, pause, turn }: DeleteContext,
): Promise<CarefulResult> {
  for (let tried = 1; ; tried++) {
    const result = await client.deleteVersion(planned.id, { ...turn, tries: 1 });
    if (tried > 1 && result.kind === "gone") return { kind: "deleted" };
    if (!isTrouble(result) || tried >= RETRY_DEFAULTS.tries) return result;
    await pause(backoffDelay(tried, RETRY_DEFAULTS));
    const now = await lookFor(planned, client);
    if (now === "unclear") return result;
    if (now === "gone") return { kind: "deleted" };
    if (now !== "hidden" && hasChanged(planned, now)) return { kind: "changed", message: CHANGED };
  }
}

async function lookFor(
  { id }: PackageVersion,
  client: PackageClient,
): Promise<PackageVersion | "gone" | "hidden" | "unclear"> {
  try {
    return await client.getVersion(id);
  } catch (error) {
    if (error instanceof GitHubError) return "unclear";
    throw error;
  }
}

/** Whether it may succeed the next time: no answer, or one that tells only that GitHub is in trouble. */
export function isTrouble(result: DeleteResult): boolean {
  return result.kind === "failed" && (result.status === 0 || result.status >= 500);
}
