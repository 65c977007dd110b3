import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import path from "node:path";
import { finished } from "node:stream/promises";
import { messageOf } from "../model/error-message";
import { reasonText } from "../model/reason";
import type { PackageReport, Report, VersionReport, WrittenVersion } from "../report/report";

/**
 * Writes the report (spec/action.md, "The report"), a version at a time: a package may have a hundred thousand.
 *
 * @throws the file system's error when it cannot be written
 */
export async function writeReport(report: Report, file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const stream = createWriteStream(file, "utf8");
  const done = finished(stream);
  done.catch(() => {}); // Awaited below; an error that comes earlier must not end the process.
  for (const chunk of serialize(report))
    if (!stream.write(chunk)) await Promise.race([once(stream, "drain"), done]);
  stream.end();
  await done;
}

/**
 * Whether a report can be written there: better known before anything is deleted than after.
 *
 * @returns why not; undefined where it can
 */
export async function whyNotWritable(file: string): Promise<string | undefined> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await (await open(file, "a")).close();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
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
