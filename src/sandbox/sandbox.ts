/**
 * The API of fleetform's provider in small: a request and a record in, an answer out, and perhaps a changed record.
 * No network, no file, no clock of its own. The embedded sandbox, the server and the tests all run this.
 */
import type { ApiRequest, ApiResponse } from '../api/port.ts';
import { type Answer, ok, refuse } from './answer.ts';
import { type CreateBody, checkBody, createBatch, targetedServers } from './create.ts';
import { listFleets, listInstances } from './inventory.ts';
import { type ListStyle, listedBatches, listedServerTasks, listedTasks } from './lists.ts';
import { DEMO_PACE, type Pace, toggle } from './simulate.ts';
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

export interface SandboxOptions extends Partial<WireStyle>, ListStyle {
  readonly world?: World;
  /** Of a record that is new: what is drawn (durations, failures, gaps between ids) follows from it; default 1. */
  readonly seed?: number;
  readonly pace?: Pace;
  /** DELETE answers with the task, or with 204 and nothing. */
  readonly deleteAnswer?: 'task' | 'empty';
  /** 0 to 1: the share of tasks that fail; default 0. */
  readonly failRate?: number;
  /** A running task cannot be cancelled: 409. */
  readonly refuseCancelRunning?: boolean;
  /** A target that holds no game server makes a batch without tasks, or is a 422; default `batch`. */
  readonly emptyTarget?: 'batch' | 'refuse';
  /** The only key that is taken; default: any but an empty one. null: none is asked for. */
  readonly token?: string | null | undefined;
}

export interface Handled {
  readonly response: ApiResponse;
  /** The record is another one now. */
  readonly hasChanged: boolean;
}

const API = '/v3/applicationInstance';
const ONE_BATCH = /^\/v3\/applicationInstance\/taskBatch\/([^/]+)$/;
const SERVER_TASKS = /^\/v3\/applicationInstance\/(\d+)\/task$/;
const ONE_TASK = /^\/v3\/applicationInstance\/task\/([^/]+)$/;

/** `now` is unix seconds of the sandbox's clock. Changes `record` in place where the request asks for it. */
export function handle(
  request: ApiRequest,
  record: SandboxRecord,
  now: number,
  options: SandboxOptions = {},
): Handled {
  const answer = isAllowedIn(request, options)
    ? route(request, viewOf(record, now, options), options)
    : refuse(401, 'the key is missing or wrong');
  const body = answer.body === undefined ? '' : toText(answer.body);
  return {
    response: {
      status: answer.status,
      headers: {
        ...(body === '' ? {} : { 'content-type': 'application/json' }),
        'x-sandbox-time': String(now),
        date: new Date(now * 1000).toUTCString(),
        ...answer.headers,
      },
      body,
    },
    hasChanged: answer.hasChanged ?? false,
  };
}

export function viewOf(record: SandboxRecord, now: number, options: SandboxOptions): View {
  return {
    world: options.world ?? DEMO_WORLD,
    record,
    now,
    rules: { seed: record.seed, failRate: options.failRate ?? 0, pace: options.pace ?? DEMO_PACE },
    style: {
      shape: options.shape ?? 'array',
      notYet: options.notYet ?? 'zero',
      requiredParams: options.requiredParams ?? 'names',
      extraFields: options.extraFields ?? false,
    },
  };
}

function isAllowedIn(request: ApiRequest, { token }: SandboxOptions): boolean {
  if (token === null) return true;
  const key = Object.entries(request.headers).find(([name]) => name.toLowerCase() === 'private-token')?.[1];
  return key !== undefined && key !== '' && (token === undefined || key === token);
}

function route(request: ApiRequest, view: View, options: SandboxOptions): Answer {
  const { record, now } = view;
  const [path = ''] = request.path.split('?');
  if (path === API) return only(request, 'GET', () => listInstances(request, view));
  if (path === '/v3/fleet') return only(request, 'GET', () => listFleets(request, view));
  if (path === `${API}/task/template`) {
    return only(request, 'GET', () => ok(view.world.templates.map((one) => templateOnWire(one, view.style))));
  }
  if (path === `${API}/task`) {
    if (request.method === 'POST') return post(request, view, options);
    return only(request, 'GET', () =>
      ok(listedTasks(record, now, options).map((id) => taskOnWire(record.tasks[id]!, view))),
    );
  }
  if (path === `${API}/taskBatch`) {
    return only(request, 'GET', () =>
      ok(listedBatches(record, now, options).map((one) => batchOnWire(one, view))),
    );
  }
  const batch = ONE_BATCH.exec(path)?.[1];
  if (batch !== undefined) return only(request, 'GET', () => oneBatch(batch, view));
  const task = ONE_TASK.exec(path)?.[1];
  if (task !== undefined) return oneTask(request, task, view, options);
  const server = SERVER_TASKS.exec(path)?.[1];
  if (server !== undefined) return only(request, 'GET', () => serverTasks(server, view, options));
  return refuse(404, 'there is nothing here');
}

function post(request: ApiRequest, view: View, { emptyTarget }: SandboxOptions): Answer {
  let body: unknown;
  try {
    body = JSON.parse(request.body ?? '');
  } catch {
    return refuse(400, 'the body is not JSON');
  }
  const errors = checkBody(body, view.world);
  if (errors.length > 0) return refuse(422, 'the body is invalid', errors);
  if (emptyTarget === 'refuse' && targetedServers(view.world, body as CreateBody).length === 0) {
    return refuse(422, 'the body is invalid', [
      { property: '', message: 'no application instance is targeted' },
    ]);
  }
  const { world, now, rules } = view;
  const batch = createBatch(view.record, body as CreateBody, { world, now, pace: rules.pace });
  return { ...one(batchOnWire(batch, view), view), hasChanged: true };
}

function oneBatch(id: string, view: View): Answer {
  const batch = view.record.batches.findLast((candidate) => candidate.id === id);
  return batch === undefined ? refuse(404, `unknown batch ${id}`) : one(batchOnWire(batch, view), view);
}

function serverTasks(id: string, view: View, options: SandboxOptions): Answer {
  const { world, record, now } = view;
  if (!world.servers.some((server) => server.id === id)) {
    return refuse(404, `unknown application instance ${id}`);
  }
  return ok(listedServerTasks(record, id, now, options).map((task) => taskOnWire(record.tasks[task]!, view)));
}

function oneTask(request: ApiRequest, id: string, view: View, options: SandboxOptions): Answer {
  if (!['GET', 'PUT', 'DELETE'].includes(request.method)) return notAllowed(request);
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
  if (resultCode >= 125 || (resultCode === 1 && options.refuseCancelRunning === true)) {
    return refuse(409, 'the task cannot be cancelled');
  }
  task.cancelledAt = view.now;
  return { ...(options.deleteAnswer === 'empty' ? { status: 204 } : answer()), hasChanged: true };
}

function only(request: ApiRequest, method: string, answer: () => Answer): Answer {
  return request.method === method ? answer() : notAllowed(request);
}

function notAllowed(request: ApiRequest): Answer {
  return refuse(405, `${request.method} is not allowed here`);
}

function one(object: object, view: View): Answer {
  return ok(view.style.shape === 'array' ? [object] : object);
}
