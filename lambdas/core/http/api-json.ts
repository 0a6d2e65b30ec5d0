import { isObject } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { RegistrationFault } from '../registration.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { Http, HttpRequest, HttpResponse } from './http.ts';

type Answered<Value> = Promise<Result<Value, RegistrationFault>>;

/** Calls an API with a JSON body, and reads the answer of any 2xx as a JSON object; an answer without a body is an empty one. */
export async function callJson(
  http: Http,
  request: Omit<HttpRequest, 'body'> & { readonly json?: unknown },
): Answered<JsonObject> {
  const value = await callForJson(http, request);
  return value.ok ? ok(isObject(value.value) ? value.value : {}) : value;
}

/** The same for an answer that is JSON of any shape. */
export async function callForJson(
  http: Http,
  { json, headers, ...request }: Omit<HttpRequest, 'body'> & { readonly json?: unknown },
): Answered<unknown> {
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  const type = json === undefined ? {} : { 'content-type': 'application/json' };
  return readAnyJson(await http({ ...request, headers: { accept: 'application/json', ...type, ...headers }, ...body }));
}

/** Reads an answer of any 2xx as JSON of any shape; an answer without a body is an empty object. */
export function readAnyJson({ status, body }: HttpResponse): Result<unknown, RegistrationFault> {
  if (status < 200 || status >= 300) return refuse(`http_${status}` as const);
  if (body === '') return ok({});
  try {
    return ok(JSON.parse(body) as unknown);
  } catch {
    return refuse('not_json');
  }
}

/** The texts of a list; nothing else of it. */
export const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
