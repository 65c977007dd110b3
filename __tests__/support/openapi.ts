import { Ajv, type ValidateFunction } from "ajv";
import addFormatsModule from "ajv-formats";
import {
  type Operation,
  type Parameter,
  type Response,
  readDescription,
  resolveReference as resolve,
} from "./openapi-description";

/**
 * GitHub's official API description (npm `@octokit/openapi`) as a judge of requests and answers. Both checks answer the
 * list of problems, empty where there is none.
 */

interface Match {
  readonly operation: Operation;
  readonly template: string;
  readonly pathValues: Readonly<Record<string, string>>;
}

const description = readDescription();
const templates = Object.keys(description.paths).map((template) => ({
  template,
  parts: template.split("/"),
}));

/** Errors that GitHub answers although the description of an operation leaves them out (packages reference, "Errors"). */
const UNDESCRIBED_ERRORS = new Set([400, 401, 403, 404, 422, 429]);
const BASIC_ERROR = { $ref: "github#/components/schemas/basic-error" };

/** Parameters that the description of `/users/{username}/…/versions` leaves out; they work. */
const UNDESCRIBED_QUERY: Readonly<Record<string, string>> = {
  "/users/{username}/packages/{package_type}/{package_name}/versions":
    "/orgs/{org}/packages/{package_type}/{package_name}/versions",
};

/** What GitHub answers although the description leaves it out (packages reference, "Endpoints"). */
const UNDESCRIBED_OPERATIONS: Readonly<Record<string, Operation>> = {
  "GET /packages/container-registry-url": {
    responses: {
      "200": {
        content: {
          "application/json": {
            schema: {
              type: "object",
              required: ["url"],
              properties: { url: { type: "string", format: "uri" } },
            },
          },
        },
      },
    },
  },
};

// The package is CommonJS: what `default` is depends on who loads it.
const addFormats =
  (addFormatsModule as unknown as { default?: typeof addFormatsModule.default }).default ?? addFormatsModule;
const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, coerceTypes: false });
(addFormats as unknown as (target: Ajv) => void)(ajv);
ajv.addSchema({ $id: "github", components: description.components });
const compiled = new Map<string, ValidateFunction>();

/** Whether an answer has a status and a body that the operation may have. `path` is the raw path asked for; an empty body is undefined. */
export function validateResponse(method: string, path: string, status: number, body: unknown): string[] {
  const match = findOperation(method, path);
  if (!match) return [`${method} ${path}: no such operation`];
  const place = `${method} ${match.template} ${status}`;
  const described = match.operation.responses[String(status)];
  if (!described && !UNDESCRIBED_ERRORS.has(status)) return [`${place}: no such status`];
  const schema = described && jsonSchema(resolve<Response>(description, described));
  if (!schema && status < 400) return body === undefined ? [] : [`${place}: has a body`];
  return check(place, schema ?? BASIC_ERROR, body);
}

/** Whether a request fits the description: its path, every query parameter, the type of each. `rawUrl` is path and query. */
export function validateRequest(method: string, rawUrl: string): string[] {
  const match = findOperation(method, rawUrl);
  if (!match) return [`${method} ${rawUrl}: no such operation`];
  const parameters = parametersOf(match);
  const query = new URL(rawUrl, "http://localhost").searchParams;
  const problems = [...query.keys()]
    .filter((name) => !parameters.some((one) => one.in === "query" && one.name === name))
    .map((name) => `${method} ${match.template}: unknown query parameter ${name}`);
  for (const one of parameters) {
    const text = one.in === "path" ? match.pathValues[one.name] : query.get(one.name);
    if (one.in === "header") continue;
    problems.push(...checkParameter(`${method} ${match.template} ${one.name}`, one, text ?? undefined));
  }
  return problems;
}

function checkParameter(place: string, parameter: Parameter, text: string | undefined): string[] {
  if (text === undefined) return parameter.required ? [`${place}: missing`] : [];
  const schema = parameter.schema ?? {};
  const isNumber = "type" in schema && schema.type === "integer";
  return check(place, schema, isNumber && /^-?\d+$/.test(text) ? Number(text) : text);
}

function parametersOf({ operation, template }: Match): Parameter[] {
  const twin = description.paths[UNDESCRIBED_QUERY[template] ?? ""]?.get;
  const own = (operation.parameters ?? []).map((one) => resolve<Parameter>(description, one));
  const more = (twin?.parameters ?? [])
    .map((one) => resolve<Parameter>(description, one))
    .filter((one) => one.in === "query");
  return [...own, ...more];
}

/**
 * The operation of a path: the template with the most literal segments wins. A prefix `/api/v3` is left aside, and the
 * ids by which GitHub links to further pages stand for the names.
 */
function findOperation(method: string, rawUrl: string): Match | undefined {
  const path = (rawUrl.split("?")[0] ?? "")
    .replace(/^\/api\/v3/, "")
    .replace(/^\/organizations\//, "/orgs/")
    .replace(/^\/repositories\/(\d+)/, "/repos/$1/$1");
  const undescribed = UNDESCRIBED_OPERATIONS[`${method} ${path}`];
  if (undescribed) return { operation: undescribed, template: path, pathValues: {} };
  const parts = path.split("/");
  const fitting = templates
    .filter((one) => one.parts.length === parts.length)
    .filter((one) =>
      one.parts.every((part, index) => (isVariable(part) ? parts[index] !== "" : part === parts[index])),
    )
    .sort((a, b) => variables(a.parts) - variables(b.parts));
  for (const { template, parts: names } of fitting) {
    const operation = description.paths[template]?.[method.toLowerCase()];
    if (operation) return { operation, template, pathValues: valuesOf(names, parts) };
  }
  return undefined;
}

function valuesOf(names: readonly string[], parts: readonly string[]): Record<string, string> {
  const pairs = names.flatMap((name, index) =>
    isVariable(name) ? [[name.slice(1, -1), decodeURIComponent(parts[index] ?? "")] as const] : [],
  );
  return Object.fromEntries(pairs);
}

function check(place: string, schema: object, value: unknown): string[] {
  const key = JSON.stringify(schema);
  const validate = compiled.get(key) ?? ajv.compile(absolute(schema));
  compiled.set(key, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${place}: ${error.instancePath || "body"} ${error.message}`);
}

/** `#/components/…` read as part of the description. */
function absolute(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"github#/')) as object;
}

function jsonSchema(response: Response): object | undefined {
  return response.content?.["application/json"]?.schema;
}

function isVariable(part: string): boolean {
  return part.startsWith("{");
}

function variables(parts: readonly string[]): number {
  return parts.filter(isVariable).length;
}
