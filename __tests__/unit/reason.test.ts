import {
  asked,
  GRACE,
  MIN_KEEP,
  PROTECT,
  type Reason,
  reasonText,
  SIGNATURE_STORE,
  UNTAGGED_UNCOVERED,
} from "../../src/model/reason";

describe("a reason as people read it", () => {
  it.each<[string, Reason]>([
    ["pr-*: within 14d", { rule: "line", key: "pr-*", says: [{ text: "within 14d" }] }],
    [
      "semver: highest 3 of 1.4",
      { rule: "line", key: "semver", says: [{ text: "highest 3", group: "1.4" }] },
    ],
    ['x: last 1 of ""', { rule: "line", key: "x", says: [{ text: "last 1", group: "" }] }],
    [
      "pr-*: beyond the last 3 of a, older than 14d",
      {
        rule: "line",
        key: "pr-*",
        says: [{ text: "beyond the last 3", group: "a" }, { text: "older than 14d" }],
      },
    ],
    ['tag "edge" is not covered by any line', { rule: "uncovered", tag: "edge" }],
    ["untagged versions are not covered by any line", UNTAGGED_UNCOVERED],
    ["held: app:v1.2.3 has no manifest", { rule: "held", version: "app:v1.2.3" }],
    ["protect", PROTECT],
    ["in use: deploy/app.yaml", { rule: "in-use", by: "deploy/app.yaml" }],
    ["min-keep", MIN_KEEP],
    ["grace", GRACE],
    ["signature store", SIGNATURE_STORE],
    ["part of app:v1.2.3", { rule: "part", whole: "app:v1.2.3", isDeleted: false }],
    ["part of app:pr-7, which goes", { rule: "part", whole: "app:pr-7", isDeleted: true }],
    ["broken: 2 of 3 platform manifests are missing", { rule: "broken", missing: 2, platforms: 3 }],
    ['tag "pr-1" matches pr-*', { rule: "tag-matches", tag: "pr-1", glob: "pr-*" }],
    ["version 12", asked("version 12")],
  ])("is %s", (text, reason) => {
    expect(reasonText(reason)).toBe(text);
  });
});
