import type { WorldName } from "./migration-worlds";

/** What is left of a package, by the policy of a row of docs/migration.md and by the options that it translates. */
export interface Case {
  readonly world: WorldName;
  /** What is left here. */
  readonly left: string;
  /** What the other cleaner leaves, where it is something else. */
  readonly leftThere?: string;
  /** The version whose digest stands for `sha256:…`. */
  readonly digest?: number;
}

const UNTAGGED = "untagged-60d untagged-30d untagged-1h";
const EDGE = "edge amd64 arm64";

/**
 * By cleaner, and by the first cell of each row. What the others leave was found by running their bundles on the same
 * packages (dataaxiom v1 of May 2026, actions/delete-package-versions v5, vlaurin v0.6), and for snok v3.1 by reading
 * its sources.
 */
export const CASES: Readonly<Record<string, Readonly<Record<string, Case>>>> = {
  "dataaxiom/ghcr-cleanup-action": {
    "no options, or `delete-untagged: true`": {
      world: "images",
      left: `1.0.0 1.1.0+latest pr-1 pr-2 pr-3 keep+pr-4 dev-1 dev-2 ${EDGE}`,
    },
    "`older-than: 14 days`": {
      world: "images",
      left: `1.0.0 1.1.0+latest pr-1 pr-2 pr-3 keep+pr-4 dev-1 dev-2 ${EDGE} untagged-1h`,
    },
    "`older-than: 90 seconds`": {
      world: "images",
      left: `1.0.0 1.1.0+latest pr-1 pr-2 pr-3 keep+pr-4 dev-1 dev-2 ${EDGE}`,
    },
    "`keep-n-untagged: 1`": {
      world: "images",
      left: `1.0.0 1.1.0+latest pr-1 pr-2 pr-3 keep+pr-4 dev-1 dev-2 ${EDGE} untagged-1h`,
    },
    "`keep-n-untagged: 0`": {
      world: "images",
      left: `1.0.0 1.1.0+latest pr-1 pr-2 pr-3 keep+pr-4 dev-1 dev-2 ${EDGE}`,
    },
    "`delete-tags: pr-*`": {
      world: "images",
      left: `1.0.0 1.1.0+latest keep dev-1 dev-2 ${EDGE} ${UNTAGGED}`,
    },
    "`delete-tags: pr-*`, without losing tags of other images": {
      world: "images",
      left: `1.0.0 1.1.0+latest keep+pr-4 dev-1 dev-2 ${EDGE} ${UNTAGGED}`,
      leftThere: `1.0.0 1.1.0+latest keep dev-1 dev-2 ${EDGE} ${UNTAGGED}`,
    },
    "`delete-tags: pr-*`, `older-than: 14 days`": {
      world: "images",
      left: `1.0.0 1.1.0+latest pr-3 keep dev-1 dev-2 ${EDGE} ${UNTAGGED}`,
    },
    "`delete-tags: ^pr-`, `use-regex: true`": {
      world: "images",
      left: `1.0.0 1.1.0+latest keep dev-1 dev-2 ${EDGE} ${UNTAGGED}`,
    },
    "`delete-tags: *`, `exclude-tags: latest,keep`": {
      world: "images",
      left: `1.1.0+latest keep+pr-4 ${UNTAGGED}`,
    },
    "`keep-n-tagged: 2`": { world: "images", left: `1.1.0+latest pr-3 ${UNTAGGED}` },
    "`keep-n-tagged: 0`": { world: "images", left: `pr-3 ${UNTAGGED}`, leftThere: `dev-1 ${UNTAGGED}` },
    "`keep-n-tagged: 2`, `exclude-tags: latest`": {
      world: "images",
      left: `1.1.0+latest pr-3 ${EDGE} ${UNTAGGED}`,
    },
    "`keep-n-tagged: 2`, `exclude-tags: sha256:…`": {
      world: "images",
      digest: 2,
      left: `1.1.0+latest pr-3 ${UNTAGGED}`,
      leftThere: `1.1.0+latest pr-3 ${EDGE} ${UNTAGGED}`,
    },
    "`keep-n-tagged: 1`, `delete-tags: dev-*`": {
      world: "images",
      left: `1.0.0 1.1.0+latest pr-1 pr-2 pr-3 keep+pr-4 dev-2 ${EDGE} ${UNTAGGED}`,
    },
    "`keep-n-tagged: 1`, `delete-untagged: true`": { world: "images", left: "pr-3" },
    "`keep-n-tagged: 1`, `keep-n-untagged: 1`": { world: "images", left: "pr-3 untagged-1h" },
    "`keep-n-tagged: 1`, `older-than: 14 days`": {
      world: "images",
      left: `1.1.0+latest pr-3 ${UNTAGGED}`,
      leftThere: `1.1.0+latest pr-3 ${EDGE} ${UNTAGGED}`,
    },
    "`delete-untagged: true`, `exclude-tags: sha256:…`": {
      world: "images",
      digest: 13,
      left: `1.0.0 1.1.0+latest pr-1 pr-2 pr-3 keep+pr-4 dev-1 dev-2 ${EDGE} untagged-30d`,
    },
    "`delete-ghost-images: true`": {
      world: "broken",
      left: "whole whole-amd64 whole-arm64 partial partial-amd64 untagged",
    },
    "`delete-partial-images: true`": {
      world: "broken",
      left: "whole whole-amd64 whole-arm64 untagged",
      leftThere: "whole whole-amd64 whole-arm64 ghost untagged",
    },
    "`delete-orphaned-images: true`": {
      world: "signed",
      left: "1.0.0 signature",
      leftThere: "1.0.0 signature untagged",
    },
  },
  "snok/container-retention-policy": {
    "`cut-off: 4w`": { world: "images", left: `1.1.0+latest pr-2 pr-3 ${EDGE} untagged-1h` },
    "`cut-off: 4w`, `image-tags: !latest`": {
      world: "images",
      left: `1.1.0+latest pr-2 pr-3 ${EDGE} untagged-1h`,
    },
    "`cut-off: 2w 3d`, `image-tags: pr-*`": {
      world: "images",
      left: `1.0.0 1.1.0+latest pr-3 keep+pr-4 dev-1 dev-2 ${EDGE} untagged-1h`,
    },
    "`cut-off: 2w`, `image-tags: pr-*`, `tag-selection: tagged`": {
      world: "images",
      left: `1.0.0 1.1.0+latest pr-3 keep+pr-4 dev-1 dev-2 ${EDGE} ${UNTAGGED}`,
    },
    "`cut-off: 4w`, `tag-selection: untagged`": {
      world: "images",
      left: `1.0.0 1.1.0+latest pr-1 pr-2 pr-3 keep+pr-4 dev-1 dev-2 ${EDGE} untagged-1h`,
    },
    "`cut-off: 30m`, `tag-selection: untagged`": {
      world: "images",
      left: `1.0.0 1.1.0+latest pr-1 pr-2 pr-3 keep+pr-4 dev-1 dev-2 ${EDGE}`,
    },
    "`cut-off: 4w`, `keep-n-most-recent: 1`": {
      world: "images",
      left: `1.1.0+latest pr-2 pr-3 ${EDGE} untagged-1h`,
      leftThere: `1.1.0+latest pr-1 pr-2 pr-3 ${EDGE} untagged-1h`,
    },
    "`cut-off: 4w`, `skip-shas: sha256:…`": {
      world: "images",
      digest: 1,
      left: `1.0.0 1.1.0+latest pr-2 pr-3 ${EDGE} untagged-1h`,
    },
    "`cut-off: 4w`, `timestamp-to-use: created_at`": {
      world: "images",
      left: `1.1.0+latest pr-2 pr-3 ${EDGE} untagged-1h`,
    },
  },
  "actions/delete-package-versions": {
    "`min-versions-to-keep: 2` (npm)": { world: "npm", left: "2.0.0-beta.1 2.0.0" },
    "`min-versions-to-keep: 2`, `ignore-versions: ^1\\.0\\.` (npm)": {
      world: "npm",
      left: "1.0.0 2.0.0-beta.1 2.0.0",
    },
    "`delete-only-pre-release-versions: true` (npm)": { world: "npm", left: "1.0.0 1.1.0 1.2.0 2.0.0" },
    "`delete-only-pre-release-versions: true`, `min-versions-to-keep: 1` (npm)": {
      world: "npm",
      left: "1.0.0 1.1.0 1.2.0 2.0.0-beta.1 2.0.0",
    },
    "`delete-only-untagged-versions: true`": {
      world: "images",
      left: `1.0.0 1.1.0+latest pr-1 pr-2 pr-3 keep+pr-4 dev-1 dev-2 ${EDGE}`,
      leftThere: "1.0.0 1.1.0+latest pr-1 pr-2 pr-3 keep+pr-4 dev-1 dev-2 edge",
    },
    "`delete-only-untagged-versions: true`, `min-versions-to-keep: 1`": {
      world: "images",
      left: `1.0.0 1.1.0+latest pr-1 pr-2 pr-3 keep+pr-4 dev-1 dev-2 ${EDGE} untagged-1h`,
      leftThere: "1.0.0 1.1.0+latest pr-1 pr-2 pr-3 keep+pr-4 dev-1 dev-2 edge untagged-1h",
    },
    "`min-versions-to-keep: 3` (containers)": {
      world: "images",
      left: `1.1.0+latest pr-3 ${EDGE}`,
      leftThere: "1.1.0+latest pr-3 untagged-1h",
    },
  },
  "vlaurin/action-ghcr-prune": {
    "`prune-tags-regexes: ^pr-`": {
      world: "images",
      left: `1.0.0 1.1.0+latest keep+pr-4 dev-1 dev-2 ${EDGE} ${UNTAGGED}`,
      leftThere: `1.0.0 1.1.0+latest dev-1 dev-2 ${EDGE} ${UNTAGGED}`,
    },
    "`prune-tags-regexes: ^pr-`, `keep-younger-than: 7`": {
      world: "images",
      left: `1.0.0 1.1.0+latest pr-3 keep+pr-4 dev-1 dev-2 ${EDGE} ${UNTAGGED}`,
      leftThere: `1.0.0 1.1.0+latest pr-3 dev-1 dev-2 ${EDGE} ${UNTAGGED}`,
    },
    "`prune-tags-regexes: ^pr-`, `keep-last: 1`": {
      world: "images",
      left: `1.0.0 1.1.0+latest pr-3 keep+pr-4 dev-1 dev-2 ${EDGE} ${UNTAGGED}`,
      leftThere: `1.0.0 1.1.0+latest pr-3 dev-1 dev-2 ${EDGE} ${UNTAGGED}`,
    },
    "`prune-tags-regexes: ^pr-`, `keep-last: 1`, `keep-younger-than: 7`": {
      world: "images",
      left: `1.0.0 1.1.0+latest pr-3 keep+pr-4 dev-1 dev-2 ${EDGE} ${UNTAGGED}`,
      leftThere: `1.0.0 1.1.0+latest pr-2 pr-3 dev-1 dev-2 ${EDGE} ${UNTAGGED}`,
    },
    "`prune-tags-regexes: .`, `keep-tags: latest`": {
      world: "images",
      left: `1.1.0+latest ${UNTAGGED}`,
      leftThere: `1.1.0+latest amd64 arm64 ${UNTAGGED}`,
    },
    "`prune-tags-regexes: .`, `keep-tags-regexes: ^1\\.`": {
      world: "images",
      left: `1.0.0 1.1.0+latest ${UNTAGGED}`,
      leftThere: `1.0.0 1.1.0+latest amd64 arm64 ${UNTAGGED}`,
    },
    "`prune-untagged: true`": {
      world: "images",
      left: `1.0.0 1.1.0+latest pr-1 pr-2 pr-3 keep+pr-4 dev-1 dev-2 ${EDGE}`,
      leftThere: "1.0.0 1.1.0+latest pr-1 pr-2 pr-3 keep+pr-4 dev-1 dev-2 edge",
    },
    "`prune-untagged: true`, `keep-younger-than: 7`": {
      world: "images",
      left: `1.0.0 1.1.0+latest pr-1 pr-2 pr-3 keep+pr-4 dev-1 dev-2 ${EDGE} untagged-1h`,
      leftThere: "1.0.0 1.1.0+latest pr-1 pr-2 pr-3 keep+pr-4 dev-1 dev-2 edge untagged-1h",
    },
    "`prune-untagged: true`, `keep-last: 1`, `keep-younger-than: 7`": {
      world: "images",
      left: `1.0.0 1.1.0+latest pr-1 pr-2 pr-3 keep+pr-4 dev-1 dev-2 ${EDGE} untagged-1h`,
      leftThere: "1.0.0 1.1.0+latest pr-1 pr-2 pr-3 keep+pr-4 dev-1 dev-2 edge arm64 untagged-1h",
    },
  },
};
