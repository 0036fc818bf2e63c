/** `done` only when every task is known to be over, or the batch certainly to be gone. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ApiRequest, ApiResponse } from '../../src/api/port.ts';
import { cancelBatches } from '../../src/apply/cancel.ts';
import { type ApplyContext, INTERRUPTED, NotSent, type StepResult } from '../../src/apply/context.ts';
import type { ObservedBatch, Task } from '../../src/model/observed.ts';
import type { Stamp } from '../../src/model/state.ts';
import { editRows, hides, is, refused, unfilled } from '../support/answers.ts';
import type { Fault } from '../support/sandbox/faults.ts';
import { batch, desired, foreignBatch, Scene, STAGING, START, US } from '../support/scene.ts';

const it = suite('cancel');

const FILE = desired([batch('a', { fleet: STAGING }), batch('other', { fleet: US })]);

async function made(): Promise<Scene> {
  const scene = new Scene();
  await scene.apply(FILE);
  scene.now += 600;
  scene.requests.length = 0;
  return scene;
}

const idOf = (scene: Scene) => scene.state!.entries.a!.batchIds[0]!;
const tasksOf = (scene: Scene) => {
  const id = idOf(scene);
  return Object.values(scene.record.tasks).filter((task) => task.batchId === id);
};
const deletes = (scene: Scene) => scene.requests.filter(is.cancel).length;
const isOver = (scene: Scene) => tasksOf(scene).every(({ cancelledAt }) => cancelledAt !== null);

async function cancel(
  scene: Scene,
  fields: Partial<ApplyContext> = {},
  boundAt: number | null = START,
  look: (ctx: ApplyContext) => ApplyContext = (ctx) => ctx,
): Promise<{ result: StepResult; progress: string[] }> {
  const ctx = look(await scene.context(FILE, fields));
  const progress: string[] = [];
  const onProgress = (done: number, total: number) => progress.push(`${done}/${total}`);
  const result = await cancelBatches(ctx, { batchIds: [idOf(scene)], boundAt, onProgress });
  return { result, progress };
}

/** The plan looked so long ago that each batch is read before its cancels. */
const longAgo = (ctx: ApplyContext): ApplyContext => ({
  ...ctx,
  observation: { ...ctx.observation, at: ctx.observation.at - 61 },
});
const cancelAfterRead = (scene: Scene, fields: Partial<ApplyContext> = {}) =>
  cancel(scene, fields, START, longAgo);

function messageOf(result: StepResult): string {
  return result.outcome === 'failed' ? `${result.error.code}: ${result.error.message}` : result.outcome;
}

it('one DELETE for each task, and the counters have the last word', async () => {
  const scene = await made();
  const { result, progress } = await cancel(scene);
  assert.is(result.outcome, 'done');
  assert.ok(isOver(scene));
  assert.is(deletes(scene), 6);
  assert.is(scene.requests.filter(is.task).length, 0);
  assert.equal([progress[0], progress.at(-1)], ['0/6', '6/6']);
  scene.requests.length = 0;
  assert.is((await cancel(scene)).result.outcome, 'done');
  assert.is(deletes(scene), 0, 'nothing is left to cancel');
});

it('a batch that the plan saw whole a moment ago is not read before, and once after', async () => {
  const scene = await made();
  const ctx = await scene.context(FILE);
  scene.requests.length = 0;
  const input = { batchIds: [idOf(scene)], boundAt: START, onProgress: () => {} };
  assert.is((await cancelBatches(ctx, input)).outcome, 'done');
  assert.ok(isOver(scene));
  assert.equal([deletes(scene), scene.requests.length], [6, 7]);
  assert.ok(is.batch(scene.requests.at(-1)!));
});

