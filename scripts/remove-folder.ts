import { rmSync } from "node:fs";

/** Removes a directory with all that is in it, if it is there. */
export function removeFolder(path: string): void {
  // Windows refuses while a process that is ending, or a virus scanner, has something in it open.
  rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
