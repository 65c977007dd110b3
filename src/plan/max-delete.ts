import { packageName } from "../model/label";
import type { MaxDelete } from "../policy/policy";
import { doomedVersions, type PreparedPackage } from "./prepared";

/**
 * Why `max-delete` forbids the plan of a package (spec/action.md): it would delete more than the number, or than the
 * percentage of the package's active versions. Undefined where it does not.
 */
export function overMaxDelete({ pkg, policy, plan, held }: PreparedPackage): string | undefined {
  const { maxDelete } = policy;
  // What `plan-file` holds back would not be deleted.
  const planned = doomedVersions(plan).length - held.size;
  if (!maxDelete || planned <= mostOf(maxDelete, plan.verdicts.length)) return undefined;
  const limit = maxDelete.kind === "count" ? `${maxDelete.count}` : `${maxDelete.percent}%`;
  return (
    `The plan deletes ${planned} of the ${plan.verdicts.length} versions of the ${packageName(pkg)}, which is more ` +
    `than \`max-delete\` (${limit}) allows: such a run deletes nothing of it. If the plan is right, raise \`max-delete\`.`
  );
}

function mostOf(maxDelete: MaxDelete, versions: number): number {
  return maxDelete.kind === "count" ? maxDelete.count : (versions * maxDelete.percent) / 100;
}
