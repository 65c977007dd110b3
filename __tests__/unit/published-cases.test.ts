import type { PackageVersion } from "../../src/model/package-version";
import { ago, digest, NOW, play, policy } from "../support/builder";

/**
 * What other systems publish as examples of their retention rules, in our language. The expected sets are theirs; where
 * ours differ on purpose, a comment says why.
 */

interface Shown {
  readonly label: string;
  readonly tags: readonly string[];
  readonly time: string;
}

/** What the policy deletes, by the labels of the example, in its order. */
function deleted(shown: readonly Shown[], keep: string, now = NOW): string[] {
  return labelsOf(shown, "delete", keep, now);
}

/** What it keeps. */
function kept(shown: readonly Shown[], keep: string, now = NOW): string[] {
  return labelsOf(shown, "keep", keep, now);
}

function labelsOf(shown: readonly Shown[], wanted: "keep" | "delete", keep: string, now: number): string[] {
  const { verdicts } = play({ policy: policy(keep), versions: shown.map(toVersion), now }).plan;
  const ids = new Set(verdicts.filter(({ verdict }) => verdict === wanted).map(({ version }) => version.id));
  return shown.filter((_, index) => ids.has(index + 1)).map(({ label }) => label);
}

function toVersion({ label, tags, time }: Shown, index: number): PackageVersion {
  return { id: index + 1, name: digest(`${label} ${index}`), tags, createdAt: time, updatedAt: time };
}

/** A snapshot of restic's, known by its time (`2016-01-18 12:02:03`). */
function snapshot(time: string, index: number): Shown {
  return { label: time, tags: [`s${index}`], time: `${time.replace(" ", "T")}Z` };
}

/** An image of ECR's and GitLab's examples. */
function image(label: string, tags: readonly string[], age: string): Shown {
  return { label, tags, time: ago(age) };
}

describe("restic's manual, “Removing snapshots according to a policy”", () => {
  // https://restic.readthedocs.io/en/stable/060_forget.html

  const sundays = [
    "2019-09-01",
    "2019-09-08",
    "2019-09-15",
    "2019-09-22",
    "2019-09-29",
    "2019-10-06",
    "2019-10-13",
    "2019-10-20",
    "2019-10-27",
    "2019-11-03",
    "2019-11-10",
    "2019-11-17",
  ].map((day, index) => snapshot(`${day} 11:00:00`, index));
  const now = Date.parse("2019-11-17T12:00:00Z");

  it("keeps the last four Sundays with --keep-daily 4, since days without a snapshot are not counted", () => {
    expect(kept(sundays, '"*": {daily: 4}', now)).toEqual([
      "2019-10-27 11:00:00",
      "2019-11-03 11:00:00",
      "2019-11-10 11:00:00",
      "2019-11-17 11:00:00",
    ]);
  });

  it("keeps 7 days, 5 weeks, 12 months and 75 years of a backup every day for 100 years", () => {
    const last = Date.parse("2019-11-17T11:00:00Z");
    const days = Array.from({ length: 36_525 }, (_, back) => {
      const time = new Date(last - back * 86_400_000).toISOString();
      return { label: time.slice(0, 10), tags: [`s${back}`], time };
    });
    const years = Array.from({ length: 73 }, (_, back) => `${2017 - back}-12-31`);
    expect(kept(days, '"*": {daily: 7, weekly: 5, monthly: 12, yearly: 75}', now)).toEqual([
      ...["2019-11-17", "2019-11-16", "2019-11-15", "2019-11-14", "2019-11-13", "2019-11-12", "2019-11-11"],
      // The first of the five weeks is among the days.
      ...["2019-11-10", "2019-11-03", "2019-10-31", "2019-10-27", "2019-10-20"],
      // October's last day stands among the weeks; the first of the twelve months is among the days.
      ...["2019-09-30", "2019-08-31", "2019-07-31", "2019-06-30", "2019-05-31", "2019-04-30", "2019-03-31"],
      ...["2019-02-28", "2019-01-31", "2018-12-31"],
      // Of the 75 years the first is among the days, the second among the months.
      ...years,
    ]);
    expect(years.at(-1)).toBe("1945-12-31");
  });

  it("keeps nothing more where there are fewer snapshots than asked for", () => {
    // restic keeps the oldest one too, marked "oldest daily snapshot", when it runs out of buckets. With us a line keeps
    // what its words say, and no more; here all buckets are kept and two of the first day go.
    const first = [
      "2019-11-16 09:00:00",
      "2019-11-16 10:00:00",
      "2019-11-16 11:00:00",
      "2019-11-17 11:00:00",
    ];
    expect(deleted(first.map(snapshot), '"*": {daily: 7}', now)).toEqual([
      "2019-11-16 09:00:00",
      "2019-11-16 10:00:00",
    ]);
  });
});

