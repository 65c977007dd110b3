import { MEDIA_TYPES, versionOf } from "../../emulator/images";
import { artifactManifest, schema1Manifest } from "../../emulator/old-images";
import { reply, start } from "./fixture";

const ALL_TYPES = Object.values(MEDIA_TYPES).join(", ");

const OLD = [
  [
    "an OCI artifact",
    artifactManifest("scan"),
    "OCI artifact found, but Accept header does not support OCI artifacts",
  ],
  [
    "Docker schema 1",
    schema1Manifest("old"),
    "Docker schema 1 manifest found, but Accept header does not support Docker schema 1 manifests",
  ],
  [
    "signed Docker schema 1",
    schema1Manifest("old", { signed: true }),
    "Docker schema 1 manifest found, but Accept header does not support Docker schema 1 manifests",
  ],
] as const;

it.each(OLD)("%s is hidden from those who ask for the four types of today", async (_, old, message) => {
  const versions = [versionOf(old, { tags: ["old"], createdAt: "1d ago" })];
  const packages = [{ owner: "acme", type: "container" as const, name: "app", versions }];
  const emulator = await start({ registry: { challenge: false }, packages });
  const manifests = `${emulator.registryUrl}/v2/acme/app/manifests`;
  const read = (accept: string) => fetch(`${manifests}/old`, { headers: { accept } });

  const { status, body } = await reply(await read(ALL_TYPES));
  expect([status, body]).toEqual([404, { errors: [{ code: "MANIFEST_UNKNOWN", message }] }]);

  const response = await read(`${ALL_TYPES}, ${old.mediaType}`);
  expect(response.headers.get("content-type")).toBe(old.mediaType);
  expect(response.headers.get("docker-content-digest")).toBe(old.digest);
  expect(await response.text()).toBe(old.body);

  const headers = { "content-type": old.mediaType };
  const again = await fetch(`${manifests}/again`, { method: "PUT", headers, body: old.body });
  expect([again.status, again.headers.get("docker-content-digest")]).toEqual([201, old.digest]);
});
