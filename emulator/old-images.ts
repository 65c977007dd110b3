import { digestOf, type Image, MEDIA_TYPES } from "./images";

/** Manifests of types that nobody pushes any more, and that packages still have. */
export const OLD_MEDIA_TYPES = {
  ociArtifact: "application/vnd.oci.artifact.manifest.v1+json",
  dockerSchema1: "application/vnd.docker.distribution.manifest.v1+json",
  dockerSchema1Signed: "application/vnd.docker.distribution.manifest.v1+prettyjws",
} as const;

/** Every type of manifest that the registry knows. */
export const ALL_MEDIA_TYPES: readonly string[] = [
  ...Object.values(MEDIA_TYPES),
  ...Object.values(OLD_MEDIA_TYPES),
];

interface Signature {
  readonly protected: string;
}

/** An OCI artifact manifest, of an image or of nothing. Only release candidates of the OCI 1.1 specification had it. */
export function artifactManifest(seed: string, subject?: Image): Image {
  const mediaType = OLD_MEDIA_TYPES.ociArtifact;
  const size = Buffer.byteLength(seed);
  const body = JSON.stringify({
    mediaType,
    artifactType: "application/vnd.example.scan",
    blobs: [{ mediaType: "application/vnd.example.scan", digest: digestOf(seed), size }],
    ...(subject && {
      subject: {
        mediaType: subject.mediaType,
        digest: subject.digest,
        size: Buffer.byteLength(subject.body),
      },
    }),
  });
  return { digest: manifestDigest(body), mediaType, body };
}

/** An image as Docker schema 1 had it; signed ones have a digest that leaves the signature out. */
export function schema1Manifest(seed: string, options: { readonly signed?: boolean } = {}): Image {
  const payload = JSON.stringify(
    {
      schemaVersion: 1,
      name: "acme/app",
      tag: "latest",
      architecture: "amd64",
      fsLayers: [{ blobSum: digestOf(`layer of ${seed}`) }],
      history: [{ v1Compatibility: JSON.stringify({ id: digestOf(seed).slice(7) }) }],
    },
    undefined,
    3,
  );
  const body = options.signed ? sign(payload) : payload;
  const type = options.signed ? "dockerSchema1Signed" : "dockerSchema1";
  return { digest: manifestDigest(body), mediaType: OLD_MEDIA_TYPES[type], body };
}

/** The digest of a manifest: of its text, or, of a signed schema 1 manifest, of what was signed. */
export function manifestDigest(body: string): string {
  return digestOf(signedPayload(body) ?? body);
}

/** The text as it was before it was signed: its first `formatLength` bytes and `formatTail`. */
function signedPayload(body: string): string | undefined {
  const [signature] = signaturesOf(body);
  if (!signature) return undefined;
  const text = Buffer.from(signature.protected, "base64url").toString("utf8");
  const { formatLength, formatTail } = JSON.parse(text) as { formatLength: number; formatTail: string };
  const head = Buffer.from(body).subarray(0, formatLength);
  return Buffer.concat([head, Buffer.from(formatTail, "base64url")]).toString("utf8");
}

function signaturesOf(body: string): readonly Signature[] {
  if (!body.includes('"signatures"')) return [];
  const { schemaVersion, signatures } = JSON.parse(body) as {
    schemaVersion?: number;
    signatures?: readonly Signature[];
  };
  return schemaVersion === 1 && Array.isArray(signatures) ? signatures : [];
}

/** Puts a signature before the closing brace, as libtrust did; nobody here verifies it. */
function sign(payload: string): string {
  const tail = "\n}";
  const head = payload.slice(0, -tail.length);
  const protectedText = JSON.stringify({
    formatLength: Buffer.byteLength(head),
    formatTail: Buffer.from(tail).toString("base64url"),
    time: "2016-01-01T00:00:00Z",
  });
  const signature = {
    header: { jwk: { crv: "P-256", kid: "EMUL:ATED", kty: "EC", x: "AA", y: "AA" }, alg: "ES256" },
    signature: "AA",
    protected: Buffer.from(protectedText).toString("base64url"),
  };
  return `${head},\n   "signatures": [${JSON.stringify(signature)}]${tail}`;
}
