import { imageManifest, multiArch, versionOf } from "../../emulator/images";
import type { SavedReport } from "../../src/inputs/saved-report";
import { answer, cancelled, globs, images, npm, old, restoring, saved, savedReport } from "./bring-about";
import type { Message } from "./message";

const multi = multiArch("app", { tags: ["v1"], createdAt: "50d ago" }, { attestations: false });
const plain = imageManifest("plain");

/** The report of a run that deleted the package as a whole. */
function deletedWhole(): SavedReport {
  const versions = [saved(7)];
  return savedReport({
    dryRun: false,
    packages: [{ type: "npm", name: "app", deletedPackage: true, versions }],
  });
}

/** What happened while a run restored. */
export const RESTORATIONS: readonly Message[] = [
  {
    when: "a list of deleted versions that was not filtered",
    how: () => restoring([npm([old(1)])], "1.*", { data: { listing: { ignoreState: true } } }),
    says: "GitHub's list of the deleted versions of the npm package app has active ones on it, such as 1: it does not tell what was deleted, and nothing of the package is restored. Use a token of the package's owner, or restore the versions in the settings of the package.",
  },
  {
    when: "nothing to restore",
    how: () => restoring([npm([old(1)])], "2.*"),
    says: "restore: nothing matches. 2.*: nothing like this among the deleted versions of the npm package app of acme. GitHub keeps deleted versions for 30 days; check the entries, `packages` and `package-type`.",
  },
  {
    when: "one entry of several that matches nothing",
    how: () => restoring([npm([old(1), old(2, "2.0.0", { deletedAt: "1d ago" })])], "2.*\n3.*"),
    says: "restore: 3.*: nothing like this among the deleted versions of the npm package app of acme.",
    onlyTells: true,
  },
  {
    when: "the report of a dry run to restore from",
    how: () => restoring([npm([old(1)])], "report.json", { reports: [savedReport()] }),
    says: "restore: nothing matches. report.json is the report of a dry run, which deleted nothing: name that of the run that did. GitHub keeps deleted versions for 30 days; check the entries, `packages` and `package-type`.",
  },
  {
    when: "versions that are gone for good",
    how: () =>
      restoring([npm([old(1)])], "report.json", {
        reports: [
          savedReport({
            dryRun: false,
            generatedAt: "2026-01-01T00:00:00Z",
            packages: [{ type: "npm", name: "app", versions: [saved(7)] }],
          }),
        ],
      }),
    says: "app@1.0.7 (id 7) was not restored: it was deleted more than 30 days ago, and GitHub does not have it any more.",
    onlyTells: true,
  },
  {
    when: "a version whose name is taken again",
    how: () => restoring([npm([old(1), old(2, "1.0.1", { deletedAt: "1d ago" })])], "2"),
    says: 'Nothing of app was restored: of 1 version, GitHub answered 404 to 1. Where they are neither too old nor taken again, the token lacks a right. With GITHUB_TOKEN: give the job "permissions: packages: write", and this repository the Admin role under "Manage Actions access" in the settings of the package (https://github.com/orgs/acme/packages/npm/app/settings). With a classic personal access token: it needs read:packages and write:packages, and its owner the Admin role on the package.\napp@1.0.1 (id 2) was not restored: GitHub answered 404: it was deleted more than 30 days ago, or its name is taken again by a newer version.',
  },
  {
    when: "a deleted package",
    how: () => restoring([npm([old(1)], { deletedAt: "1d ago" })], "*", { isDryRun: true }),
    says: "The npm package app is not there: it would be restored as a whole, with the versions that it had.",
    onlyTells: true,
  },
  {
    when: "a deleted package without its star",
    how: () => restoring([npm([old(1)], { deletedAt: "1d ago" })], "1.*"),
    says: 'Cannot list the versions of the npm package acme/app: GitHub answered 404: Package not found. Check the name and the package-type. A private package of a user is shown only to a token of that user; with GITHUB_TOKEN the repository needs a role under "Manage Actions access" in the settings of the package (https://github.com/orgs/acme/packages/npm/app/settings). If the package was deleted as a whole, `restore: "*"` brings it back, with its name in `packages`.',
  },
  {
    when: "a package that does not come back",
    how: () => restoring([], "*"),
    says: 'Nothing was restored: there was no such package, it was deleted more than 30 days ago, its name is taken again, or the token may not restore it. Cannot restore the npm package acme/app: GitHub answered 404: Package not found. With GITHUB_TOKEN: give the job "permissions: packages: write", and this repository the Admin role under "Manage Actions access" in the settings of the package. With a classic personal access token: it needs read:packages and write:packages, and its owner the Admin role on the package.',
  },
  {
    when: "restored images whose parts are unknown",
    how: () =>
      restoring(
        [
          images(
            ...multi.versions.map((one) => ({ ...one, deletedAt: "1d ago" })),
            versionOf(plain, { tags: ["v2"], createdAt: "50d ago" }),
          ),
        ],
        "v1",
        { type: "container", isDryRun: true },
      ),
    says: "The parts of 1 version of app are known only after the restore: they are restored too, and are not counted here.",
    onlyTells: true,
  },
  {
    when: "a restoration that had to stop",
    how: () =>
      restoring([npm([old(1), old(2, "2.0.0", { deletedAt: "1d ago" })])], "2.*", {
        stopReason: cancelled,
      }),
    says: "app: 1 version planned and not restored. The job was cancelled (SIGTERM). Run it again to continue.",
    onlyTells: true,
  },
  {
    when: "a restoration that takes more requests than there are",
    how: () =>
      restoring(
        [npm([old(1), ...[2, 3, 4].map((id) => old(id, `2.0.${id}`, { deletedAt: "1d ago" }))])],
        "2.*",
        { data: { limits: { primary: { limit: 105 } } } },
      ),
    says: "The plan needs 3 requests, and the token has 102 left until <time>, some of them for others (`rate-limit-reserve`): the run will stop before the rest is done, and the next one continues.\napp: 1 version planned and not restored. The token has 100 requests left of its hourly limit, which resets at <time>. Run again after that, set `on-rate-limit: wait`, lower `rate-limit-reserve`, or use a token with a higher limit.",
  },
  {
    when: "a glob that matches no package to restore of",
    how: () => restoring([], "2.*", { packages: globs("a*") }),
    says: "No npm package of acme matches a*: check `packages` and the package type. A package that was deleted as a whole is in no list: name it in full.",
  },
  {
    when: "the report of a run that deleted nothing",
    how: () => restoring([npm([old(1)])], "report.json", { reports: [savedReport({ dryRun: false })] }),
    says: "restore: nothing matches. report.json says of no version that it was deleted. GitHub keeps deleted versions for 30 days; check the entries, `packages` and `package-type`.",
  },
  {
    when: "a package whose name is taken again",
    how: () => restoring([npm([old(1)])], "report.json", { reports: [deletedWhole()] }),
    says: "app@1.0.7 (id 7) was not restored: its package was deleted as a whole, and the name app is taken again by a new package: delete that first.",
  },
  {
    when: "a package whose name is taken again, in a dry run",
    how: () => restoring([npm([old(1)])], "report.json", { reports: [deletedWhole()], isDryRun: true }),
    says: "app@1.0.7 (id 7) would not be restored: its package was deleted as a whole, and the name app is taken again by a new package: delete that first.",
  },
  {
    when: "a package that GitHub does not give back",
    how: () =>
      restoring([npm([old(7)], { deletedAt: "1d ago" })], "report.json", {
        reports: [deletedWhole()],
        faults: [answer("POST", "/restore", 400, "The package name is already taken")],
      }),
    says: "The npm package app was not restored: The package name is already taken.",
  },
  {
    when: "an image whose manifest is not there yet",
    how: () =>
      restoring(
        [
          images(
            { ...versionOf(multi.index, { tags: ["v1"], createdAt: "50d ago" }), id: 1, deletedAt: "1d ago" },
            { ...versionOf(plain, { createdAt: "50d ago" }), id: 2, deletedAt: "1d ago" },
          ),
        ],
        "v1",
        {
          type: "container",
          faults: [
            {
              match: { path: "/manifests/", count: "always" },
              answer: {
                status: 404,
                body: { errors: [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown" }] },
              },
            },
          ],
        },
      ),
    says: "app:v1 was restored, but the registry has no manifest for it so far: run this again later, to restore what it lists.",
  },
  {
    when: "an image of which a part is gone for good",
    how: () =>
      restoring(
        [
          images(
            ...multi.versions.map((one, at) => ({
              ...one,
              id: at + 1,
              deletedAt: one.tags ? "1d ago" : "40d ago",
            })),
            { ...versionOf(plain, { createdAt: "50d ago" }), id: 9, deletedAt: "1d ago" },
          ),
        ],
        "v1",
        { type: "container" },
      ),
    says: "app:v1 is not whole: its part sha256:9031de5f9063… cannot be restored. Push it again, or delete it.\napp@sha256:9c6c4c252f2355b37827ed41e4f4a6c1a9145f587e77d98be93a0d0adef01734 (id 2) was not restored: GitHub answered 404: it was deleted more than 30 days ago, or its name is taken again by a newer version.\napp@sha256:9031de5f90632bf6d43ad8ece177a03d46d1d210b094fbdc82eb5c8dd8016205 (id 1) was not restored: GitHub answered 404: it was deleted more than 30 days ago, or its name is taken again by a newer version.",
  },
];
