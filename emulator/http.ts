import type { IncomingMessage, ServerResponse } from "node:http";

/** What a route answers: an object body travels as JSON, a text as it is. */
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

/** The whole body of a request as text. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** Sends an answer, at that `date` unless it has one of its own. With `cut` the connection breaks in the middle of the body. HEAD requests get the headers alone. */
export function send(
  response: ServerResponse,
  answer: Answer,
  options: { head: boolean; cut: boolean; date: string },
): void {
  const text = bodyText(answer);
  const given = Object.entries(answer.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  const headers: Record<string, string> = { date: options.date, ...Object.fromEntries(given) };
  if (text !== undefined) {
    headers["content-type"] ??=
      typeof answer.body === "string" ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
    headers["content-length"] = String(Buffer.byteLength(text));
  }
  response.writeHead(answer.status, headers);
  if (!options.cut || text === undefined) response.end(options.head ? undefined : text);
  else
    response.write(Buffer.from(text).subarray(0, Math.floor(Buffer.byteLength(text) / 2)), () =>
      response.destroy(),
    );
}

/** The segments of a path, decoded one by one, so that `%2F` stays inside its segment; undefined if one is not decodable. */
export function pathSegments(path: string): string[] | undefined {
  try {
    return path.split("/").slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function bodyText(answer: Answer): string | undefined {
  if (answer.status === 204 || answer.body === undefined) return undefined;
  return typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
}
