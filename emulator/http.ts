import type { IncomingMessage, ServerResponse } from "node:http";

/** What a route answers: an object body travels as JSON, a text and bytes as they are. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
}

const DOCS = "https://docs.github.com/rest/packages/packages";

/** An error as the API words it. */
export function apiError(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  documentationUrl = DOCS,
): Answer {
  return { status, headers, body: { message, documentation_url: documentationUrl, status: String(status) } };
}

/** An error in the OCI distribution format. */
export function registryError(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, headers, body: { errors: [{ code, message }] } };
}

/** The whole body of a request. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Sends an answer, at that `date` unless it has one of its own. With `cut` the connection breaks in the middle of the body. HEAD requests get the headers alone. */
export function send(
  response: ServerResponse,
  answer: Answer,
  options: { head: boolean; cut: boolean; date: string },
): void {
  const bytes = bodyBytes(answer);
  const given = Object.entries(answer.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  const headers: Record<string, string> = { date: options.date, ...Object.fromEntries(given) };
  if (bytes !== undefined) {
    headers["content-type"] ??= contentType(answer.body);
    headers["content-length"] = String(bytes.length);
  }
  response.writeHead(answer.status, headers);
  if (!options.cut || bytes === undefined) response.end(options.head ? undefined : bytes);
  else response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
}

/** The segments of a path, decoded one by one, so that `%2F` does not split its segment; undefined if one is not decodable. */
export function pathSegments(path: string): string[] | undefined {
  try {
    return path.split("/").slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function bodyBytes({ status, body }: Answer): Buffer | undefined {
  if (status === 204 || body === undefined) return undefined;
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

function contentType(body: unknown): string {
  if (Buffer.isBuffer(body)) return "application/octet-stream";
  return typeof body === "string" ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
}
