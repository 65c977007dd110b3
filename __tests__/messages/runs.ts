import { pushManifest } from "../../emulator/changes";
import type { Fault, TokenData } from "../../emulator/data";
import { digestOf, imageManifest, multiArch, versionOf } from "../../emulator/images";
import type { Emulator } from "../../emulator/server";
import { plainHttpWarning } from "../../src/github/registry-address";
import type { PackageType } from "../../src/model/package-version";
import { createPatience } from "../../src/net/patience";
import { findUnmatched } from "../../src/plan/unmatched";
import type { Policy } from "../../src/policy/policy";
import { formatProblem } from "../../src/policy/problem";
import { clockWarning } from "../../src/run/runner-clock";
import { timeIsUp } from "../../src/run/time-limit";
import { digest, image, play, policy, signatureTag } from "../support/builder";
import { leftoverOf } from "../support/untag";
import {
  actionSays,
  answer,
  cancelled,
  deleting,
  globs,
  images,
  JOB,
  NONE_OF_1,
  names,
  npm,
  npmPolicy,
  old,
  saved,
  savedReport,
  selection,
} from "./bring-about";
import type { Message } from "./message";

const multi = multiArch("app", { tags: ["v1"], createdAt: "50d ago" }, { attestations: false });
const plain = imageManifest("plain");
const DRY = { isDryRun: true };
const DOWNLOADED = { downloads: 5_001 };

function untagging(text = "v*: always\npr-*: never"): Policy {
  return policy(text, { untag: true });
}

const ENTRY = { id: 1, name: plain.digest, created_at: "2026-11-01T00:00:00Z" };

/** The package's list has one entry only, this one. */
function listing(body: unknown, type: PackageType = "npm"): Promise<string> {
  const one = type === "npm" ? NONE_OF_1 : policy("v*: always");
  const faults = [{ match: { path: "/versions" }, answer: { status: 200, body } }];
  return deleting([type === "npm" ? npm([old(1)]) : images()], one, { faults });
}

type Answer = NonNullable<Fault["answer"]>;

/** The registry answers like this when a manifest is read. */
function reading(given: Answer): Promise<string> {
  const faults = [{ match: { path: "/manifests/", count: "always" as const }, answer: given }];
  return deleting([images(...multi.versions)], policy("v*: always\nuntagged: never"), { faults });
}

/** The sizes of an image like this are asked for. */
function sizing(content: object): Promise<string> {
  const body = JSON.stringify({ schemaVersion: 2, mediaType: plain.mediaType, ...content });
  const odd = versionOf({ ...plain, digest: digestOf(body), body }, { tags: ["v1"], createdAt: "50d ago" });
  return deleting([images(odd)], policy("v*: always"), { sizes: true });
}

/** What is said then. */
function unsized(content: object, why: string): string {
  const body = JSON.stringify({ schemaVersion: 2, mediaType: plain.mediaType, ...content });
  return `The sizes of the container package app leave out 1 manifest: \`totalBytes\` is a lower bound, and \`freedBytes\` may include layers of kept versions. The plan is the same. The manifest ${digestOf(body)} cannot be used: ${why}.`;
}

const tagged = images(versionOf(plain, { tags: ["v1", "pr-1"], createdAt: "50d ago" }));

/** The registry answers with this body when a tag is looked up, right before it is removed. */
function readingTag(body: string, digest = digestOf(body)): Promise<string> {
  const given = { status: 200, body, headers: { "docker-content-digest": digest } };
  const match = { path: "/manifests/pr-1", count: "always" as const };
  return deleting([tagged], untagging(), { faults: [{ match, answer: given }] });
}

/** Something happens as the nth such request arrives, while a tag is removed. */
function whileUntagging(
  request: RegExp,
  nth: number,
  happens: (emulator: Emulator) => void,
): Promise<string> {
  let seen = 0;
  return deleting([tagged], untagging(), {
    meanwhile: (emulator, { method, path }) => {
      if (request.test(`${method} ${path}`) && ++seen === nth) happens(emulator);
    },
  });
}

function push(emulator: Emulator, seed: string, tag: string): void {
  const { body, mediaType } = imageManifest(seed);
  pushManifest(emulator.state, emulator.package("app"), { body, mediaType, tag }, Date.now());
}