it('it is read before where the look is old, a part, or none, and always after', async () => {
  const bare = (request: ApiRequest, response: ApiResponse) =>
    is.cancel(request) ? { status: 204, headers: {}, body: '' } : response;
  const observed = (change: (one: ObservedBatch) => ObservedBatch[]) => (ctx: ApplyContext) => ({
    ...ctx,
    observation: { ...ctx.observation, batches: ctx.observation.batches.flatMap(change) },
  });
  const cases: [string, (ctx: ApplyContext) => ApplyContext, number, Scene['answerFor']?, number?][] = [
    ['old', longAgo, 2],
    ['in time', (ctx) => ({ ...ctx, observation: { ...ctx.observation, at: ctx.observation.at - 60 } }), 1],
    ['by a clock that went back', (ctx) => ({ ...ctx, machineNow: () => ctx.observation.at - 1 }), 2],
    ['a part', observed((one) => [{ ...one, taskIds: one.taskIds.slice(1) }]), 2],
    ['none', observed(() => []), 2],
    ['204', (ctx) => ctx, 1, bare],
    ['young', (ctx) => ctx, 1, (_, response) => response, 299],
  ];
  for (const [name, look, reads, answerFor, age = 600] of cases) {
    const scene = new Scene();
    await scene.apply(FILE);
    scene.now += age;
    if (answerFor !== undefined) scene.answerFor = answerFor;
    const ctx = look(await scene.context(FILE));
    scene.requests.length = 0;
    const input = { batchIds: [idOf(scene)], boundAt: START, onProgress: () => {} };
    assert.is((await cancelBatches(ctx, input)).outcome, 'done', name);
    assert.ok(isOver(scene), name);
    assert.equal([deletes(scene), scene.requests.filter(is.batch).length], [6, reads], name);
    assert.is(scene.requests.filter(is.task).length, 0, name);
  }
});

it('tasks that are over already are read, and not cancelled again', async () => {
  const scene = await made();
  const [first] = tasksOf(scene);
  first!.cancelledAt = scene.now;
  assert.is((await cancel(scene)).result.outcome, 'done');
  assert.is(deletes(scene), 5);
  assert.not(scene.requests.some((one) => is.cancel(one) && one.path.endsWith(`/${first!.id}`)));
});

it('503, and then it works', async () => {
  const scene = await made();
  let calls = 0;
  scene.faultFor = (request) =>
    is.cancel(request) && ++calls <= 2 ? { when: 'before', kind: '503-empty' } : undefined;
  assert.is((await cancel(scene)).result.outcome, 'done');
  assert.ok(isOver(scene));
  assert.is(deletes(scene), 8);
  assert.ok(scene.now - START - 600 < 5);
});

it('504, and carried out 2 or 40 s later, while nothing else works: done then', async () => {
  for (const late of [2, 40]) {
    const scene = await made();
    scene.faultFor = (request) => {
      if (!is.cancel(request)) return undefined;
      scene.in(late, () => scene.carryOut(request));
      return { when: 'before', kind: '504-error' };
    };
    const before = scene.now;
    assert.is((await cancel(scene)).result.outcome, 'done', `${late} s`);
    assert.ok(isOver(scene));
    assert.ok(scene.now - before >= late && scene.now - before <= late + 10, `${scene.now - before} s`);
  }
});

it('nothing works for as long as doubt lasts: said, with what it was told', async () => {
  const scene = await made();
  scene.faultFor = (request) => (is.cancel(request) ? { when: 'before', kind: '500' } : undefined);
  const before = scene.now;
  const { result } = await cancel(scene);
  assert.match(
    messageOf(result),
    /^apply.partial-cancel: 6 of its tasks could not be cancelled .*, …\).*500/,
  );
  const waited = scene.now - before;
  assert.ok(waited >= 60 && waited <= 70, `${waited} s`);
});

it('a 204 alone is not believed', async () => {
  const scene = await made();
  scene.answerFor = (request, response) => {
    if (!is.cancel(request)) return response;
    for (const task of tasksOf(scene)) task.cancelledAt = null;
    return { status: 204, headers: {}, body: '' };
  };
  assert.match(messageOf((await cancel(scene)).result), '6 of its tasks could not be cancelled');
});

