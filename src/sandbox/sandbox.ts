/**
 * The API of fleetform's provider in small: a request and a record in, an answer out, and perhaps a changed record.
 * No network, no file, no clock of its own. The embedded sandbox, the server and the tests all run this.
 */
import type { ApiRequest, ApiResponse } from '../api/port.ts';
import { LIST_LIMIT } from '../model/observed.ts';
import { type Answer, ok, refuse } from './answer.ts';
import { type CreateBody, checkBody, createBatch } from './create.ts';
import { listFleets, listInstances } from './inventory.ts';
import { toggle } from './simulate.ts';
import {
  batchOnWire,
  taskMoment,
  taskOnWire,
  templateOnWire,
  toText,
  type View,
  type WireStyle,
} from './wire.ts';
import { DEMO_WORLD, type SandboxRecord, type World } from './world.ts';

export interface SandboxOptions extends Partial<WireStyle> {
  readonly world?: World;
  /** Which end of a list the newest stands at; default `newest-first`. */
  readonly order?: 'newest-first' | 'oldest-first';
  /** DELETE answers with the task, or with 204 and nothing. */
  readonly deleteAnswer?: 'task' | 'empty';
  /** 0 to 1: the share of tasks that fail; default 0. */
  readonly failRate?: number;
  /** A running task cannot be cancelled: 409. */
  readonly refuseCancelRunning?: boolean;
  /** A new batch is missing from the lists for so many seconds of the sandbox's clock. */
  readonly listLag?: number;
  /** The only key that is taken; default: any but an empty one. null: none is asked for. */
  readonly token?: string | null | undefined;
}

export interface Handled {
  readonly response: ApiResponse;
  /** The record is another one now. */
  readonly hasChanged: boolean;
}

const API = '/v3/applicationInstance';

/** `now` is unix seconds of the sandbox's clock. Changes `record` in place where the request asks for it. */
export function handle(
  request: ApiRequest,
  record: SandboxRecord,
  now: number,
  options: SandboxOptions = {},
): Handled {
  const answer = route(request, record, now, options);
  const headers = { 'content-type': 'application/json', 'x-sandbox-time': String(now), ...answer.headers };
  const body = answer.body === undefined ? '' : toText(answer.body);
  return {
    response: {
      status: answer.status,
      headers: body === '' ? { 'x-sandbox-time': String(now) } : headers,
      body,
    },
    hasChanged: answer.hasChanged ?? false,
  };
}

function route(request: ApiRequest, record: SandboxRecord, now: number, options: SandboxOptions): Answer {
  const key = Object.entries(request.headers).find(([name]) => name.toLowerCase() === 'private-token')?.[1];
  const { token } = options;
  if (token !== null && (key === undefined || key === '' || (token !== undefined && key !== token))) {
    return refuse(401, 'the key is missing or wrong');
  }
  const view: View = {
    world: options.world ?? DEMO_WORLD,
    record,
    now,
    rules: { seed: record.seed, failRate: options.failRate ?? 0 },
    style: {
      shape: options.shape ?? 'array',
      notYet: options.notYet ?? 'zero',
      extraFields: options.extraFields ?? false,
    },
  };
  const [path = ''] = request.path.split('?');
  if (path === API) return only(request, 'GET', () => listInstances(request, view));
  if (path === '/v3/fleet') return only(request, 'GET', () => listFleets(request, view));
  if (path === `${API}/task/template`) {
    return only(request, 'GET', () => ok(view.world.templates.map((one) => templateOnWire(one, view.style))));
  }
  if (path === `${API}/task`) {
    if (request.method === 'POST') return post(request, view);
    return only(request, 'GET', () => ok(listTasks(view, options)));
  }
  if (path === `${API}/taskBatch`) {
    const batches = () => visible(view, options).slice(-LIST_LIMIT);
    return only(request, 'GET', () => ok(ordered(batches(), options).map((one) => batchOnWire(one, view))));
  }
  const batch = new RegExp(`^${API}/taskBatch/([^/]+)$`).exec(path)?.[1];
  if (batch !== undefined) return only(request, 'GET', () => oneBatch(batch, view));
  const task = new RegExp(`^${API}/task/([^/]+)$`).exec(path)?.[1];
  if (task !== undefined) return oneTask(request, task, view, options);
  return refuse(404, 'there is nothing here');
}

function post(request: ApiRequest, view: View): Answer {
  let body: unknown;
  try {
    body = JSON.parse(request.body ?? '');
  } catch {
    return refuse(400, 'the body is not JSON');
  }
  const errors = checkBody(body, view.world);
  if (errors.length > 0) return refuse(422, 'the body is invalid', errors);
  const batch = createBatch(view.record, view.world, body as CreateBody, view.now);
  return { ...one(batchOnWire(batch, view), view), hasChanged: true };
}

function oneBatch(id: string, view: View): Answer {
  const batch = view.record.batches.find((candidate) => candidate.id === id);
  return batch === undefined ? refuse(404, `unknown batch ${id}`) : one(batchOnWire(batch, view), view);
}

function oneTask(request: ApiRequest, id: string, view: View, options: SandboxOptions): Answer {
  const task = Object.hasOwn(view.record.tasks, id) ? view.record.tasks[id] : undefined;
  if (task === undefined) return refuse(404, `unknown task ${id}`);
  const { resultCode } = taskMoment(task, view);
  const answer = () => one(taskOnWire(task, view), view);
  if (request.method === 'GET') return answer();
  if (request.method === 'PUT') {
    if (resultCode >= 125) return refuse(409, 'a finished task cannot be paused or resumed');
    toggle(task, view.now);
    return { ...answer(), hasChanged: true };
  }
  if (request.method !== 'DELETE') return refuse(405, `${request.method} is not allowed here`);
  if (resultCode >= 125 || (resultCode === 1 && options.refuseCancelRunning === true)) {
    return refuse(409, 'the task cannot be cancelled');
  }
  task.cancelledAt = view.now;
  return { ...(options.deleteAnswer === 'empty' ? { status: 204 } : answer()), hasChanged: true };
}

function listTasks(view: View, options: SandboxOptions): object[] {
  const ids = visible(view, options).flatMap((batch) => batch.taskIds);
  return ordered(ids.slice(-LIST_LIMIT), options).map((id) => taskOnWire(view.record.tasks[id]!, view));
}

function visible(view: View, options: SandboxOptions) {
  const { listLag } = options;
  if (listLag === undefined) return view.record.batches;
  return view.record.batches.filter((batch) => batch.createdAt + listLag <= view.now);
}

function ordered<T>(items: readonly T[], options: SandboxOptions): T[] {
  return options.order === 'oldest-first' ? [...items] : [...items].reverse();
}

function only(request: ApiRequest, method: string, answer: () => Answer): Answer {
  return request.method === method ? answer() : refuse(405, `${request.method} is not allowed here`);
}

function one(object: object, view: View): Answer {
  return ok(view.style.shape === 'array' ? [object] : object);
}
