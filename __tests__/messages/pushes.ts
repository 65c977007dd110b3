import { pushManifest } from "../../emulator/changes";
import { type Image, imageManifest, indexOf, versionOf } from "../../emulator/images";
import type { Emulator } from "../../emulator/server";
import { policy } from "../support/builder";
import { leftoverOf } from "../support/untag";
import { answer, deleting, images, npm, npmPolicy, restoring, type Situation } from "./bring-about";
import type { Message } from "./message";

/** What a run says where somebody pushed meanwhile, or where it had nothing to do. */

const kept = imageManifest("v0");
const part = imageManifest("pr-1", "linux/amd64");
const going = indexOf([part]);

/** `v0` stays; the index `pr-1` (id 3) goes, and with it its platform (id 2). */
const app = images(
  { ...versionOf(kept, { tags: ["v0"], createdAt: "50d ago" }), id: 1 },
  { ...versionOf(part, { createdAt: "50d ago" }), id: 2 },
  { ...versionOf(going, { tags: ["pr-1"], createdAt: "50d ago" }), id: 3 },
);
const lines = policy("v*: always\npr-*: never\nuntagged: never");

function push(emulator: Emulator, { body, mediaType }: Image, tag: string): void {
  pushManifest(emulator.state, emulator.package("app"), { body, mediaType, tag }, Date.now());
}

/** Somebody pushes as this version is deleted. */
function whileDeleting(id: number, image: Image, tag: string, situation: Situation = {}): Promise<string> {
  return deleting([app], lines, {
    ...situation,
    meanwhile: (emulator, { method, path }) => {
      if (method === "DELETE" && path.endsWith(`/${id}`)) push(emulator, image, tag);
    },
  });
}

/** A part is pushed again as the index of a new image. */
const sharing = indexOf([part], { annotations: { is: "another" } });

const ADMIN =
  'With GITHUB_TOKEN: give the job "permissions: packages: write", and this repository the Admin role under "Manage ' +
  'Actions access" in the settings of the package (https://github.com/orgs/acme/packages/container/app/settings). With a classic personal access token: it needs read:packages and ' +
  "write:packages, and its owner the Admin role on the package.";

/** A tag of an image with two is removed, while this is pushed right before the removal's own push arrives. */
function whileUntagging(manifest: string, pushed?: Image): Promise<string> {
  const two = { id: 1, tags: ["v1", "pr-1"], createdAt: "50d ago" };
  const versions = [{ ...two, manifest }];
  return deleting([images(...versions)], policy("v*: always\npr-*: never", { untag: true }), {
    meanwhile: (emulator, { method }) => {
      if (method === "PUT" && pushed) push(emulator, pushed, "pr-1");
    },
  });
}

/** A tag of an image with two is to be removed, while this happens as the package is listed for it. */
function beforeUntagging(line: string, happens: (emulator: Emulator) => void): Promise<string> {
  const two = versionOf(kept, { id: 1, tags: ["v1", "pr-1"], createdAt: "50d ago" });
  let lists = 0;
  return deleting([images(two)], policy(`v*: always\n${line}`, { untag: true }), {
    data: { repositories: [{ fullName: "acme/app", pullRequests: [{ number: 1, state: "closed" }] }] },
    meanwhile: (emulator, { path }) => {
      if (/state=active/.test(path) && ++lists === 2) happens(emulator);
    },
  });
}

const mediaType = "application/vnd.oci.image.manifest.v1+json";

