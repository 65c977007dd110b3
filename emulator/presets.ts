import { type Answer, apiError, registryError } from "./http";

/** Answers that GitHub gives in trouble, by the name that a fault calls them. */
export const PRESETS = [
  "secondary-limit",
  "registry-secondary-limit",
  "registry-minute-limit",
  "registry-denied",
] as const;

export type Preset = (typeof PRESETS)[number];

export const LIMIT_DOCS = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api";
export const SECONDARY_LIMIT_MESSAGE =
  "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";

/** The answer of that name, with a `retry-after` header of so many seconds if one is given. */
export function presetAnswer(preset: Preset, retryAfter?: number): Answer {
  const headers: Record<string, string> =
    retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  switch (preset) {
    case "secondary-limit":
      return apiError(403, SECONDARY_LIMIT_MESSAGE, headers, LIMIT_DOCS);
    case "registry-secondary-limit":
      return registryError(403, "DENIED", SECONDARY_LIMIT_MESSAGE, headers);
    case "registry-minute-limit":
      return registryError(429, "TOOMANYREQUESTS", "retry-after: 985.86µs, allowed: 44000/minute", headers);
    case "registry-denied":
      return registryError(403, "DENIED", "requested access to the resource is denied", headers);
  }
}
