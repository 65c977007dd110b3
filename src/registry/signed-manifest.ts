import { isObject } from "../model/json";
import { DOCKER_SIGNED } from "../model/media-type";

/**
 * What the digest of a manifest may be of: its bytes; of a signed one (Docker schema 1) what was signed comes first, the
 * text without its signature.
 */
export function digestedContents(bytes: Uint8Array, mediaType: string): readonly Uint8Array[] {
  const signed = mediaType === DOCKER_SIGNED ? signedContent(bytes) : undefined;
  return signed ? [signed, bytes] : [bytes];
}

/** The signature says how many bytes of the text stood before it, and what came after them. */
function signedContent(bytes: Uint8Array): Uint8Array | undefined {
  try {
    const document: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    const signatures = isObject(document) ? document.signatures : undefined;
    const [first] = Array.isArray(signatures) ? signatures : [];
    const format: unknown = JSON.parse(
      decoded(isObject(first) ? first.protected : undefined).toString("utf8"),
    );
    const { formatLength, formatTail } = isObject(format) ? format : {};
    if (typeof formatLength !== "number") return undefined;
    return Buffer.concat([bytes.subarray(0, formatLength), decoded(formatTail)]);
  } catch {
    return undefined;
  }
}

function decoded(value: unknown): Buffer {
  return Buffer.from(String(value), "base64url");
}
