import * as z from "zod";
import { milliseconds, positive } from "./data-fields";
import type { Answer } from "./http";
import { PRESETS } from "./presets";
import type { LoggedRequest } from "./request-log";

const ACTS = new Set(["answer", "preset", "headers", "change", "drop", "cutBody", "delay"]);

/** Which requests fail, and how. */
export const fault = z
  .strictObject({
    match: z
      .strictObject({
        method: z.string().optional(),
        path: z
          .string()
          .refine(isRegex, { error: (issue) => `"${issue.input}" is no regular expression` })
          .optional(),
        nth: positive.optional(),
        count: z.union([positive, z.literal("always")]).optional(),
      })
      .optional(),
    answer: z
      .strictObject({
        status: z.number().int().min(200).max(599),
        body: z.unknown().optional(),
        headers: z.record(z.string(), z.string()).optional(),
      })
      .optional(),
    /** A known answer of GitHub, instead of `answer`. */
    preset: z.enum(PRESETS).optional(),
    /** With `preset`: seconds for its `retry-after` header, which it lacks otherwise. */
    retryAfter: z.number().int().nonnegative().optional(),
    /** Put over those of the answer, the real one too. */
    headers: z.record(z.string(), z.string()).optional(),
    /** In a test: what becomes of the answer, the real one too. */
    change: z
      .custom<(answer: Answer, request: LoggedRequest) => Answer>((value) => typeof value === "function")
      .optional(),
    drop: z.boolean().optional(),
    cutBody: z.boolean().optional(),
    delay: milliseconds.optional(),
    processed: z.boolean().optional(),
  })
  .refine((one) => Object.keys(one).some((key) => ACTS.has(key)), {
    error: `a fault does something: ${[...ACTS].join(", ")}`,
  });

function isRegex(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
