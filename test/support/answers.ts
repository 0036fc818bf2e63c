/** Right answers, made wrong by their content: what a copy that is behind, or a row that is missing, would say. */
import { parse, stringify } from 'lossless-json';
import type { ApiRequest, ApiResponse } from '../../src/api/port.ts';
import type { Id } from '../../src/model/ids.ts';

export type Row = Record<string, unknown>;

const API = '/v3/applicationInstance';

export const is = {
  batchList: ({ method, path }: ApiRequest) => method === 'GET' && path === `${API}/taskBatch`,
  taskList: ({ method, path }: ApiRequest) => method === 'GET' && path === `${API}/task`,
  serverTasks: ({ path }: ApiRequest) => /^\/v3\/applicationInstance\/\d+\/task$/.test(path),
  batch: ({ method, path }: ApiRequest) => method === 'GET' && /\/taskBatch\/\d+$/.test(path),
  task: ({ method, path }: ApiRequest) => method === 'GET' && /\/task\/\d+$/.test(path),
  create: ({ method }: ApiRequest) => method === 'POST',
  toggle: ({ method }: ApiRequest) => method === 'PUT',
  cancel: ({ method }: ApiRequest) => method === 'DELETE',
};

/** The rows of an answer, one object or many; what is no such answer stays as it is. */
export function editRows(response: ApiResponse, edit: (rows: Row[]) => Row[]): ApiResponse {
  if (response.status !== 200) return response;
  const rows = parse(response.body) as Row[] | Row;
  return { ...response, body: stringify(edit(Array.isArray(rows) ? rows : [rows])) ?? '[]' };
}

/** The lists and the tasks of single game servers, as if these batches were not there (yet). */
export function hides(request: ApiRequest, response: ApiResponse, ids: readonly Id[]): ApiResponse {
  if (is.batchList(request)) {
    return editRows(response, (rows) => rows.filter(({ id }) => !ids.includes(String(id))));
  }
  if (!is.taskList(request) && !is.serverTasks(request)) return response;
  return editRows(response, (rows) => rows.filter(({ batchId }) => !ids.includes(String(batchId))));
}

/** A batch as it is before it has got its tasks. */
export function unfilled(request: ApiRequest, response: ApiResponse, ids: readonly Id[]): ApiResponse {
  if (is.batchList(request) || is.batch(request)) {
    return editRows(response, (rows) =>
      rows.map((row) =>
        ids.includes(String(row.id)) ? { ...row, numTasks: 0, taskIds: [], finishedAt: 0 } : row,
      ),
    );
  }
  return is.taskList(request) || is.serverTasks(request) ? hides(request, response, ids) : response;
}

/** The API's own error object. */
export function refused(status: number): ApiResponse {
  const body = JSON.stringify({ errorCode: 10_000 + status, errorMessage: 'refused', errors: [] });
  return { status, headers: { 'content-type': 'application/json' }, body };
}