it('409 of running tasks: said at once, and done where they prove to be over', async () => {
  const running = await made();
  running.sandbox = { ...running.sandbox, refuseCancelRunning: true };
  running.now = START + 86_400 + 13;
  const before = running.now;
  assert.match(
    messageOf((await cancel(running)).result),
    /tasks could not be cancelled and have not finished.*409/,
  );
  assert.is(running.now, before, 'looking again does not help');
  const over = await made();
  over.faultFor = (request) => {
    if (!is.cancel(request)) return undefined;
    over.carryOut(request);
    return { when: 'before', kind: 'status', status: 409 };
  };
  assert.is((await cancel(over)).result.outcome, 'done');
});

it('a refusal of the key is final; one that something on the way made up is not', async () => {
  const scene = await made();
  let fault: Fault = { when: 'before', kind: '401' };
  scene.faultFor = (request) => (is.cancel(request) ? fault : undefined);
  const before = scene.now;
  assert.match(messageOf((await cancel(scene)).result), '401');
  assert.is(scene.now, before);
  assert.is(deletes(scene), 6);
  let calls = 0;
  fault = { when: 'before', kind: 'status', status: 403, content: 'html' };
  scene.faultFor = (request) => (is.cancel(request) && ++calls <= 6 ? fault : undefined);
  assert.is((await cancel(scene)).result.outcome, 'done');
});

it('a batch whose tasks are not filled in yet: waited for', async () => {
  for (const seconds of [1, 20, 50]) {
    const scene = new Scene();
    await scene.apply(FILE);
    scene.answerFor = (request, response) =>
      scene.now < START + seconds ? unfilled(request, response, [idOf(scene)]) : response;
    assert.is((await cancel(scene)).result.outcome, 'done', `${seconds} s`);
    assert.ok(isOver(scene));
  }
  const never = new Scene();
  await never.apply(FILE);
  never.answerFor = (request, response) => unfilled(request, response, [idOf(never)]);
  const { result } = await cancel(never);
  assert.match(messageOf(result), 'does not list 1 of its unfinished tasks');
  never.now = START + 400;
  assert.is((await cancel(never)).result.outcome, 'done', 'of an empty target it never gets any');
});

it('tasks that are not named yet are waited for as well', async () => {
  const scene = await made();
  scene.answerFor = (request, response) =>
    is.batch(request) && scene.now < START + 620
      ? editRows(response, (rows) =>
          rows.map((row) => ({ ...row, taskIds: (row.taskIds as unknown[]).slice(0, 2) })),
        )
      : response;
  assert.is((await cancelAfterRead(scene)).result.outcome, 'done');
  assert.ok(isOver(scene));
  assert.is(deletes(scene), 6);
});

it('404 of the batch once: not done, and done when it is known again', async () => {
  const scene = await made();
  let calls = 0;
  scene.answerFor = (request, response) => (is.batch(request) && ++calls <= 2 ? refused(404) : response);
  assert.is((await cancelAfterRead(scene)).result.outcome, 'done');
  assert.ok(isOver(scene));
});

it('404 of the batch for ever, while its tasks are known: they are cancelled', async () => {
  const scene = await made();
  scene.answerFor = (request, response) => (is.batch(request) ? refused(404) : response);
  const { result } = await cancelAfterRead(scene);
  assert.ok(isOver(scene), messageOf(result));
});

it('404 of batch and tasks, and still listed: not gone', async () => {
  const scene = await made();
  scene.answerFor = (request, response) => (is.batch(request) || is.task(request) ? refused(404) : response);
  assert.match(messageOf((await cancelAfterRead(scene)).result), 'nothing confirms that it is gone');
});