describe("restic's own test of its policies", () => {
  // https://github.com/restic/restic/blob/master/internal/restic/snapshot_policy_test.go and the expected results next to
  // it (testdata/policy_keep_snapshots_*). Its --keep-tag has no counterpart: a registry has each tag only once.

  const early = ["01", "02", "05", "06", "08", "09", "10", "11", "20", "22"];
  const late = ["08", "10", "12", "13", "13", "15", "18", "20", "21", "22"];
  const months = ["2014", "2015"].flatMap((year) => [
    ...late.map((day) => `${year}-08-${day} 10:20:30`),
    ...early.map((day) => `${year}-09-${day} 10:20:30`),
    ...early.map((day) => `${year}-10-${day} 10:20:30`),
    ...late.map((day) => `${year}-11-${day} 10:20:30`),
  ]);
  const january = [
    "2016-01-01 01:02:03",
    "2016-01-01 01:03:03",
    "2016-01-01 07:08:03",
    "2016-01-03 07:02:03",
    "2016-01-04 10:23:03",
    "2016-01-04 11:23:03",
    "2016-01-04 12:23:03",
    "2016-01-04 12:24:03",
    "2016-01-04 12:28:03",
    "2016-01-04 12:30:03",
    "2016-01-04 16:23:03",
    "2016-01-05 09:02:03",
    "2016-01-06 08:02:03",
    "2016-01-07 10:02:03",
    "2016-01-08 20:02:03",
    "2016-01-09 21:02:03",
    "2016-01-12 21:02:03",
    "2016-01-12 21:08:03",
    "2016-01-18 12:02:03",
  ];
  const snapshots = [...months, ...january].map(snapshot);
  // restic counts a duration from the latest snapshot, we count it from now: here the two are the same.
  const latest = Date.parse("2016-01-18T12:02:03Z");

  const cases: [options: string, keep: string, expected: string[]][] = [
    ["--keep-last 10", "last: 10", january.slice(-10)],
    ["--keep-last 15", "last: 15", january.slice(-15)],
    [
      "--keep-hourly 20",
      "hourly: 20",
      [
        "2015-11-13 10:20:30",
        "2015-11-15 10:20:30",
        "2015-11-18 10:20:30",
        "2015-11-20 10:20:30",
        "2015-11-21 10:20:30",
        "2015-11-22 10:20:30",
        "2016-01-01 01:03:03",
        "2016-01-01 07:08:03",
        "2016-01-03 07:02:03",
        "2016-01-04 10:23:03",
        "2016-01-04 11:23:03",
        "2016-01-04 12:30:03",
        ...january.slice(-9, -3),
        "2016-01-12 21:08:03",
        "2016-01-18 12:02:03",
      ],
    ],
    ["--keep-daily 3", "daily: 3", ["2016-01-09 21:02:03", "2016-01-12 21:08:03", "2016-01-18 12:02:03"]],
    [
      "--keep-last 5 --keep-daily 5",
      "last: 5, daily: 5",
      [
        "2016-01-07 10:02:03",
        "2016-01-08 20:02:03",
        "2016-01-09 21:02:03",
        "2016-01-12 21:02:03",
        "2016-01-12 21:08:03",
        "2016-01-18 12:02:03",
      ],
    ],
    [
      "--keep-last 2 --keep-daily 10",
      "last: 2, daily: 10",
      [
        "2016-01-01 07:08:03",
        "2016-01-03 07:02:03",
        "2016-01-04 16:23:03",
        "2016-01-05 09:02:03",
        "2016-01-06 08:02:03",
        "2016-01-07 10:02:03",
        "2016-01-08 20:02:03",
        "2016-01-09 21:02:03",
        "2016-01-12 21:08:03",
        "2016-01-18 12:02:03",
      ],
    ],
    ["--keep-weekly 2", "weekly: 2", ["2016-01-12 21:08:03", "2016-01-18 12:02:03"]],
    [
      "--keep-daily 3 --keep-weekly 4",
      "daily: 3, weekly: 4",
      ["2016-01-03 07:02:03", "2016-01-09 21:02:03", "2016-01-12 21:08:03", "2016-01-18 12:02:03"],
    ],
    [
      "--keep-monthly 6",
      "monthly: 6",
      [
        "2014-11-22 10:20:30",
        "2015-08-22 10:20:30",
        "2015-09-22 10:20:30",
        "2015-10-22 10:20:30",
        "2015-11-22 10:20:30",
        "2016-01-18 12:02:03",
      ],
    ],
    ["--keep-yearly 10", "yearly: 10", ["2014-11-22 10:20:30", "2015-11-22 10:20:30", "2016-01-18 12:02:03"]],
    [
      "--keep-daily 7 --keep-weekly 2 --keep-monthly 3 --keep-yearly 10",
      "daily: 7, weekly: 2, monthly: 3, yearly: 10",
      [
        "2014-11-22 10:20:30",
        "2015-10-22 10:20:30",
        "2015-11-22 10:20:30",
        "2016-01-05 09:02:03",
        "2016-01-06 08:02:03",
        "2016-01-07 10:02:03",
        "2016-01-08 20:02:03",
        "2016-01-09 21:02:03",
        "2016-01-12 21:08:03",
        "2016-01-18 12:02:03",
      ],
    ],
    ["--keep-within 1d", "within: 1d", ["2016-01-18 12:02:03"]],
    ["--keep-within 7d", "within: 7d", ["2016-01-12 21:02:03", "2016-01-12 21:08:03", "2016-01-18 12:02:03"]],
    ["--keep-within 1m14d", "within: 1mo 14d", january],
    ["--keep-within 1y1d1m", "within: 1y 1d 1mo", [...months.slice(40), ...january]],
  ];

  it.each(cases)("%s", (_options, keep, expected) => {
    expect(kept(snapshots, `"*": {${keep}}`, latest)).toEqual(expected);
  });

  it("counts durations from now, so that what nobody renews grows old", () => {
    // restic would still keep the latest snapshot, whatever the calendar says; with us `min-keep` does that.
    const yearLater = Date.parse("2017-01-18T12:02:03Z");
    expect(kept(snapshots, '"*": {within: 7d}', yearLater)).toEqual([]);
  });
});

