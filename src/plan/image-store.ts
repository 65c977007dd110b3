import type { Images } from "./image-graph";
import type { Needs } from "./reads";

/** What was asked about one package in this run: each question is asked once. */
export interface ImageStore {
  /** As far as it is known by now; the same object grows. */
  readonly images: () => Images;
  /** Asks what is needed. Rejects with RegistryError or GitHubError for an answer that decides nothing. */
  readonly learn: (needs: Needs) => Promise<void>;
  /**
   * Asks again, when it is needed, for those of these digests of which the registry had no manifest: somebody may have
   * pushed or restored them since.
   */
  readonly askAgain: (digests: Iterable<string>) => void;
}
