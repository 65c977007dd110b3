import * as z from "zod";
import { parseTime } from "./time";

/** What several parts of the data file are made of. */

export const time = z.string().refine((text) => parseTime(text, 0) !== undefined, {
  error: (issue) =>
    `"${issue.input}" is no time: write ISO 8601 (2026-11-20T00:00:00Z) or a relative one ("14d ago", "3h ago")`,
});
export const positive = z.number().int().positive();
export const milliseconds = z.number().nonnegative();
export const fullName = z.string().regex(/^[^/]+\/[^/]+$/, "write owner/name");
export const visibility = z.enum(["public", "private", "internal"]);