export const PUSHES: readonly Message[] = [
  {
    when: "a part that a new image lists as it is deleted",
    how: () => whileDeleting(2, sharing, "v1"),
    says: `app@${part.digest} (id 2) was deleted and restored: app:v1, which was pushed during the run, needs it.`,
    onlyTells: true,
  },
  {
    when: "a tag that moves to a version as it is deleted",
    how: () => whileDeleting(3, going, "latest"),
    says: [
      `app@${part.digest} (id 2) was deleted and restored: app:pr-1, which is restored, needs it.`,
      "app:pr-1 (id 3) was deleted and restored: it was given the tag latest during the run.",
      'Nothing of app was deleted: 2 versions planned, and all skipped, the first because of "it was deleted and restored: it was given the tag latest during the run". The report says why for each; run the action again.',
    ].join("\n"),
    onlyTells: true,
  },
  {
    when: "a token that may not restore what has to come back",
    how: () => whileDeleting(2, sharing, "v1", { faults: [answer("POST", "/restore", 403, "Forbidden")] }),
    says: `GitHub did not restore what was deleted of app and must be restored: app@${part.digest} (id 2), since app:v1, which was pushed during the run, needs it. Write 2 into the input \`restore\`, one in each line, and use a token that may restore. Cannot restore version 2 of the container package acme/app: GitHub answered 403: Forbidden. ${ADMIN}`,
  },
  {
    when: "a package that cannot be looked at in the end",
    how: () =>
      deleting([app], lines, {
        faults: [
          {
            match: { path: "state=active", nth: 3, count: "always" },
            answer: { status: 502, body: { message: "Server Error" } },
          },
        ],
      }),
    says: "The container package app could not be checked again at the end. Cannot list the versions of the container package acme/app: GitHub answered 502: Server Error. Run the action again later. What was pushed to it during the run may need a version that was deleted: pull it, and restore from the report what it lacks.",
  },
  {
    when: "deleted versions that cannot be listed",
    how: () => deleting([app], lines, { faults: [answer("GET", "state=deleted", 403, "Forbidden")] }),
    says: 'It is unknown whether versions of the container package app got tags just before they were deleted: Cannot list the versions of the container package acme/app: GitHub answered 403: Forbidden. With GITHUB_TOKEN: give the job "permissions: packages: read", and this repository a role under "Manage Actions access" in the settings of the package (https://github.com/orgs/acme/packages/container/app/settings). With a classic personal access token: it needs read:packages.',
  },
  {
    when: "deleted versions on a list with active ones",
    how: () => deleting([app], lines, { data: { listing: { ignoreState: true } } }),
    says: "It is unknown whether versions of the container package app got tags just before they were deleted: GitHub's list of the deleted versions has active ones on it, such as 1. Check what was tagged during the run, and restore what is missing in the settings of the package (https://github.com/orgs/acme/packages/container/app/settings).",
  },
  {
    when: "a tag that is pushed while it is removed",
    how: () => whileUntagging(kept.body, imageManifest("new")),
    says: "Somebody pushed to app while 1 tag of other versions (pr-1) was removed: if one was meant for the pushed image (version 2), push it again.",
  },
  {
    when: "an image that came during the run and has no manifest",
    how: () =>
      whileDeleting(3, sharing, "new", {
        faults: [
          {
            match: { path: sharing.digest, count: "always" },
            answer: {
              status: 404,
              body: { errors: [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown" }] },
            },
          },
        ],
      }),
    says: "The registry has no manifest of app:new (id 4), which was pushed during the run: which parts it needs cannot be told. Check that it can be pulled, and restore from the report what it lacks.",
  },
  {
    when: "a tag of a version that is pushed again before the tag is removed",
    how: () =>
      beforeUntagging("pr-*: 14d", (emulator) => {
        for (const image of [imageManifest("other"), kept]) push(emulator, image, "pr-1");
      }),
    says: "The tag app:pr-1 of app:v1 (id 1) was not removed: the version changed since it was planned. The next run checks it again.",
    onlyTells: true,
  },
  {
    when: "a tag whose pull request is open again before the tag is removed",
    how: () =>
      beforeUntagging("pr-*: {while: pull-request}", (emulator) => {
        const [pull] = emulator.repository("acme/app").pullRequests;
        if (pull) pull.state = "open";
      }),
    says: "The tag app:pr-1 of app:v1 (id 1) was not removed: planned again, the version does not lose it. The next run checks it again.",
    onlyTells: true,
  },
  {
    when: "a tag of a manifest that has no list",
    how: () =>
      whileUntagging(JSON.stringify({ schemaVersion: 2, mediaType, config: { digest: kept.digest } })),
    says: `The tag app:pr-1 of app:v1 (id 1) was not removed: its manifest is of a type that has no list to empty: ${mediaType}.`,
    onlyTells: true,
  },
  {
    when: "what only took a tag away, restored by that tag",
    how: () => {
      const details = { id: 9, tags: ["pr-1"], createdAt: "2d ago", deletedAt: "1d ago" };
      const leftover = versionOf(leftoverOf(kept, "pr-1"), details);
      return restoring([images(...app.versions.slice(0, 1), leftover)], "pr-1", {
        type: "container",
        faults: [answer("DELETE", "/versions/9", 403, "Forbidden")],
      });
    },
    says: `app:pr-1 only took its tag away from an image, and was not deleted again: Cannot delete version 9 of the container package acme/app: GitHub answered 403: Forbidden. ${ADMIN.replace("write:packages", "delete:packages")}`,
  },
  {
    when: "a list without a version",
    how: () => deleting([npm([])], npmPolicy("rest: never")),
    says: "GitHub lists no versions of the npm package app, so that there is nothing to delete: check `packages`, `package-type`, and that the token may read the package.",
  },
  {
    when: "a package in which everything is skipped",
    how: () =>
      deleting([app], lines, {
        meanwhile: (emulator, { path }) => {
          const isSecond =
            emulator.requests.filter((request) => /versions\?/.test(request.path)).length === 2;
          if (isSecond && /versions\?/.test(path)) push(emulator, going, "v2");
        },
      }),
    says: 'Nothing of app was deleted: 2 versions planned, and all skipped, the first because of "changed since it was planned". The report says why for each; run the action again.',
  },
];