it('404 of all that was known of it, old enough and not listed: gone', async () => {
  for (const [boundAt, expected] of [
    [START, 'done'],
    [START + 600 - 59, 'not yet'],
    [null, 'not yet'],
  ] as const) {
    const scene = await made();
    const ctx = longAgo(await scene.context(FILE, { settle: 60 }));
    scene.answerFor = (request, response) =>
      is.batch(request) || is.task(request) ? refused(404) : hides(request, response, [idOf(scene)]);
    const frozen = { ...ctx, settle: 60, now: () => START + 600, sleep: async () => {} };
    let looks = 0;
    const stop = new AbortController();
    const input = { batchIds: [idOf(scene)], boundAt, onProgress: () => {} };
    const counting = {
      ...frozen,
      stop: stop.signal,
      sleep: async () => {
        if (++looks === 5) stop.abort();
      },
    };
    const result = await cancelBatches(counting, input);
    assert.is(result.outcome === 'done' ? 'done' : 'not yet', expected, String(boundAt));
    assert.is(deletes(scene), 0);
  }
});

it('404 of all that was known of it, and out of a full list: its game servers have the last word', async () => {
  for (const [told, expected] of [
    ['its tasks', 'not gone'],
    ['others', 'done'],
    ['nothing', 'not gone'],
  ] as const) {
    const scene = await made();
    const elsewhere = Object.values(scene.record.tasks).find(({ batchId }) => batchId !== idOf(scene))!;
    for (let i = 0; i < 100; i += 1) {
      foreignBatch(scene, {
        taskTemplateId: '9',
        applicationInstanceIds: [elsewhere.entityId],
        executeAt: START + 9000 + i,
      });
    }
    const read = longAgo(await scene.context(FILE));
    const batches = read.observation.batches.map((one) => {
      const tasks = tasksOf(scene).map(({ id, entityId }) => ({ id, entityId, batchId: one.id }) as Task);
      return one.id === idOf(scene) ? { ...one, tasks } : one;
    });
    const ctx = { ...read, observation: { ...read.observation, batches } };
    scene.answerFor = (request, response) => {
      if (is.batch(request) || is.task(request)) return refused(404);
      if (is.serverTasks(request) && told === 'nothing') return refused(403);
      return told === 'its tasks' && is.serverTasks(request)
        ? response
        : hides(request, response, [idOf(scene)]);
    };
    const input = { batchIds: [idOf(scene)], boundAt: START, onProgress: () => {} };
    const message = messageOf(await cancelBatches(ctx, input));
    if (expected === 'done') assert.is(message, 'done', told);
    else assert.match(message, 'nothing confirms that it is gone', told);
    assert.is(deletes(scene), 0);
  }
});

it('another batch than the one that was bound is not touched', async () => {
  const scene = await made();
  const ctx = await scene.context(FILE);
  const stamps = (fields: Partial<Stamp>) => ({
    [idOf(scene)]: { ...scene.state!.entries.a!.stamps![idOf(scene)]!, ...fields },
  });
  const input = { batchIds: [idOf(scene)], boundAt: START, onProgress: () => {} };
  for (const other of [
    { taskId: '1' },
    { taskId: null, createdAt: START - 61 },
    { taskId: null, executeAt: 5 },
  ]) {
    const result = await cancelBatches(ctx, { ...input, stamps: stamps(other) });
    assert.match(messageOf(result), /^apply.given-away: .*that batch is left alone/, JSON.stringify(other));
  }
  assert.is(deletes(scene), 0);
  assert.is((await cancelBatches(ctx, { ...input, stamps: stamps({}) })).outcome, 'done');
});

it('404 of a batch of which nothing was ever seen proves nothing', async () => {
  const scene = await made();
  const ctx = await scene.context(FILE);
  scene.answerFor = (request, response) =>
    is.batch(request) || is.task(request) ? refused(404) : hides(request, response, [idOf(scene)]);
  const blind = { ...ctx, observation: { ...ctx.observation, batches: [] } };
  const input = { batchIds: [idOf(scene)], boundAt: START, onProgress: () => {} };
  assert.match(messageOf(await cancelBatches(blind, input)), 'does not know batch');
});

