import { createHash } from "node:crypto";

const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** Whether this is a digest of a kind that can be verified. */
export function isDigest(value: unknown): value is string {
  return typeof value === "string" && DIGEST.test(value);
}

/** The digest of these bytes; SHA-256, or SHA-512 where the digest to compare it with is one. */
export function digestOf(bytes: Uint8Array | string, like: string = "sha256:"): string {
  const algorithm = like.startsWith("sha512:") ? "sha512" : "sha256";
  return `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
}