describe("Amazon ECR's “Examples of lifecycle policies”", () => {
  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_examples.html

  it("expires untagged images older than 14 days", () => {
    const images = [
      image("old", [], "20d"),
      image("young", [], "10d"),
      image("old but tagged", ["prod"], "20d"),
    ];
    expect(deleted(images, "untagged: 14d")).toEqual(["old"]);
  });

  it("expires images with a tag that begins with prod, older than 14 days", () => {
    const images = [
      image("old", ["prod1"], "20d"),
      image("young", ["prod2"], "10d"),
      image("other", ["test1"], "20d"),
    ];
    expect(deleted(images, "prod*: 14d")).toEqual(["old"]);
  });

  it("keeps only one untagged image, and expires all others", () => {
    const images = [image("A", [], "4d"), image("B", [], "3d"), image("C", [], "2d")];
    expect(deleted(images, "untagged: 1")).toEqual(["A", "B"]);
  });

  it("keeps the youngest untagged images in addition, since their tagged index may be on its way", () => {
    // ECR has no grace.
    const images = [image("A", [], "3d"), image("B", [], "20h"), image("C", [], "10h")];
    expect(deleted(images, "untagged: 1")).toEqual(["A"]);
  });

  describe("multiple rules", () => {
    const images = [
      image("A", ["beta-1", "prod-1"], "10d"),
      image("B", ["beta-2", "prod-2"], "9d"),
      image("C", ["beta-3"], "8d"),
    ];

    it("example A: one image of prod, then one of beta: A is expired", () => {
      expect(deleted(images, "prod*: 1\nbeta*: 1")).toEqual(["A"]);
    });

    it("example B: one image of beta, then one of prod: A is expired, and B is not", () => {
      // ECR expires A and B here, because the rule that comes first has claimed them. With us the order of the lines
      // never matters: B is the newest image of prod, and what any line keeps is kept.
      expect(deleted(images, "beta*: 1\nprod*: 1")).toEqual(["A"]);
    });
  });

  describe("multiple tags in a single rule", () => {
    it("example A: alpha and beta, older than five days", () => {
      // ECR takes the images that have both tags, and expires C alone. Our lines speak of tags, not of combinations of
      // them: an image goes when each of its tags is let go, whether it has one of them or both.
      const images = [
        image("A", ["alpha-1"], "12d"),
        image("B", ["beta-1"], "11d"),
        image("C", ["alpha-2", "beta-2"], "10d"),
        image("D", ["alpha-3"], "4d"),
        image("E", ["beta-3"], "3d"),
        image("F", ["alpha-4", "beta-4"], "2d"),
      ];
      expect(deleted(images, "alpha*: 5d\nbeta*: 5d")).toEqual(["A", "B", "C"]);
    });

    const images = [
      image("A", ["alpha-1", "beta-1", "gamma-1"], "10d"),
      image("B", ["alpha-2", "beta-2"], "9d"),
      image("C", ["alpha-3", "beta-3", "gamma-2"], "8d"),
    ];

    it("example B: the newest image of alpha and beta; a tag that no line talks about keeps its image", () => {
      // ECR expires A as well, although nothing was said about gamma.
      expect(deleted(images, "alpha*: 1\nbeta*: 1")).toEqual(["B"]);
    });

    it("example B: with a word about gamma, A and B are expired", () => {
      expect(deleted(images, "alpha*: 1\nbeta*: 1\ngamma*: never")).toEqual(["A", "B"]);
    });
  });

  describe("all images", () => {
    it("example A: keeps only the newest image", () => {
      const images = [
        image("A", ["alpha-1"], "4d"),
        image("B", ["beta-1"], "3d"),
        image("C", [], "2d"),
        image("D", ["alpha-2"], "1d"),
      ];
      expect(deleted(images, "rest: 1\nuntagged: never")).toEqual(["A", "B", "C"]);
    });

    it("example B: all types of rules in one policy", () => {
      // ECR expires D as well: E, an untagged image, takes the only place of "any". With us a line counts only the
      // versions that it claims, and `rest` claims D, the newest with a tag of no other line.
      const images = [
        image("A", ["alpha-1", "beta-1"], "4d"),
        image("B", [], "3d"),
        image("C", ["alpha-2"], "2d"),
        image("D", ["git-hash"], "1d"),
        image("E", [], "1d"),
      ];
      expect(deleted(images, "alpha*: 1\nuntagged: 1d\nrest: 1")).toEqual(["A", "B"]);
    });
  });
});

