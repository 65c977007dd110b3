import type { PackageType } from "../model/package-version";
import type { PackageSelection, Policy } from "./policy";
import type { Settings } from "./settings";

/** Joins what a policy is made of. What an input says to be in use is of no use but to containers. */
export function makePolicy(
  packages: PackageSelection,
  type: PackageType,
  lines: Policy["lines"],
  { maxDelete, grace, repository, ...settings }: Settings,
): Policy {
  const inUse = type === "container" ? {} : { inUseFiles: [], inUseEnvironments: [] };
  return {
    packages,
    type,
    lines,
    ...settings,
    ...inUse,
    ...(repository === undefined ? {} : { repository }),
    ...(maxDelete === undefined ? {} : { maxDelete }),
    ...(grace === undefined ? {} : { grace }),
  };
}
