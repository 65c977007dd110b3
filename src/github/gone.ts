import type { Answer } from "./github";

/** GitHub's own words for a version that is not there, by which it does not answer who lacks a right. */
export function saysGone({ status, message }: Pick<Answer, "status" | "message">): boolean {
  return status === 404 && /version not found/i.test(message);
}