/** What happened while a run listed, planned, deleted and took tags off. */
export const RUNS: readonly Message[] = [
  {
    when: "an owner that does not exist",
    how: () => deleting([], NONE_OF_1, { owner: "nobody" }),
    says: 'There is no user or organization "nobody": check the input owner.',
  },
  {
    when: "an owner that the token may not see",
    how: () => deleting([], NONE_OF_1, { faults: [answer("GET", "/users/", 401, "Bad credentials")] }),
    says: 'Cannot look up the owner "acme": GitHub answered 401: Bad credentials. The token is not valid (expired, revoked or mistyped): check the input token.',
  },
  {
    when: "globs with GITHUB_TOKEN",
    how: () =>
      deleting([npm([])], npmPolicy("1.*: never", { packages: globs("a*") }), { data: { tokens: [JOB] } }),
    says: "Cannot list the npm packages of acme: GitHub answered 403: Resource not accessible by integration. GITHUB_TOKEN cannot list packages: name them in the input packages, without globs, or use a classic personal access token with read:packages.",
  },
  {
    when: "a glob that matches no package",
    how: () => deleting([], npmPolicy("1.*: never", { packages: globs("a*") })),
    says: "No npm package of acme matches a*: check `packages` and the package type.",
  },
  {
    when: "a package of two policies",
    how: () => deleting([npm([old(1)])], [NONE_OF_1, npmPolicy("1.*: 3")]),
    says: 'The npm package app is matched by two policies: exclude it from one of them with "!app".',
  },
  {
    when: "a package that may be missing, and is",
    how: () => deleting([], npmPolicy("1.*: never", { ifNotFound: "warn" })),
    says: 'Cannot list the versions of the npm package acme/app: GitHub answered 404: Package not found. Check the name and the package-type. A private package of a user is shown only to a token of that user; with GITHUB_TOKEN the repository needs a role under "Manage Actions access" in the settings of the package (https://github.com/orgs/acme/packages/npm/app/settings). The package is left out (if-not-found: warn). A missing right looks the same.',
  },
  {
    when: "packages that may be missing, and of which none is there",
    how: () =>
      actionSays([], {
        "package-type": "npm",
        packages: "app",
        keep: "1.*: never",
        "if-not-found": "warn",
      }).then((text) => text.split("\n")[0] ?? ""),
    says: "None of the packages was found: the warnings say why, and what to do.",
  },
  {
    when: "a package that is not there",
    how: () => deleting([], NONE_OF_1),
    says: 'Cannot list the versions of the npm package acme/app: GitHub answered 404: Package not found. Check the name and the package-type. A private package of a user is shown only to a token of that user; with GITHUB_TOKEN the repository needs a role under "Manage Actions access" in the settings of the package (https://github.com/orgs/acme/packages/npm/app/settings).',
  },
  {
    when: "a listing that makes no sense",
    how: () =>
      deleting([npm([old(1)])], NONE_OF_1, {
        faults: [{ match: { path: "/versions" }, answer: { status: 200, body: [{ id: 1, name: "" }] } }],
      }),
    says: "The listing of the npm package app makes no sense: version 1 has no name. Nothing of it is changed: run the action again later.",
    onlyTells: true,
  },
  {
    when: "a package with its registry",
    how: () => deleting([], npmPolicy("1.*: never", { packages: names("ghcr.io/acme/app") })),
    says: 'Cannot list the versions of the npm package acme/ghcr.io/acme/app: GitHub answered 404: Package not found. Write "app", without registry and owner. Check the name and the package-type. A private package of a user is shown only to a token of that user; with GITHUB_TOKEN the repository needs a role under "Manage Actions access" in the settings of the package (https://github.com/orgs/acme/packages/npm/ghcr.io%2Facme%2Fapp/settings).',
  },
  {
    when: "a glob of packages with its owner",
    how: () => deleting([npm([old(1)])], npmPolicy("1.*: never", { packages: globs("acme/*") })),
    says: 'No npm package of acme matches acme/*: check `packages` and the package type. Write "*", without registry and owner.',
  },
  {
    when: "names of packages with blanks between them",
    how: () => deleting([], npmPolicy("1.*: never", { packages: names("app web") })),
    says: 'Cannot list the versions of the npm package acme/app web: GitHub answered 404: Package not found. Separate the names of several packages by commas, or write one per line. Check the name and the package-type. A private package of a user is shown only to a token of that user; with GITHUB_TOKEN the repository needs a role under "Manage Actions access" in the settings of the package (https://github.com/orgs/acme/packages/npm/app%20web/settings).',
  },
  {
    when: "a line that matches nothing",
    how: () => deleting([npm([old(1)])], npmPolicy("1.*: never\nnigthly-*: 3"), DRY),
    says: 'keep:2:1: "nigthly-*" matches nothing in npm app: is it a typo?',
  },
  {
    when: "a mistyped reserved word",
    how: () => deleting([npm([old(1)])], npmPolicy("1.*: never\nprerelase: 3"), DRY),
    says: 'keep:2:1: "prerelase" claims nothing, did you mean "prerelease"? With "dry-run: false" the run stops here and deletes nothing.',
  },
  {
    when: "a plan above max-delete",
    how: () =>
      deleting(
        [npm([old(1), old(2)])],
        npmPolicy("1.*: never", { maxDelete: { kind: "percent", percent: 25 } }),
      ),
    says: "The plan deletes 2 of the 2 versions of the npm package app, which is more than `max-delete` (25%) allows: such a run deletes nothing of it. If the plan is right, raise `max-delete`.",
  },
  {
    when: "a package of which nothing would be left",
    how: () =>
      deleting([npm([old(1), old(2)])], npmPolicy("1.*: never", { deleteEmptyPackage: true }), {
        isDryRun: true,
      }),
    says: "Nothing would be left of the npm package app: it would be deleted as a whole, with all of its 2 versions, in one request.",
    onlyTells: true,
  },
  {
    when: "a plan that takes more requests than there are",
    how: () =>
      deleting([npm([old(1), old(2), old(3, "2.0.0")])], NONE_OF_1, {
        data: { limits: { primary: { limit: 104 } } },
      }),
    says: "The plan needs 3 requests, and the token has 102 left until <time>, some of them for others (`rate-limit-reserve`): the run will stop before the rest is done, and the next one continues.\napp: 1 version planned and not attempted. The token has 100 requests left of its hourly limit, which resets at <time>. Run again after that, set `on-rate-limit: wait`, lower `rate-limit-reserve`, or use a token with a higher limit.",
  },
  {
    when: "a run whose time is up",
    how: () => deleting([npm([old(1), old(2)])], NONE_OF_1, { stopReason: () => timeIsUp(7.5, 450_000) }),
    says: "app: 2 versions planned and not attempted. The time of `max-minutes` (7.5) is over; the next run continues.",
  },
  {
    when: "a cancelled job",
    how: () => deleting([npm([old(1), old(2)])], NONE_OF_1, { stopReason: cancelled }),
    says: "app: 2 versions planned and not attempted. The job was cancelled (SIGTERM). Run it again to continue.",
    onlyTells: true,
  },
  {
    when: "a version with many downloads",
    how: () => deleting([npm([old(1, "1.0.1", DOWNLOADED), old(2, "2.0.0")])], NONE_OF_1),
    says: "GitHub refused to delete app@1.0.1 (id 1): Publicly visible package versions with more than 5000 downloads cannot be deleted. Contact GitHub support for further assistance.",
  },
  {
    when: "the last version",
    how: () => deleting([npm([old(1)])], NONE_OF_1),
    says: "GitHub refused to delete app@1.0.1 (id 1): You cannot delete the last version of a package. You must delete the package instead.",
  },
  {
    when: "a package that may not be changed",
    how: () =>
      deleting([npm([old(1), old(2, "2.0.0")])], NONE_OF_1, {
        data: { tokens: [{ ...JOB, admin: [] } as TokenData] },
      }),
    says: 'Cannot delete version 1 of the npm package acme/app: GitHub answered 404: Package not found. With GITHUB_TOKEN: give the job "permissions: packages: write", and this repository the Admin role under "Manage Actions access" in the settings of the package (https://github.com/orgs/acme/packages/npm/app/settings). With a classic personal access token: it needs read:packages and delete:packages, and its owner the Admin role on the package.',
  },
  {
    when: "GitHub's trouble with every deletion",
    how: () =>
      deleting([npm(Array.from({ length: 22 }, (_, index) => old(index + 1)))], NONE_OF_1, {
        faults: [answer("DELETE", "/versions/", 502, "Server Error")],
      }),
    says: "20 deletions in a row failed, and no more were tried. The last: Cannot delete version 3 of the npm package acme/app: GitHub answered 502: Server Error. Run the action again later.",
  },
  {
    when: "a plan that is not quite what was reviewed",
    how: () =>
      deleting([npm([old(1), old(2, "2.0.0")])], NONE_OF_1, {
        reviewed: savedReport({ packages: [{ type: "npm", name: "app", versions: [saved(9)] }] }),
      }),
    says: 'app is not quite what was reviewed: 1 not in the reviewed plan, 1 reviewed, and not there any more. Only what both plans delete is deleted.\nNothing of app was deleted: 1 version planned, and all skipped, the first because of "not in the reviewed plan". The report says why for each; run the action again.',
    onlyTells: true,
  },
  {
    when: "a store of signatures",
    how: () => {
      const versions = [image({ id: 1, tags: [signatureTag(digest("elsewhere"), ".sig")] })];
      return play({ policy: policy("untagged: never"), versions }).plan.warnings[0]?.message ?? "";
    },
    says: "app holds only signatures of images that are not in it. Nothing in it is deleted.",
    onlyTells: true,
  },
  {
    when: "a kept image without a manifest",
    how: () => {
      const versions = [image({ id: 3, tags: ["v2"] }), image({ id: 2, tags: ["v1"] }), image({ id: 1 })];
      const { plan } = play({ policy: policy("v*: always\nuntagged: never"), versions }, { absent: ["v2"] });
      return plan.warnings[0]?.message ?? "";
    },
    says: "app:v1 is kept, and the registry has no manifest for it: what it lists is not known, and no untagged version that nothing known lists is deleted this time. Push it again, or delete it.",
  },
  {
    when: "a registry without any of the manifests",
    how: () =>
      deleting([images(...multi.versions)], policy("v*: always\nuntagged: never"), {
        faults: [
          {
            match: { path: "/manifests/", count: "always" },
            answer: {
              status: 404,
              body: { errors: [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown" }] },
            },
          },
        ],
      }),
    says: "The registry has no manifest of any version of the container package app that is kept, such as app:v1: nothing of it is deleted. It is probably another registry than that of the package: check `registry-url`.",
  },
  {
    when: "an image that only looks broken",
    how: () => {
      const registry = { indexes: { v1: ["amd64"] }, present: ["amd64"] };
      const one = policy("v*: always", { deleteBroken: "partial" });
      return (
        play({ policy: one, versions: [image({ id: 1, tags: ["v1"] })] }, registry).plan.warnings[0]
          ?.message ?? ""
      );
    },
    says: "app:v1 looks broken in the list, but the registry has what seemed to be missing: it counts as whole, and the lines decide.",
    onlyTells: true,
  },
  {
    when: "manifests that only the sizes need, and that cannot be read",
    how: () => {
      const down = { match: { path: "/manifests/", count: "always" as const }, answer: { status: 502 } };
      return deleting([images(...multi.versions)], policy("v*: always"), { faults: [down], sizes: true });
    },
    says: "The sizes of the container package app leave out 3 manifests: `totalBytes` is a lower bound, and `freedBytes` may include layers of kept versions. The plan is the same. The registry gave no usable answer for acme/app@sha256:7d292f0e7b086b1e9aba266ae52e958f747d87073cbaeaaf876ea61925cac54d: it answered status 502. Run the action again later.",
  },
  {
    when: "an image of the oldest kind, where sizes are asked for",
    how: () => sizing({ fsLayers: [] }),
    says: unsized({ fsLayers: [] }, "it does not say the sizes of its layers"),
    onlyTells: true,
  },
  {
    when: "an image whose layers are no list, where sizes are asked for",
    how: () => sizing({ layers: {} }),
    says: unsized({ layers: {} }, "its layers are not a list"),
    onlyTells: true,
  },
  {
    when: "an image of something without a digest, where sizes are asked for",
    how: () => sizing({ layers: [{}] }),
    says: unsized({ layers: [{}] }, "it is made of something without a digest"),
    onlyTells: true,
  },
  {
    when: "an image with a layer of less than nothing, where sizes are asked for",
    how: () => sizing({ layers: [{ digest: plain.digest, size: -1 }] }),
    says: unsized(
      { layers: [{ digest: plain.digest, size: -1 }] },
      `the size of ${plain.digest} is -1, which is not a number of bytes`,
    ),
    onlyTells: true,
  },
  {
    when: "a manifest that cannot be read",
    how: () =>
      deleting([images(...multi.versions)], policy("v*: always\nuntagged: never"), {
        faults: [answer("GET", "/manifests/", 502, "")],
      }),
    says: "The registry gave no usable answer for acme/app@sha256:7d292f0e7b086b1e9aba266ae52e958f747d87073cbaeaaf876ea61925cac54d: it answered status 502. Run the action again later.",
  },
  {
    when: "a tag that cannot be removed",
    how: () =>
      deleting([tagged], untagging(), {
        faults: [
          {
            match: { method: "PUT" },
            answer: { status: 403, body: { errors: [{ code: "DENIED", message: "denied" }] } },
          },
        ],
      }),
    says: 'The tag app:pr-1 of app:v1 (id 1) was not removed: The registry gave no usable answer for acme/app:pr-1: it answered 403 DENIED: denied. Check that the token may use the package: with GITHUB_TOKEN the job needs "permissions: packages: read" (write, to delete or untag) and this repository a role under "Manage Actions access" in the settings of the package (https://github.com/orgs/acme/packages/container/app/settings); a classic personal access token needs read:packages (write:packages to untag).',
  },
  {
    when: "a token that may push tags, and not delete",
    how: () =>
      deleting([tagged], untagging(), {
        faults: [answer("DELETE", "/versions/", 403, "Forbidden")],
      }),
    says: 'The tag app:pr-1 of app:v1 (id 1) was put back: its removal could not be finished, the token may not delete. The next run checks it again.\nCannot delete version 2 of the container package acme/app: GitHub answered 403: Forbidden. With GITHUB_TOKEN: give the job "permissions: packages: write", and this repository the Admin role under "Manage Actions access" in the settings of the package (https://github.com/orgs/acme/packages/container/app/settings). With a classic personal access token: it needs read:packages and delete:packages, and its owner the Admin role on the package.',
  },
  {
    when: "a stand-in that an interrupted run left over",
    how: () => {
      const { body } = leftoverOf(plain, "pr-1");
      const leftover = { id: 2, tags: ["pr-1"], manifest: body, createdAt: "50d ago" };
      return deleting(
        [images({ ...versionOf(plain, { tags: ["v1"], createdAt: "50d ago" }), id: 1 }, leftover)],
        untagging("v*: always"),
      );
    },
    says: "The version 2 of app with the tag pr-1, left over from an interrupted removal of that tag, was deleted.",
    onlyTells: true,
  },
  {
    when: "a run that stops while it lists",
    how: () =>
      actionSays(
        [npm([old(1)])],
        { "package-type": "npm", packages: "app", keep: "1.*: never", "dry-run": "false" },
        { limits: { primary: { limit: 100 } } },
      ),
    says: "Nothing was changed: the packages could not be listed in full. The token has 99 requests left of its hourly limit, which resets at <time>. Run again after that, set `on-rate-limit: wait`, lower `rate-limit-reserve`, or use a token with a higher limit.",
  },
  {
    when: "a registry without https",
    how: () => plainHttpWarning("http://registry.example:5000") ?? "",
    says: "The registry at http://registry.example:5000 is used without encryption, also for the token: give an https address as `registry-url`.",
  },
  {
    when: "a runner's clock that is ahead",
    how: () => clockWarning(-2 * 86_400_000 - 1) ?? "",
    says: "The runner's clock is 48 h ahead of GitHub's. Ages count by GitHub's time: set the runner's clock.",
  },
  {
    when: "a runner's clock that is behind",
    how: () => [300_000, 300_001].map((offset) => clockWarning(offset) ?? "").join(""),
    says: "The runner's clock is 5 min behind GitHub's. Ages count by GitHub's time: set the runner's clock.",
  },
  {
    when: "GitHub asks for a day",
    how: () =>
      deleting([npm([old(1), old(2)])], NONE_OF_1, {
        faults: [{ match: { method: "DELETE" }, preset: "secondary-limit", retryAfter: 86_400 }],
      }),
    says: "app: 2 versions planned and not attempted. GitHub asks to slow down (403: You have exceeded a secondary rate limit. Please wait a few minutes before you try again.): the run would have to wait 24 h. Run it again after that, or set `on-rate-limit: wait`.",
  },
  {
    when: "GitHub asks for longer than max-minutes leaves",
    how: () => createPatience({ waits: true, timeLeft: () => 20_000 }).whyNot(60_000) ?? "",
    says: "the run would have to wait 60 s, which is longer than `max-minutes` leaves. The next run continues.",
  },
  {
    when: "the registry asks for a day",
    how: async () => {
      const text = await reading({ status: 429, headers: { "retry-after": "86400" } });
      return text.replace(/127\.0\.0\.1:\d+/g, "<host>");
    },
    says: "The container package app could not be planned, and nothing of it was changed. <host> asks to slow down (status 429): the run would have to wait 24 h. Run it again after that, or set `on-rate-limit: wait`.",
  },
  {
    when: "a line that matches nothing in many packages",
    how: () =>
      deleting(
        ["a", "b", "c", "d", "e", "f"].map((name) => npm([old(1)], { name })),
        npmPolicy("1.*: never\nnigthly-*: 3", { packages: names("a", "b", "c", "d", "e", "f") }),
        DRY,
      ),
    says: 'keep:2:1: "nigthly-*" matches nothing in any of 6 npm packages: is it a typo?',
  },
  {
    when: "a list that is cut off",
    how: () =>
      deleting([npm([old(1)])], NONE_OF_1, {
        faults: [{ match: { path: "/versions", count: "always" }, cutBody: true }],
      }),
    says: "Cannot list the versions of the npm package acme/app: GitHub did not answer: the answer was cut off. Run the action again later.",
  },
  {
    when: "a list that has no end",
    how: () =>
      deleting([npm([old(1)])], NONE_OF_1, {
        faults: [{ match: { path: "/versions" }, answer: { status: 200, body: " ".repeat(2 ** 24 + 1) } }],
      }),
    says: "Cannot list the versions of the npm package acme/app: GitHub did not answer: the answer is larger than 16 MiB. Run the action again later.",
  },
  {
    when: "a web page for a list",
    how: () => {
      const headers = { "content-type": "text/html" };
      const answer = { status: 200, body: "<html>", headers };
      return deleting([npm([old(1)])], NONE_OF_1, {
        faults: [{ match: { path: "/versions", count: "always" }, answer }],
      });
    },
    says: "Cannot list the versions of the npm package acme/app: GitHub did not answer: the answer is not JSON. Run the action again later.",
  },
  {
    when: "a list that is none",
    how: () =>
      deleting([npm([old(1)])], NONE_OF_1, {
        faults: [{ match: { path: "/versions" }, answer: { status: 200, body: {} } }],
      }),
    says: "Cannot list the versions of the npm package acme/app: GitHub answered 200: the answer is not a list. Run the action again later.",
  },
  {
    when: "a list that has a version twice",
    how: () =>
      listing([
        { ...ENTRY, name: "1.0.0" },
        { ...ENTRY, name: "1.0.1" },
      ]),
    says: "The listing of the npm package app makes no sense: version 1 is on it twice, in different states. Nothing of it is changed: run the action again later.",
  },
  {
    when: "a list without an end",
    how: () => {
      const headers = { link: '<https://api.github.com/x?page=2>; rel="next"' };
      const answer = { status: 200, body: [ENTRY], headers };
      return deleting([npm([old(1)])], NONE_OF_1, {
        faults: [{ match: { path: "/versions", count: "always" }, answer }],
      });
    },
    says: "Cannot list the versions of the npm package acme/app: GitHub answered 200: page 2 of the list is the same as the one before. Run the action again later.",
  },
  {
    when: "a list of a million pages",
    how: () => {
      const headers = { link: '<https://api.github.com/x?page=1000000>; rel="last"' };
      const answer = { status: 200, body: [ENTRY], headers };
      return deleting([npm([old(1)])], NONE_OF_1, {
        faults: [{ match: { path: "/versions", count: "always" }, answer }],
      });
    },
    says: "Cannot list the versions of the npm package acme/app: GitHub answered 200: the list has more than 2000 pages, which is more than the action reads. Run the action again later.",
  },
  {
    when: "a list of packages without names",
    how: () =>
      deleting([], npmPolicy("1.*: never", { packages: globs("a*") }), {
        faults: [{ match: { path: "/packages\\?" }, answer: { status: 200, body: [{}] } }],
      }),
    says: "GitHub's list of packages makes no sense: one of them has no name. Run the action again later.",
  },
  {
    when: "an entry that is none",
    how: () => listing([7]),
    says: "The listing of the npm package app makes no sense: an entry of the list is not an object. Nothing of it is changed: run the action again later.",
  },
  {
    when: "an entry without an id",
    how: () => listing([{ id: -1 }]),
    says: "The listing of the npm package app makes no sense: a version has the id -1, which is not a positive whole number. Nothing of it is changed: run the action again later.",
  },
  {
    when: "an entry without a date",
    how: () => listing([{ id: 1, name: "1.0.0", created_at: "soon" }]),
    says: 'The listing of the npm package app makes no sense: version 1: created_at is "soon", which is not a date. Nothing of it is changed: run the action again later.',
  },
  {
    when: "an entry whose tags are no list",
    how: () => listing([{ ...ENTRY, metadata: { container: { tags: [7] } } }], "container"),
    says: "The listing of the container package app makes no sense: version 1: its tags are [7], which is not a list of tags. Nothing of it is changed: run the action again later.",
  },
  {
    when: "an entry whose metadata are no object",
    how: () => listing([{ ...ENTRY, metadata: 7 }], "container"),
    says: "The listing of the container package app makes no sense: version 1: metadata is 7, which is not an object. Nothing of it is changed: run the action again later.",
  },
  {
    when: "a version that makes no sense",
    how: () =>
      deleting([npm([old(1), old(2, "2.0.0")])], NONE_OF_1, {
        faults: [
          answer("DELETE", "/versions/1", 404, "Package not found."),
          { match: { method: "GET", path: "/versions/1$" }, answer: { status: 200, body: { id: 1 } } },
        ],
      }),
    says: "Version 1 of app makes no sense: version 1 has no name. Run the action again later.",
  },
  {
    when: "a second list that is cut off",
    how: () =>
      deleting([npm([old(1), old(2, "2.0.0")])], NONE_OF_1, {
        faults: [{ match: { path: "/versions\\?", nth: 2 }, answer: { status: 200, body: [] } }],
      }),
    says: "GitHub's second list of the npm package app lacks version 2, which is there: nothing more of it is deleted, since the list does not tell what has changed. Run the action again later.",
  },
  {
    when: "an answer without a message",
    how: () =>
      deleting([npm([old(1)])], NONE_OF_1, {
        faults: [{ match: { path: "/versions" }, answer: { status: 418 } }],
      }),
    says: "Cannot list the versions of the npm package acme/app: GitHub answered 418: no message. Run the action again later; if the answer is the same, contact GitHub support.",
  },
  {
    when: "a manifest that is another",
    how: () => reading({ status: 200, body: {} }),
    says: "The registry gave no usable answer for acme/app@sha256:7d292f0e7b086b1e9aba266ae52e958f747d87073cbaeaaf876ea61925cac54d: what it sent has the digest sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a and not sha256:7d292f0e7b086b1e9aba266ae52e958f747d87073cbaeaaf876ea61925cac54d. Run the action again later.",
  },
  {
    when: "a registry that wants something else",
    how: () => reading({ status: 401, headers: { "www-authenticate": "Digest" } }),
    says: 'The registry gave no usable answer for acme/app@sha256:7d292f0e7b086b1e9aba266ae52e958f747d87073cbaeaaf876ea61925cac54d: it wants an authorization that it does not describe. Check that the token may use the package: with GITHUB_TOKEN the job needs "permissions: packages: read" (write, to delete or untag) and this repository a role under "Manage Actions access" in the settings of the package (https://github.com/orgs/acme/packages/container/app/settings); a classic personal access token needs read:packages (write:packages to untag).',
  },
  {
    when: "a token service without an address",
    how: () => reading({ status: 401, headers: { "www-authenticate": 'Bearer realm="nowhere"' } }),
    says: "The registry gave no usable answer for acme/app@sha256:7d292f0e7b086b1e9aba266ae52e958f747d87073cbaeaaf876ea61925cac54d: its token service has no valid address. Check the input registry-url.",
  },
  {
    when: "a token service that refuses",
    how: () =>
      deleting([images(...multi.versions)], policy("v*: always\nuntagged: never"), {
        faults: [
          {
            match: { path: "^/token", count: "always" },
            answer: { status: 403, body: { errors: [{ code: "DENIED", message: "denied" }] } },
          },
        ],
      }),
    says: 'The registry gave no usable answer for acme/app@sha256:7d292f0e7b086b1e9aba266ae52e958f747d87073cbaeaaf876ea61925cac54d: its token service gave no token (403 DENIED: denied). Check that the token may use the package: with GITHUB_TOKEN the job needs "permissions: packages: read" (write, to delete or untag) and this repository a role under "Manage Actions access" in the settings of the package (https://github.com/orgs/acme/packages/container/app/settings); a classic personal access token needs read:packages (write:packages to untag).',
  },
  {
    when: "a tag's manifest that is no JSON",
    how: () => readingTag("x"),
    says: "The tag app:pr-1 of app:v1 (id 1) was not removed: The registry gave no usable answer for acme/app:pr-1: the manifest cannot be used: it is not JSON. Check the input registry-url.",
  },
  {
    when: "a tag's manifest that is no object",
    how: () => readingTag("3"),
    says: "The tag app:pr-1 of app:v1 (id 1) was not removed: The registry gave no usable answer for acme/app:pr-1: the manifest cannot be used: it is not a JSON object. Check the input registry-url.",
  },
  {
    when: "a tag's manifest whose list is none",
    how: () => readingTag('{"mediaType":"application/vnd.oci.image.index.v1+json","manifests":3}'),
    says: "The tag app:pr-1 of app:v1 (id 1) was not removed: The registry gave no usable answer for acme/app:pr-1: the manifest cannot be used: its manifests are not a list. Check the input registry-url.",
  },
  {
    when: "a tag's manifest that refers to what is no digest",
    how: () => readingTag('{"subject":{"digest":"x"}}'),
    says: 'The tag app:pr-1 of app:v1 (id 1) was not removed: The registry gave no usable answer for acme/app:pr-1: the manifest cannot be used: it refers to "x", which is not a digest. Check the input registry-url.',
  },
  {
    when: "a tag's manifest that lists what is no digest",
    how: () => readingTag('{"manifests":[{"digest":"x"}]}'),
    says: 'The tag app:pr-1 of app:v1 (id 1) was not removed: The registry gave no usable answer for acme/app:pr-1: the manifest cannot be used: it lists "x", which is not a digest. Check the input registry-url.',
  },
  {
    when: "a tag's manifest with a digest that is none",
    how: () => readingTag("{}", "x"),
    says: 'The tag app:pr-1 of app:v1 (id 1) was not removed: The registry gave no usable answer for acme/app:pr-1: "x" is not a digest that can be verified. Run the action again later.',
  },
  {
    when: "tags that changed since they were planned",
    how: () => whileUntagging(/^GET .*state=active/, 2, (one) => push(one, "new", "pr-1")),
    says: "The tag app:pr-1 of app:v1 (id 1) was not removed: the tags of the version changed since they were planned. The next run checks it again.",
  },
  {
    when: "a tag that moved since it was planned",
    how: () => whileUntagging(/^GET .*manifests\/pr-1/, 1, (one) => push(one, "new", "pr-1")),
    says: "The tag app:pr-1 of app:v1 (id 1) was not removed: the tag was moved since it was planned. The next run checks it again.",
  },
  {
    when: "a stand-in that got another tag",
    how: () =>
      whileUntagging(/^GET .*state=active/, 3, (one) => {
        for (const { tags } of one.package("app").versions) if (tags[0] === "pr-1") tags.push("new");
      }),
    says: "The tag app:pr-1 of app:v1 (id 1) was taken off its version, and points to an empty image now, <digest>, which was not deleted: the list shows it with the tags pr-1, new. Delete the version of that digest, or push the tag again.",
  },
  {
    when: "a list that does not show the stand-in",
    how: () => deleting([tagged], untagging(), { data: { lag: { ms: 60_000 } } }),
    says: "The tag app:pr-1 of app:v1 (id 1) was taken off its version, and points to an empty image now, <digest>, which was not deleted: the list does not show it. Delete the version of that digest, or push the tag again.",
  },
  {
    when: "a list that cannot be had for removing tags",
    how: () =>
      deleting([tagged], untagging(), {
        faults: [
          {
            match: { path: "/versions\\?", nth: 2 },
            answer: { status: 403, body: { message: "Forbidden" } },
          },
        ],
      }),
    says: 'Not removed, 1 tag of app: Cannot list the versions of the container package acme/app: GitHub answered 403: Forbidden. With GITHUB_TOKEN: give the job "permissions: packages: read", and this repository a role under "Manage Actions access" in the settings of the package (https://github.com/orgs/acme/packages/container/app/settings). With a classic personal access token: it needs read:packages.',
  },
  {
    when: "a list with an empty page",
    how: () =>
      deleting([npm(Array.from({ length: 250 }, (_, at) => old(at + 1)))], NONE_OF_1, {
        faults: [
          {
            match: { path: "/versions\\?.*page=2" },
            answer: { status: 200, body: [], headers: { link: '<http://x/?page=3>; rel="next"' } },
          },
        ],
      }),
    says: "Cannot list the versions of the npm package acme/app: GitHub answered 200: page 2 of the list is empty, and others follow. Run the action again later.",
  },
  {
    when: "a deletion that GitHub does not confirm",
    how: () =>
      deleting([npm([old(1), old(2)])], npmPolicy("1.*: never", { deleteEmptyPackage: true }), {
        faults: [{ match: { method: "DELETE", count: "always" }, answer: { status: 200, body: "<html>" } }],
      }),
    says: "Cannot delete the npm package acme/app: GitHub answered 200: this is not how GitHub confirms it. Run the action again later.",
  },
  {
    when: "a tag that cannot be put back",
    how: () =>
      deleting([tagged], untagging(), {
        faults: [
          answer("DELETE", "/versions/", 400, "You cannot delete the last version of a package."),
          { match: { method: "PUT", nth: 3 }, answer: { status: 403 } },
        ],
      }),
    says: 'The tag app:pr-1 of app:v1 (id 1) was taken off its version, and points to an empty image now, <digest>, which was not deleted: You cannot delete the last version of a package; and it could not be put back: The registry gave no usable answer for acme/app:pr-1: it answered status 403. Check that the token may use the package: with GITHUB_TOKEN the job needs "permissions: packages: read" (write, to delete or untag) and this repository a role under "Manage Actions access" in the settings of the package (https://github.com/orgs/acme/packages/container/app/settings); a classic personal access token needs read:packages (write:packages to untag). Delete the version of that digest, or push the tag again.',
  },
  {
    when: "a line for prereleases where there are none",
    how: () => deleting([npm([old(1)])], npmPolicy("1.*: never\nprerelease: 3"), DRY),
    says: 'keep:2:1: "prerelease" matches nothing in npm app: there is none to keep or delete so far',
    onlyTells: true,
  },
  {
    when: "a tag that was mistyped",
    how: () => deleting([npm([old(1, "stable")])], npmPolicy("stabel: always\nrest: never")),
    says: 'keep:1:1: "stabel" claims nothing, did you mean "stable"?',
  },
  {
    when: "a tag that was mistyped, and stays",
    how: () => deleting([npm([old(1, "stable")])], npmPolicy("stabel: always\nrest: always"), DRY),
    says: 'keep:1:1: "stabel" matches nothing in npm app: is it a typo? Did you mean "stable"?',
  },
  {
    when: "an except that matches nothing",
    how: () => deleting([npm([old(1)])], npmPolicy('1.*: {last: 1, except: "*-rc"}'), DRY),
    says: 'keep:1:24: "*-rc" matches nothing that "1.*" matches in npm app: leave the except out, or is it a typo?',
  },
  {
    when: "a glob of packages that matches nothing",
    how: () => deleting([npm([old(1)])], npmPolicy("1.*: 1", { packages: selection("app, wb-*") }), DRY),
    says: 'packages:1:6: "wb-*" matches no npm package: is it a typo?',
  },
  {
    when: "an exclusion that matches nothing",
    how: () => deleting([npm([old(1)])], npmPolicy("1.*: 1", { packages: selection("app, !old-*") }), DRY),
    says: 'packages:1:6: "!old-*" matches none of the selected npm packages: is it a typo?',
  },
  {
    when: "an entry of protect that matches nothing",
    how: () => deleting([npm([old(1)])], npmPolicy("1.*: 1", { protect: new Set(["77"]) }), DRY),
    says: 'protect: "77" matches nothing in npm app: is it a typo? Remove it if its version is gone',
  },
  {
    when: "an entry of protect of several policies that matches nothing",
    how: () => {
      const protect = new Set(["77"]);
      const policies = [
        npmPolicy("1.*: 1", { protect }),
        npmPolicy("1.*: 1", { protect, packages: names("web") }),
      ];
      return deleting([npm([old(1)]), npm([old(2)], { name: "web" })], policies, DRY);
    },
    says: 'protect: "77" matches nothing in any selected package: is it a typo? Remove it if its version is gone',
  },
  {
    when: "an entry of protect that was mistyped",
    how: () =>
      deleting([npm([old(1, "stable")])], npmPolicy("rest: never", { protect: new Set(["stabel"]) })),
    says: 'protect: "stabel" matches nothing, did you mean "stable"?',
  },
  {
    when: "more that matches nothing than can be searched for slips",
    how: () =>
      findUnmatched([policy("gone: always")], [], new Map(), { left: 0 })
        .slips.map(formatProblem)
        .join("\n"),
    says: "keep: so much of the policy matches nothing that it cannot be searched for slips: remove what matches nothing",
  },
  {
    when: "an exclusion that was mistyped",
    how: () =>
      deleting(
        [npm([old(1)], { name: "web-old" })],
        npmPolicy("1.*: never", { packages: selection("web-old, !web-odl") }),
      ),
    says: 'packages:1:10: "!web-odl" matches nothing, did you mean "!web-old"?',
  },
  {
    when: "a stand-in that would be deleted",
    how: () => {
      const { body } = leftoverOf(plain, "pr-1");
      const kept = { ...versionOf(plain, { tags: ["v1"], createdAt: "50d ago" }), id: 1 };
      const leftover = { id: 2, tags: ["pr-1"], manifest: body, createdAt: "50d ago" };
      return deleting([images(kept, leftover)], untagging("v*: always"), DRY);
    },
    says: "The version 2 of app with the tag pr-1, left over from an interrupted removal of that tag, would be deleted.",
    onlyTells: true,
  },
  {
    when: "a kept image that lacks a platform",
    how: () => {
      const versions = [image({ id: 1, name: "index", tags: ["v1"] }), image({ id: 2, name: "orphan" })];
      const { plan } = play(
        { policy: policy("v*: always\nuntagged: never"), versions },
        { indexes: { index: ["amd64", "arm64"] } },
      );
      return plan.warnings.map(({ message }) => message).join("\n");
    },
    says: "app:v1 is kept, and lacks 2 of 2 platform manifests: the package does not list them. Push it again, or delete it with `delete-broken`.",
  },
  {
    when: "a run whose time is up before the parts of images",
    how: () =>
      deleting(
        [images(...multi.versions, versionOf(plain, { tags: ["v2"], createdAt: "50d ago" }))],
        policy("v1: never\nv2: always"),
        {
          stopReason: () => timeIsUp(7.5, 450_000),
        },
      ),
    says: "app: 3 versions planned and not attempted. The time of `max-minutes` (7.5) is over; the next run continues. Of these, 2 parts of images that are deleted: if the image is already deleted, only an `untagged` line deletes them.",
  },
];
