/** No call that can be avoided, and the requests in flight stay as many as may be to the end. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ApiRequest } from '../../src/api/port.ts';
import { cancelBatches } from '../../src/apply/cancel.ts';
import type { ApplyContext } from '../../src/apply/context.ts';
import { walk } from '../../src/apply/walk.ts';
import { is } from '../support/answers.ts';
import { batch, desired, Scene, STAGING, START, US } from '../support/scene.ts';

const it = suite('calls');

const KINDS = ['batchList', 'taskList', 'batch', 'task', 'create', 'toggle', 'cancel'] as const;

/** By endpoint, those that were made at all. */
function counts(requests: readonly ApiRequest[]): Record<string, number> {
  const all = KINDS.map((kind) => [kind, requests.filter(is[kind]).length] as const);
  return Object.fromEntries(all.filter(([, count]) => count > 0));
}

const day = (n: number) => START + n * 86_400;
const FILE = desired([1, 2, 3, 4].map((n) => batch(`day-${n}`, { fleet: STAGING, executeAt: day(n) })));

async function made(): Promise<Scene> {
  const scene = new Scene();
  await scene.apply(FILE);
  scene.now += 600;
  scene.requests.length = 0;
  return scene;
}

it('cancel, replace and destroy: the lists, what writes, and one read of each batch that confirms it', async () => {
  const LISTS = { batchList: 1, taskList: 1 };
  const cancelled = await made();
  await cancelled.apply(desired([batch('day-1', { fleet: STAGING, executeAt: day(1) })]));
  assert.equal(counts(cancelled.requests), { ...LISTS, batch: 3, cancel: 18 });
  const replaced = await made();
  const later = [1, 2, 3, 4].map((n) => batch(`day-${n}`, { fleet: STAGING, executeAt: day(n) + 7200 }));
  await replaced.apply(desired(later));
  assert.equal(counts(replaced.requests), { ...LISTS, batchList: 2, batch: 4, create: 4, cancel: 24 });
  const destroyed = await made();
  await destroyed.apply(FILE, { mode: 'destroy' });
  assert.equal(counts(destroyed.requests), { ...LISTS, batch: 4, cancel: 24 });
  assert.equal(destroyed.live(), []);
});

it('a batch that is partly over: only what the plan did not see is read, right before its cancel', async () => {
  const scene = await made();
  const id = scene.state!.entries['day-1']!.batchIds[0]!;
  const tasks = Object.values(scene.record.tasks).filter(({ batchId }) => batchId === id);
  tasks[0]!.cancelledAt = scene.now;
  const ctx = await scene.context(FILE);
  const batches = ctx.observation.batches.map((one) => ({ ...one, tasks: [] }));
  const blind: ApplyContext = { ...ctx, observation: { ...ctx.observation, batches } };
  scene.requests.length = 0;
  const result = await cancelBatches(blind, { batchIds: [id], boundAt: START, onProgress: () => {} });
  assert.is(result.outcome, 'done');
  const { task = 0, ...others } = counts(scene.requests);
  assert.equal(others, { batch: 1, cancel: 5 });
  assert.ok(task >= 1 && task <= 6, String(task));
  const [first] = scene.requests.filter(is.cancel);
  assert.not(first?.path.endsWith(`/${tasks[0]!.id}`));
});

/** `batches` of `each` tasks, at an API that answers one request after the other; how many were open at each answer. */
async function cancelling(batches: number, each: number, parallelism: number) {
  const queue: (() => void)[] = [];
  const waiting: (() => void)[] = [];
  let inFlight = 0;
  const levels: number[] = [];
  const task = (id: string) => ({ id, phase: 'cancelled' });
  const call = async (id: string) => {
    if (inFlight >= parallelism) await new Promise<void>((resolve) => waiting.push(resolve));
    inFlight += 1;
    await new Promise<void>((resolve) => queue.push(resolve));
    inFlight -= 1;
    waiting.shift()?.();
    return task(id);
  };
  const ids = Array.from({ length: batches }, (_, i) => String(i));
  const seen = ids.map((id) => ({
    ...{ id, createdAt: 0, executeAt: 9e9, finishedAt: null, numTasks: each, templateName: null, tasks: [] },
    ...{ numTasksOk: 0, numTasksFailed: 0, numTasksCancelled: 0 },
    taskIds: Array.from({ length: each }, (_, i) => `${id}-${i}`),
  }));
  const over = async (id: string) => {
    await call(id);
    return { ...seen[Number(id)], numTasksCancelled: each };
  };
  const ctx = {
    api: { parallelism, cancelTask: call, getBatch: over },
    observation: { at: 1000, clockAhead: 0, batches: seen, ghosts: [] },
    journal: {},
    now: () => 1000,
    machineNow: () => 1000,
    settle: 60,
    stop: new AbortController().signal,
  } as unknown as ApplyContext;
  const all = walk(ctx, ids, (own, id) =>
    cancelBatches(own, { batchIds: [id], boundAt: 0, onProgress: () => {} }),
  );
  let isOver = false;
  void all.then(() => {
    isOver = true;
  });
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    if (isOver) break;
    levels.push(queue.length);
    queue.shift()?.();
  }
  return { levels, results: await all };
}

it('the parallelism is full until the last calls, however the tasks are spread over the batches', async () => {
  for (const [batches, each] of [
    [1, 500],
    [50, 10],
    [500, 1],
  ] as const) {
    for (const parallelism of [1, 10, 50]) {
      const name = `${batches} × ${each} at ${parallelism}`;
      const { levels, results } = await cancelling(batches, each, parallelism);
      assert.ok(
        results.every(({ outcome }) => outcome === 'done'),
        name,
      );
      assert.is(levels.filter((level) => level > 0).length, 500 + batches, name);
      assert.ok(
        levels.slice(0, 500 - parallelism).every((level) => level === parallelism),
        `${name}: ${levels.join(' ')}`,
      );
    }
  }
});

it('a replace waits for the cancels of what it replaces, and each create for nothing else', async () => {
  const scene = await made();
  const later = [1, 2, 3, 4].map((n) => batch(`day-${n}`, { fleet: US, executeAt: day(n) }));
  await scene.apply(desired(later));
  const writes = scene.requests.filter(({ method }) => method !== 'GET').map(({ method }) => method);
  assert.equal(writes, [...Array(24).fill('DELETE'), ...Array(4).fill('POST')]);
});

it.run();
