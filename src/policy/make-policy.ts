import type { PackageType } from "../model/package-version";
import type { PackageSelection, Policy } from "./policy";
import type { Settings } from "./settings";

/** Joins what a policy is made of. In-use files that an input names for all are of no use but to containers. */
export function makePolicy(
  packages: PackageSelection,
  type: PackageType,
  lines: Policy["lines"],
  { maxDelete, grace, ...settings }: Settings,
): Policy {
  return {
    packages,
    type,
    lines,
    ...settings,
    inUseFiles: type === "container" ? settings.inUseFiles : [],
    ...(maxDelete === undefined ? {} : { maxDelete }),
    ...(grace === undefined ? {} : { grace }),
  };
}