it('404 that is HTML is no answer of the API: read again', async () => {
  const scene = await made();
  let calls = 0;
  scene.faultFor = (request) =>
    is.batch(request) && ++calls <= 2
      ? { when: 'before', kind: 'status', status: 404, content: 'html' }
      : undefined;
  assert.is((await cancelAfterRead(scene)).result.outcome, 'done');
  assert.ok(isOver(scene));
});

it('a task that the API does not know is not over: it is cancelled like the others', async () => {
  const scene = await made();
  const [over, lost] = tasksOf(scene);
  over!.cancelledAt = scene.now;
  scene.answerFor = (request, response) =>
    is.task(request) && request.path.endsWith(`/${lost!.id}`) ? refused(404) : response;
  assert.is((await cancel(scene)).result.outcome, 'done');
  assert.ok(isOver(scene));
});

it('counters that fall short of the tasks that are named are not believed', async () => {
  const scene = await made();
  scene.answerFor = (request, response) =>
    is.batch(request) && !isOver(scene)
      ? editRows(response, (rows) => rows.map((row) => ({ ...row, numTasks: 3, numTasksCancelled: 3 })))
      : response;
  assert.is((await cancelAfterRead(scene)).result.outcome, 'done');
  assert.ok(isOver(scene));
});

it('404 of the batch, some of its tasks over and the others not known: not gone', async () => {
  const scene = await made();
  const [over] = tasksOf(scene);
  over!.cancelledAt = scene.now;
  scene.answerFor = (request, response) =>
    is.batch(request) || (is.task(request) && !request.path.endsWith(`/${over!.id}`))
      ? refused(404)
      : hides(request, response, [idOf(scene)]);
  const ctx = longAgo(await scene.context(FILE));
  const seen = scene.record.batches.find(({ id }) => id === idOf(scene))!;
  const observed = {
    ...{ id: seen.id, createdAt: START, executeAt: seen.executeAt, finishedAt: null, taskIds: seen.taskIds },
    ...{ numTasks: 6, numTasksOk: 0, numTasksFailed: 0, numTasksCancelled: 1, tasks: [], templateName: null },
  };
  const knowing = { ...ctx, observation: { ...ctx.observation, batches: [observed] } };
  const input = { batchIds: [seen.id], boundAt: START, onProgress: () => {} };
  assert.match(messageOf(await cancelBatches(knowing, input)), 'nothing confirms that it is gone');
});

it('a stop: nothing more is sent, and a wait ends', async () => {
  const scene = await made();
  const stop = new AbortController();
  scene.faultFor = (request) => (is.cancel(request) ? { when: 'before', kind: '500' } : undefined);
  scene.in(3, () => stop.abort());
  const before = scene.now;
  assert.is((await cancel(scene, { stop: stop.signal })).result.outcome, 'unknown');
  assert.ok(scene.now - before < 10);
  const sent = deletes(scene);
  assert.is((await cancel(scene, { stop: stop.signal })).result.outcome, 'skipped');
  assert.is(deletes(scene), sent);
});

const said = (result: StepResult) => ('error' in result ? result.error.message : result.outcome);

it('a stop tells what of it is cancelled, and that the rest is not', async () => {
  const scene = await made();
  let sent = 0;
  const beforeSend = async () => {
    if (++sent > 2) throw new NotSent(INTERRUPTED);
  };
  const { result, progress } = await cancel(scene, { beforeSend });
  assert.is(result.outcome, 'failed');
  assert.match(said(result), /^interrupted: 2 of 6 tasks of batch \d+ are cancelled, the others are not$/);
  assert.is(progress.at(-1), '2/6');
});

