import { actionsAccess } from "../report/package-pages";

/** A registry's answer that decides nothing. `status` is 0 where there was no answer. */
export class RegistryError extends Error {
  override readonly name = "RegistryError";
  readonly repository: string;
  readonly reference: string;
  readonly status: number;

  constructor({ repository, reference, status, message, settingsUrl }: RegistryFailure) {
    const named = reference.includes(":") ? `${repository}@${reference}` : `${repository}:${reference}`;
    super(
      `The registry gave no usable answer for ${named}: ${message}. ${wayOut(status, settingsUrl)}`.trim(),
    );
    this.repository = repository;
    this.reference = reference;
    this.status = status;
  }
}

export interface RegistryFailure {
  readonly repository: string;
  /** The address of the package's settings. */
  readonly settingsUrl?: string | undefined;
  readonly reference: string;
  readonly status: number;
  /** What happened, without a full stop. */
  readonly message: string;
}

function rightsWay(settingsUrl: string | undefined): string {
  return (
    'Check that the token may use the package: with GITHUB_TOKEN the job needs "permissions: packages: read" (write, ' +
    `to delete or untag) and this repository a role under ${actionsAccess(settingsUrl)}; a ` +
    "classic personal access token needs read:packages (write:packages to untag)."
  );
}

function wayOut(status: number, settingsUrl: string | undefined): string {
  if (status === 401 || status === 403) return rightsWay(settingsUrl);
  if (status === 429 || status >= 500 || status === 0) return "Run the action again later.";
  return "Check the input registry-url.";
}

interface ErrorEntry {
  readonly code: string;
  readonly message: string;
}

/** The `errors` of a registry's answer (OCI distribution specification, "Error Codes"); empty for any other body. */
export function parseErrors(body: string): readonly ErrorEntry[] {
  try {
    const { errors } = JSON.parse(body) as { errors?: { code?: unknown; message?: unknown }[] };
    return (errors ?? []).map(({ code, message }) => ({
      code: String(code),
      message: String(message ?? ""),
    }));
  } catch {
    return [];
  }
}

/** `404 MANIFEST_UNKNOWN: manifest unknown`. */
export function describeAnswer(status: number, body: string): string {
  const [first] = parseErrors(body);
  return first ? `${status} ${first.code}: ${first.message}`.replace(/[:.\s]+$/, "") : `status ${status}`;
}
