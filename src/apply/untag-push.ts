import { messageOf } from "../model/error-message";
import { backoffDelay, RETRY_DEFAULTS } from "../net/retry";
import { endOf } from "../net/stop";
import type { ManifestAnswer, Repository } from "../registry/registry";
import { RegistryError } from "../registry/registry-error";

/** A manifest as it is pushed to a tag. */
export interface Pushable {
  readonly digest: string;
  readonly body: string;
  readonly mediaType: string;
}

/** What came of moving a tag: it was moved, somebody else had moved it before, or it could not be moved. */
export type Moved =
  | { readonly kind: "moved" }
  | { readonly kind: "elsewhere" }
  | { readonly kind: "refused" | "forbidden" | "unclear"; readonly message: string };

export interface PushContext {
  readonly images: Repository;
  /** Sleeps for so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** The manifest that a tag points to. */
export type Tagged = Extract<ManifestAnswer, { kind: "found" }>;

/** Reads a tag; undefined where it is not there. Throws RegistryError. */
export async function readTag(images: Repository, tag: string): Promise<Tagged | undefined> {
  const answer = await images.manifest(tag);
  return answer.kind === "found" ? answer : undefined;
}

/**
 * Moves a tag to another manifest, if it still points where it is expected to: it is read right before each push, since
 * somebody may have pushed it meanwhile. Where the registry is in trouble, it is tried a few times. Rejects only where
 * the run has to stop.
 */
export async function moveTag(
  tag: string,
  from: string,
  to: Pushable,
  { images, pause }: PushContext,
): Promise<Moved> {
  for (let tried = 1; ; tried++) {
    try {
      const now = await readTag(images, tag);
      if (now?.digest === to.digest) return { kind: "moved" };
      if (now?.digest !== from) return { kind: "elsewhere" };
      await images.putManifest(tag, to.body, to.mediaType);
      return { kind: "moved" };
    } catch (error) {
      if (endOf(error).stopped !== undefined) throw error;
      const message = messageOf(error);
      const status = error instanceof RegistryError ? error.status : undefined;
      if (status === 401 || status === 403) return { kind: "forbidden", message };
      if (status === undefined || !isTrouble(status)) return { kind: "refused", message };
      if (tried >= RETRY_DEFAULTS.tries) return { kind: "unclear", message };
      await pause(backoffDelay(tried, RETRY_DEFAULTS));
    }
  }
}

/** Without an answer of its own, the registry may have moved the tag all the same. */
function isTrouble(status: number): boolean {
  return status === 0 || status === 429 || status >= 500;
}
