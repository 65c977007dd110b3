/** What became of a version that the plan deletes or restores (spec/action.md, "The report"). */
export type Outcome =
  | "planned"
  | "deleted"
  | "gone"
  | "refused"
  | "failed"
  | "skipped"
  | "remaining"
  | "restored";
