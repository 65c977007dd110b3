import { isObject, type Json, shown } from "../model/json";
import type { PackageType, PackageVersion } from "../model/package-version";

/**
 * One entry of the Packages API as a version. Tolerant of what decides nothing, but throws an Error that says what is
 * wrong where a version could be taken for something else (no id, no date, no list of tags: it would count as untagged).
 */
export function parseVersion(payload: unknown, type: PackageType): PackageVersion {
  if (!isObject(payload)) throw new Error("an entry of the list is not an object");
  const { id, name, created_at, updated_at, deleted_at } = payload;
  if (typeof id !== "number" || !Number.isSafeInteger(id) || id <= 0) {
    throw new Error(`a version has the id ${shown(id)}, which is not a positive whole number`);
  }
  if (typeof name !== "string" || name === "") throw new Error(`version ${id} has no name`);
  const createdAt = parseTime(created_at, id, "created_at");
  const updatedAt = parseTime(updated_at ?? created_at, id, "updated_at");
  const version = { id, name, tags: parseTags(payload, type, name, id), createdAt, updatedAt };
  if (deleted_at === undefined || deleted_at === null) return version;
  return { ...version, deletedAt: parseTime(deleted_at, id, "deleted_at") };
}

function parseTime(value: unknown, id: number, field: string): string {
  if (typeof value === "string" && !Number.isNaN(Date.parse(value))) return value;
  throw new Error(`version ${id}: ${field} is ${shown(value)}, which is not a date`);
}

function parseTags(payload: Json, type: PackageType, name: string, id: number): readonly string[] {
  if (type !== "container" && type !== "docker") return [name];
  const metadata = section(section(payload, "metadata", id), type, id);
  if (type === "container") return tagList(metadata.tags, id);
  // They are in one field or the other, or in both.
  const fields = [metadata.tag, metadata.tags].filter((field) => field !== undefined && field !== null);
  const lists = (fields.length === 0 ? [undefined] : fields).map((field) =>
    tagList(typeof field === "string" ? [field] : field, id),
  );
  return [...new Set(lists.flat())];
}

function tagList(field: unknown, id: number): string[] {
  const isList = Array.isArray(field) && field.every((tag) => typeof tag === "string" && tag !== "");
  if (isList) return [...new Set(field as string[])];
  throw new Error(`version ${id}: its tags are ${shown(field)}, which is not a list of tags`);
}

/** A part of the payload; empty where it is missing. */
function section(parent: Json, key: string, id: number): Json {
  const value = parent[key] ?? {};
  if (isObject(value)) return value;
  throw new Error(`version ${id}: ${key} is ${shown(value)}, which is not an object`);
}
