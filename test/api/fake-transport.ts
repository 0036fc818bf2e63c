/** A transport that answers from a script, and time that passes only when told to. */

import { type ClientOptions, createClient } from '../../src/api/client.ts';
import type { ApiRequest, ApiResponse, FleetApi, Transport } from '../../src/api/port.ts';
import type { Spec } from '../../src/model/state.ts';

/** Asks one fleet for a template, once. */
export const SPEC: Spec = {
  template: { id: '3', name: 'Restart game server' },
  fleets: ['1'],
  regions: [],
  instances: [],
  labels: [],
  executeAt: null,
  params: [],
  revision: null,
};

export type Step =
  | Partial<ApiResponse>
  | Error
  | ((request: ApiRequest, signal: AbortSignal) => Partial<ApiResponse> | Promise<Partial<ApiResponse>>);

export interface FakeTransport extends Transport {
  readonly requests: ApiRequest[];
}

/** One step for each request; the last one answers all that come after it. */
export function scripted(...steps: Step[]): FakeTransport {
  const requests: ApiRequest[] = [];
  const transport: Transport = async (request, signal) => {
    const step = steps[Math.min(requests.length, steps.length - 1)]!;
    requests.push(request);
    if (step instanceof Error) throw step;
    const answer = typeof step === 'function' ? await step(request, signal) : step;
    return { status: 200, headers: { 'content-type': 'application/json' }, body: '', ...answer };
  };
  return Object.assign(transport, { requests });
}

/** Unix milliseconds at which the fake time begins: 2026-12-01T03:00:00Z. */
export const START = 1_796_094_000_000;

export interface FakeTime {
  now: number;
  readonly sleeps: number[];
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

export function fakeTime(): FakeTime {
  const time: FakeTime = {
    now: START,
    sleeps: [],
    clock: () => time.now,
    sleep: async (ms) => {
      time.sleeps.push(ms);
      time.now += ms;
    },
  };
  return time;
}

export const KEY = 'k3y-0f-a-fl33t-th4t-n0body-sees';

/** A client with fake time; `random` is 1, so that a backoff is its whole ceiling. */
export function clientOn(transport: Transport, options: Partial<ClientOptions> = {}): FleetApi {
  const { clock, sleep } = fakeTime();
  return createClient({
    transport,
    origin: 'https://api.example',
    token: KEY,
    sleep,
    random: () => 1,
    clock,
    ...options,
  });
}

export function json(value: unknown): { readonly body: string } {
  return { body: typeof value === 'string' ? value : JSON.stringify(value) };
}

export const BATCH = {
  id: 7,
  createdAt: 1796090000,
  executeAt: 1796094000,
  finishedAt: 0,
  numTasks: 2,
  numTasksOk: 0,
  numTasksFailed: 0,
  numTasksCancelled: 0,
  taskIds: [71, 72],
};

/** As text: JSON.stringify would round the game server's id. */
export const TASK_TEXT =
  '{"id":71,"name":"Restart game server","batchId":7,"categoryId":1,"entityId":6268349608002583795,' +
  '"currentActionIdx":0,"executeAt":1796094000,"lastActivityAt":0,"finishedAt":0,"resultCode":0,"resultText":""}';

export async function failure<T>(promise: Promise<T>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it succeeded');
}

/** Lets everything run that needs no time. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 3; i += 1) await new Promise((resolve) => setImmediate(resolve));
}
