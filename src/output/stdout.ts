/** Somebody who stops reading (`| head`) must not end a run in the middle of its deletions. */
export function surviveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
}
