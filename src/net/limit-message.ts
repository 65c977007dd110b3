const LIMIT_MESSAGE = /\brate limit exceeded\b|\bsecondary rate\b|\babuse detection\b/i;

/** Whether a message of GitHub or its registry is about limits, and not about rights: both come with a 403. */
export function isLimitMessage(message: string): boolean {
  return LIMIT_MESSAGE.test(message);
}
