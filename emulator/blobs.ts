import { createHash, randomUUID } from "node:crypto";
import { type Answer, registryError } from "./http";

/** Blobs that were uploaded, by `owner/name@digest`, and the uploads that are under way, by their id. */
export interface BlobStore {
  readonly blobs: Map<string, Buffer>;
  readonly uploads: Map<string, Upload>;
}

interface Upload {
  readonly repository: string;
  readonly bytes: Buffer;
}

/** A request below `/v2/{repository}/blobs/`. */
export interface BlobCall {
  readonly method: string;
  readonly repository: string;
  /** The id of an upload, the digest of a blob, or nothing where an upload begins. */
  readonly reference: string;
  readonly isUpload: boolean;
  readonly query: URLSearchParams;
  readonly bytes: Buffer;
}

const UNSUPPORTED = registryError(405, "UNSUPPORTED", "The operation is unsupported.");
const NO_UPLOAD = registryError(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");

export function newBlobStore(): BlobStore {
  return { blobs: new Map(), uploads: new Map() };
}

/** Whether a blob was uploaded to a repository. */
export function hasBlob({ blobs }: BlobStore, repository: string, digest: string): boolean {
  return blobs.has(keyOf(repository, digest));
}

/** Answers the blobs part of the distribution specification: upload whole or in pieces, and reading. There is no mounting. */
export function answerBlobs(store: BlobStore, call: BlobCall): Answer {
  if (!call.isUpload) return readBlob(store, call);
  switch (call.method) {
    case "POST":
      return beginUpload(store, call);
    case "PATCH":
      return addToUpload(store, call);
    case "PUT":
      return endUpload(store, call);
    default:
      return UNSUPPORTED;
  }
}

function readBlob({ blobs }: BlobStore, { method, repository, reference }: BlobCall): Answer {
  if (method !== "GET" && method !== "HEAD") return UNSUPPORTED;
  const body = blobs.get(keyOf(repository, reference));
  if (!body) return registryError(404, "BLOB_UNKNOWN", "blob unknown to registry");
  return { status: 200, headers: { "docker-content-digest": reference }, body };
}

function beginUpload(store: BlobStore, call: BlobCall): Answer {
  const { repository } = call;
  const digest = call.query.get("digest");
  if (digest !== null) return keepBlob(store, repository, digest, call.bytes);
  const id = randomUUID();
  store.uploads.set(id, { repository, bytes: Buffer.alloc(0) });
  return underWay(repository, id, 0);
}

function addToUpload({ uploads }: BlobStore, { repository, reference, bytes }: BlobCall): Answer {
  const upload = uploads.get(reference);
  if (upload?.repository !== repository) return NO_UPLOAD;
  const all = Buffer.concat([upload.bytes, bytes]);
  uploads.set(reference, { repository, bytes: all });
  return underWay(repository, reference, all.length);
}

function endUpload(store: BlobStore, { repository, reference, query, bytes }: BlobCall): Answer {
  const upload = store.uploads.get(reference);
  if (upload?.repository !== repository) return NO_UPLOAD;
  store.uploads.delete(reference);
  return keepBlob(store, repository, query.get("digest") ?? "", Buffer.concat([upload.bytes, bytes]));
}

function keepBlob({ blobs }: BlobStore, repository: string, digest: string, bytes: Buffer): Answer {
  if (digest !== `sha256:${createHash("sha256").update(bytes).digest("hex")}`)
    return registryError(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
  blobs.set(keyOf(repository, digest), bytes);
  const location = `/v2/${repository}/blobs/${digest}`;
  return { status: 201, headers: { location, "docker-content-digest": digest } };
}

function underWay(repository: string, id: string, size: number): Answer {
  const location = `/v2/${repository}/blobs/uploads/${id}`;
  const headers = { location, range: `0-${Math.max(0, size - 1)}`, "docker-upload-uuid": id };
  return { status: 202, headers };
}

function keyOf(repository: string, digest: string): string {
  return `${repository}@${digest}`;
}
