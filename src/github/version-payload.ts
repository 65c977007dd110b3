import { isObject, type Json } from "../model/json";
import type { PackageType, PackageVersion } from "../model/package-version";

/**
 * One entry of the Packages API as a version. Tolerant of what may be missing, but throws an Error that says what is
 * wrong where a version could be taken for something else (no id, no date, tags that are no list).
 */
export function parseVersion(payload: unknown, type: PackageType): PackageVersion {
  if (!isObject(payload)) throw new Error("an entry of the list is no object");
  const { id, name, created_at, updated_at } = payload;
  if (typeof id !== "number" || !Number.isSafeInteger(id) || id <= 0) {
    throw new Error(`a version has the id ${JSON.stringify(id)}, which is no positive whole number`);
  }
  if (typeof name !== "string" || name === "") throw new Error(`version ${id} has no name`);
  const createdAt = parseTime(created_at, id, "created_at");
  const updatedAt = parseTime(updated_at ?? created_at, id, "updated_at");
  return { id, name, tags: parseTags(payload, type, name, id), createdAt, updatedAt };
}

function parseTime(value: unknown, id: number, field: string): string {
  if (typeof value === "string" && !Number.isNaN(Date.parse(value))) return value;
  throw new Error(`version ${id}: ${field} is ${JSON.stringify(value)}, which is no date`);
}

function parseTags(payload: Json, type: PackageType, name: string, id: number): readonly string[] {
  if (type !== "container" && type !== "docker") return [name];
  const metadata = section(section(payload, "metadata", id), type, id);
  // Docker's are in one field or the other, or in both.
  const fields = type === "docker" ? [metadata.tag, metadata.tags] : [metadata.tags];
  return [...new Set(fields.flatMap((field) => tagList(field ?? [], id)))];
}

function tagList(field: unknown, id: number): string[] {
  const list: unknown[] = typeof field === "string" ? [field] : Array.isArray(field) ? field : [undefined];
  if (list.every((tag) => typeof tag === "string" && tag !== "")) return list as string[];
  throw new Error(`version ${id}: its tags are ${JSON.stringify(field)}, which is no list of tags`);
}

/** A part of the payload; empty where it is missing. */
function section(parent: Json, key: string, id: number): Json {
  const value = parent[key] ?? {};
  if (isObject(value)) return value;
  throw new Error(`version ${id}: ${key} is ${JSON.stringify(value)}, which is no object`);
}
