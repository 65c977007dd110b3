/** The words of whatever was thrown: also of an error of another realm, which is no instance of this one's. */
export function messageOf(thrown: unknown): string {
  const { message } = Object(thrown) as { readonly message?: unknown };
  return typeof message === "string" ? message : String(thrown);
}
