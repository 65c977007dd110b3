import type { PackageClient } from "../github/packages";
import type { PackageRef, PackageVersion } from "../model/package-version";
import type { Warning } from "../model/warning";
import { endOf, Stopped, type StopReason } from "../net/stop";
import { hasChanged } from "../plan/has-changed";
import type { PreparedPackage } from "../plan/prepared";

/** What a dry run says of what an interrupted run left behind: it is no image, and no part of the plan. */
export function leftoverWarnings({ pkg, leftovers = [] }: PreparedPackage): Warning[] {
  return leftovers.map((leftover) => warning(`${describeLeftover(pkg, leftover)} would be deleted.`));
}

/**
 * Ends what an interrupted run began: its manifest has the tag, and no other.
 *
 * @throws what the run has to stop for
 */
export async function deleteLeftovers(
  leftovers: readonly PackageVersion[],
  client: PackageClient,
  stopReason: StopReason,
): Promise<Warning[]> {
  const warnings: Warning[] = [];
  for (const leftover of leftovers) {
    const stopped = stopReason();
    if (stopped !== undefined) throw new Stopped(stopped);
    const end = await deleteLeftover(leftover, client);
    if (end !== undefined) warnings.push(warning(`${describeLeftover(client.pkg, leftover)} ${end}`));
  }
  return warnings;
}

/** @returns what came of it; undefined where it is not there any more */
async function deleteLeftover(leftover: PackageVersion, client: PackageClient): Promise<string | undefined> {
  try {
    const now = await client.getVersion(leftover.id);
    if (typeof now === "string" || hasChanged(leftover, now)) return undefined;
    const result = await client.deleteVersion(leftover.id);
    return result.kind === "deleted" || result.kind === "gone"
      ? "was deleted."
      : `was not deleted: ${result.message}`;
  } catch (error) {
    const { stopped, error: failure } = endOf(error);
    if (stopped !== undefined) throw error;
    return `was not deleted: ${failure}`;
  }
}

function describeLeftover({ name }: PackageRef, { id, tags }: PackageVersion): string {
  return `The version ${id} of ${name} with the tag ${tags.join()}, left over from an interrupted removal of that tag,`;
}

function warning(message: string): Warning {
  return { kind: "untag-leftover", message };
}
