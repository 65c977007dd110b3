import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rename, unlink } from "node:fs/promises";
import path from "node:path";
import { reasonText } from "../model/reason";
import type { PackageReport, Report, VersionReport, WrittenVersion } from "../report/report";

const BATCH = 65_536;

/**
 * Writes the report (spec/action.md, "The report"), some versions at a time: a package may have a hundred thousand. It
 * is written beside its place and moved there when it is whole and on the disk, so that no disk that is full and no kill
 * leaves half of one, or none where one was.
 *
 * @throws the file system's error when it cannot be written
 */
export async function writeReport(report: Report, file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = besides(file);
  try {
    await writeAll(serialize(report), temporary);
    await rename(temporary, file);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await syncDirectory(path.dirname(file));
}

/** The report as JSON, in pieces: one version a line. */
export function* serialize({ packages, ...head }: Report): Iterable<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"packages":[`;
  let separator = "\n";
  for (const pkg of packages) {
    yield separator;
    yield* serializePackage(pkg);
    separator = ",\n";
  }
  yield "]}\n";
}

function* serializePackage({ versions, ...head }: PackageReport): Iterable<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"versions":[`;
  let separator = "\n";
  for (const version of versions) {
    yield `${separator}${JSON.stringify(written(version))}`;
    separator = ",\n";
  }
  yield "]}";
}

/** Reasons become text here: the file is for people, and for those who search it. */
function written(version: VersionReport): WrittenVersion {
  return { ...version, reasons: version.reasons.map(reasonText) };
}

/** A name in the same directory, from where it can be moved to its place in one step. */
export function besides(file: string): string {
  return path.join(path.dirname(file), `.package-retention-${randomUUID()}.tmp`);
}

async function writeAll(pieces: Iterable<string>, file: string): Promise<void> {
  const handle = await open(file, "wx");
  try {
    await writeBatches(pieces, handle);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeBatches(pieces: Iterable<string>, handle: FileHandle): Promise<void> {
  let batch = "";
  for (const piece of pieces) {
    batch += piece;
    if (batch.length < BATCH) continue;
    await handle.appendFile(batch);
    batch = "";
  }
  await handle.appendFile(batch);
}

/** Makes the new name last; systems that do not know that of directories do it by themselves. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r").catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