/** The stop comes while the last of six cancels is answered; `bare` of them are a 204, which shows no task. */
async function stoppedAtTheLast(scene: Scene, bare: number) {
  const stop = new AbortController();
  let answered = 0;
  scene.answerFor = (request, response) => {
    if (!is.cancel(request)) return response;
    if (++answered === 6) stop.abort();
    return answered <= bare ? { status: 204, headers: {}, body: '' } : response;
  };
  const { api } = await scene.context(FILE);
  return cancel(scene, { stop: stop.signal, api: api.stoppedBy(stop.signal) });
}

it('a stop before the API has confirmed a cancel leaves it unknown', async () => {
  for (const bare of [1, 6]) {
    const { result } = await stoppedAtTheLast(await made(), bare);
    assert.is(result.outcome, 'unknown');
    assert.match(
      said(result),
      /^interrupted before the API confirmed that batch \d+ is cancelled \(6 of 6 tasks\)$/,
    );
  }
});

it('nor do the answers to the cancels confirm it, whatever they show', async () => {
  const { result } = await stoppedAtTheLast(await made(), 0);
  assert.match(said(result), /^interrupted before the API confirmed/);
  assert.is(result.outcome, 'unknown');
});

it('nor where the batch has more tasks than it names', async () => {
  const scene = await made();
  const stop = new AbortController();
  let answered = 0;
  scene.answerFor = (request, response) => {
    if (is.cancel(request) && ++answered === 6) stop.abort();
    if (!is.batch(request)) return response;
    return editRows(response, (rows) => rows.map((row) => ({ ...row, numTasks: 7 })));
  };
  const { api } = await scene.context(FILE);
  const { result } = await cancelAfterRead(scene, { stop: stop.signal, api: api.stoppedBy(stop.signal) });
  assert.is(result.outcome, 'unknown');
});

it('a replace that stops after that read says that the old one is cancelled, and has no successor', async () => {
  const scene = await made();
  const stop = new AbortController();
  scene.answerFor = (request, response) => {
    if (is.batchList(request) && isOver(scene)) stop.abort();
    return response;
  };
  const later = desired([
    batch('a', { fleet: STAGING, executeAt: START + 90_000 }),
    batch('other', { fleet: US }),
  ]);
  const result = await scene.apply(later, { stop: stop.signal });
  const told = scene.events.find(({ type }) => type === 'skipped');
  assert.match(
    JSON.stringify(told),
    /interrupted; batch \d+ was cancelled, and nothing was created in its place/,
  );
  const { cancelled, skipped, interrupted } = result!.outcome!;
  assert.equal({ cancelled, skipped, interrupted }, { cancelled: 1, skipped: 1, interrupted: true });
});

it('a read that fails for good is that error, and no stop', async () => {
  const scene = await made();
  let reads = 0;
  scene.answerFor = (request, response) => {
    if (is.cancel(request)) return { status: 204, headers: {}, body: '' };
    if (!is.batch(request) || ++reads === 1) return response;
    const headers = { 'content-type': 'application/json' };
    return { status: 401, headers, body: '{"errorCode":401,"errorMessage":"no such key","errors":[]}' };
  };
  const error = await cancelAfterRead(scene).catch((thrown) => thrown);
  assert.is(error.code, 'api.unauthorized');
});

it('a stop tells which cancels are in doubt', async () => {
  const scene = await made();
  const stop = new AbortController();
  scene.faultFor = (request) => {
    if (!is.cancel(request)) return undefined;
    stop.abort();
    return { when: 'after', kind: '504-error' };
  };
  const { api } = await scene.context(FILE);
  const { result } = await cancel(scene, { stop: stop.signal, api: api.stoppedBy(stop.signal) });
  assert.match(
    said(result),
    /^interrupted: 0 of 6 tasks of batch \d+ are cancelled, \d may be \(not confirmed\)/,
  );
});