describe("GitLab's “Reduce container registry storage”", () => {
  // https://docs.gitlab.com/user/packages/container_registry/reduce_container_registry_storage/

  const tags = [
    image("latest", ["latest"], "2h"),
    image("production-v44", ["production-v44"], "3d"),
    image("production-v43", ["production-v43"], "6d"),
    image("production-v42", ["production-v42"], "11d"),
    image("dev-v44", ["dev-v44"], "2d"),
    image("dev-v43", ["dev-v43"], "5d"),
    image("dev-v42", ["dev-v42"], "10d"),
    image("v44", ["v44"], "1d"),
    image("v43", ["v43"], "12d"),
    image("v42", ["v42"], "20d"),
  ];

  it("keep_n 1, name_regex_keep production-.*, older_than 7d, name_regex_delete .*", () => {
    const keep = "latest: always\n/production-.*/: always\nrest: {last: 1, within: 7d}";
    expect(deleted(tags, keep)).toEqual(["dev-v42", "v43", "v42"]);
  });

  it("says the same in any order of the lines", () => {
    const keep = "rest: {within: 7d, last: 1}\n/production-.*/: always\nlatest: always";
    expect(deleted(tags, keep)).toEqual(["dev-v42", "v43", "v42"]);
  });

  it("has latest as a tag like any other", () => {
    // GitLab excludes it from every policy.
    expect(deleted([image("latest", ["latest"], "8d")], "/.*/: 7d")).toEqual(["latest"]);
    expect(deleted([image("latest", ["latest"], "8d")], "/v.*/: 7d")).toEqual([]);
  });

  it("deletes an image, and so does not untie one tag of it while another keeps it", () => {
    // GitLab removes tags and leaves the images: production-v42 would stay, and v42 go.
    const both = [image("both", ["v42", "production-v42"], "20d")];
    expect(deleted(both, "/production-.*/: always\nrest: 7d")).toEqual([]);
  });

  const names = ["main", "maintenance", "release", "release-1", "v", "v1.0", "dev-v1", "prerelease"];
  const all = names.map((name) => image(name, [name], "20d"));
  const patterns: [pattern: string, removed: string[]][] = [
    [".*", names],
    ["v.+", ["v1.0"]],
    ["main", ["main"]],
    ["release.*", ["release", "release-1"]],
    ["(?:v.+|main|release.*)", ["main", "release", "release-1", "v1.0"]],
  ];

  it.each(patterns)("name_regex_delete %s, anchored at both ends", (pattern, removed) => {
    expect(deleted(all, `"/${pattern}/": never`)).toEqual(removed);
  });

  it.each(patterns)("name_regex_keep %s wins over name_regex_delete .*", (pattern, stays) => {
    expect(kept(all, `"/${pattern}/": always\nrest: never`)).toEqual(stays);
  });
});
