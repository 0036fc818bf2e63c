/** Short words for the calls of the API, against anything that answers them. */
import { parse } from 'lossless-json';
import type { ApiRequest, ApiResponse, Method } from '../../src/api/port.ts';

export const TASKS = '/v3/applicationInstance/task';
export const BATCHES = '/v3/applicationInstance/taskBatch';
export const TEMPLATES = '/v3/applicationInstance/task/template';
export const INSTANCES = '/v3/applicationInstance';
export const FLEETS = '/v3/fleet';
export const KEY = { 'private-token': 'any' };

export const EU = '1394296486561117717';
export const US = '1394296486561117718';
export const STAGING = '1394296486561117719';

export function request(
  method: Method,
  path: string,
  body?: unknown,
  headers: Record<string, string> = KEY,
): ApiRequest {
  return { method, path, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
}

/** The first object of an answer, array or not, as a double-minded JSON.parse sees it. */
export function first(response: ApiResponse): Record<string, unknown> {
  const value = JSON.parse(response.body);
  return Array.isArray(value) ? value[0] : value;
}

export function rows(response: ApiResponse): Record<string, unknown>[] {
  return JSON.parse(response.body);
}

/** Every number as the text that stands in the answer. */
export function exact(response: ApiResponse): unknown {
  return parse(response.body, undefined, (text) => text);
}