it('a cancel in doubt that goes through the second time is in doubt no longer', async () => {
  const scene = await made();
  const stop = new AbortController();
  let deleted = 0;
  scene.faultFor = (request) =>
    is.cancel(request) && ++deleted === 1 ? { when: 'before', kind: '500' } : undefined;
  scene.answerFor = (request, response) => {
    if (is.cancel(request) && deleted === 7) stop.abort();
    return is.cancel(request) ? { status: 204, headers: {}, body: '' } : response;
  };
  const { api } = await scene.context(FILE);
  const { result } = await cancel(scene, { stop: stop.signal, api: api.stoppedBy(stop.signal) });
  assert.match(said(result), /^interrupted before the API confirmed .*\(6 of 6 tasks\)$/);
  assert.is(result.outcome, 'unknown');
});

it('in a replace, a 404 on the old batch, once, always, or on its tasks as well: never two live', async () => {
  const always = Number.POSITIVE_INFINITY;
  for (const times of [1, 2, 3, always]) {
    for (const hasTasks of [true, false]) {
      for (const isHtml of [true, false]) {
        const scene = await made();
        const old = idOf(scene);
        const moved = desired([
          batch('a', { fleet: STAGING, executeAt: START + 90_000 }),
          batch('other', { fleet: US }),
        ]);
        const mine = new Set(tasksOf(scene).map(({ id }) => id));
        let calls = 0;
        scene.faultFor = (request) => {
          const isOld =
            (is.batch(request) && request.path.endsWith(`/${old}`)) ||
            (!hasTasks && is.task(request) && mine.has(request.path.split('/').at(-1)!));
          if (!isOld || ++calls > times) return undefined;
          return { when: 'before', kind: 'status', status: 404, ...(isHtml ? { content: 'html' } : {}) };
        };
        const name = `${times} times, ${hasTasks ? 'batch only' : 'tasks, too'}, ${isHtml ? 'HTML' : 'JSON'}`;
        const watch = () => {
          const live = scene.live().filter((text) => text.includes(STAGING));
          assert.ok(live.length <= 1, `${name}: ${live.join('; ')}`);
        };
        for (let i = 0; i < 2; i += 1) {
          await scene.apply(moved).catch((error) => assert.match(error.code ?? String(error), /^api\./));
          watch();
        }
        scene.faultFor = () => undefined;
        await scene.converge(moved);
        watch();
        assert.is(scene.live().length, 2, name);
      }
    }
  }
});

it("a stranger's batch is never touched", async () => {
  const scene = await made();
  const theirs = foreignBatch(scene, { taskTemplateId: '9', fleetId: STAGING, executeAt: START + 9999 });
  await cancel(scene);
  assert.not(Object.values(scene.record.tasks).some((t) => t.batchId === theirs && t.cancelledAt !== null));
});

it('a DELETE that answers with the end of a task and has no effect is contradicted by the batch', async () => {
  for (const phase of ['cancelled', 'done'] as const) {
    const scene = await made();
    const { result } = await cancel(scene, { settle: 3 }, START, (ctx) => ({
      ...ctx,
      api: {
        ...ctx.api,
        async cancelTask(id, beforeSend) {
          await beforeSend?.();
          const task = await ctx.api.getTask(id);
          return { ...task, phase };
        },
      },
    }));
    assert.match(messageOf(result), /^apply\.partial-cancel: /, phase);
    assert.not(isOver(scene));
  }
});

it('a task that the plan saw is cancelled, though the batch itself does not name it', async () => {
  const scene = await made();
  const id = idOf(scene);
  const all = tasksOf(scene).map((task) => task.id);
  const lacking = <T extends { id: string; numTasks: number; taskIds: readonly string[] }>(one: T): T =>
    one.id === id && one.taskIds.length === all.length
      ? { ...one, numTasks: one.numTasks - 1, taskIds: one.taskIds.slice(1) }
      : one;
  const { result } = await cancel(scene, { settle: 3 }, START, (ctx) => ({
    ...ctx,
    observation: { ...ctx.observation, batches: ctx.observation.batches.map(lacking) },
    api: { ...ctx.api, getBatch: async (of) => lacking(await ctx.api.getBatch(of)) },
  }));
  assert.ok(isOver(scene), messageOf(result));
});

it.run();
