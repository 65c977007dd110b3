import type { Images } from "./image-graph";
import type { Needs } from "./reads";

/** What the registry has told about one package in this run: each question is asked once. */
export interface ImageStore {
  /** As far as it is known by now; the same object grows. */
  readonly images: () => Images;
  /** Asks the registry. Rejects with RegistryError when something cannot be read, a definite 404 aside. */
  readonly learn: (needs: Needs) => Promise<void>;
}
