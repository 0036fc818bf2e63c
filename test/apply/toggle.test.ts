/** The API only has a toggle: a second PUT undoes the first, so it is only sent once the first is no longer in doubt. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ApiError } from '../../src/api/errors.ts';
import { type ApplyContext, INTERRUPTED, NotSent, type StepResult } from '../../src/apply/context.ts';
import { toggleBatches } from '../../src/apply/toggle.ts';
import { editRows, is, refused, unfilled } from '../support/answers.ts';
import { batch, Crash, desired, foreignBatch, Scene, STAGING, START } from '../support/scene.ts';

const it = suite('toggle');

const file = (paused?: boolean) => desired([batch('a', { fleet: STAGING, paused })]);
const FILE = file();

async function made(): Promise<Scene> {
  const scene = new Scene();
  await scene.apply(FILE);
  scene.requests.length = 0;
  return scene;
}

const pausedTasks = (scene: Scene) =>
  Object.values(scene.record.tasks).filter(({ pausedAt }) => pausedAt !== null).length;
const puts = (scene: Scene) => scene.requests.filter(is.toggle).length;

async function toggle(
  scene: Scene,
  wantPaused = true,
  fields: Partial<ApplyContext> = {},
  onProgress: (done: number, total: number) => void = () => {},
  isSeen = false,
): Promise<StepResult> {
  const seen = await scene.context(FILE, fields);
  // As after a create: the plan has seen nothing of it.
  const ctx = isSeen ? seen : { ...seen, observation: { ...seen.observation, batches: [] } };
  return toggleBatches(ctx, scene.state!.entries.a!.batchIds, wantPaused, onProgress);
}

function messageOf(result: StepResult): string {
  return result.outcome === 'failed' ? `${result.error.code}: ${result.error.message}` : result.outcome;
}

/** The first PUT meets the fault; `late`: it is carried out so many seconds later; null: never. */
function spoilFirst(scene: Scene, late: number | null, kind: '504-error' | '500' | 'reset' | 'html'): void {
  let isSpoilt = false;
  scene.faultFor = (request) => {
    if (!is.toggle(request) || isSpoilt) return undefined;
    isSpoilt = true;
    if (late !== null) scene.in(late, () => scene.carryOut(request));
    return { when: 'before', kind };
  };
}

const firstTask = (scene: Scene) => `/${Object.keys(scene.record.tasks)[0]}`;

it('reads each task, toggles what needs it, and nothing the second time', async () => {
  const scene = await made();
  assert.is((await toggle(scene)).outcome, 'done');
  assert.equal([puts(scene), pausedTasks(scene)], [6, 6]);
  assert.is((await toggle(scene)).outcome, 'done');
  assert.is(puts(scene), 6);
  assert.is((await toggle(scene, false)).outcome, 'done');
  assert.equal([puts(scene), pausedTasks(scene)], [12, 0]);
});

it('a PUT without an answer, carried out 0, 2, 20 or 45 s later: not sent again', async () => {
  for (const kind of ['504-error', '500', 'reset', 'html'] as const) {
    for (const late of [0, 2, 20, 45]) {
      const scene = await made();
      spoilFirst(scene, late, kind);
      assert.is((await toggle(scene)).outcome, 'done', `${kind}, ${late} s`);
      assert.equal([puts(scene), pausedTasks(scene)], [6, 6], `${kind}, ${late} s`);
    }
  }
});

it('never carried out: sent again when doubt is over, and not before', async () => {
  const scene = await made();
  spoilFirst(scene, null, '504-error');
  const times: number[] = [];
  scene.step = (what) => {
    if (what.startsWith('before PUT')) times.push(scene.now - START);
  };
  assert.is((await toggle(scene)).outcome, 'done');
  assert.equal([puts(scene), pausedTasks(scene)], [7, 6]);
  assert.ok(times[6]! >= 60 && times[6]! <= 70, `${times[6]} s`);
});

it('carried out twice: read, and toggled back', async () => {
  const scene = await made();
  let isSpoilt = false;
  scene.faultFor = (request) => {
    if (!is.toggle(request) || isSpoilt) return undefined;
    isSpoilt = true;
    scene.carryOut(request);
    scene.carryOut(request);
    return { when: 'before', kind: '504-error' };
  };
  assert.is((await toggle(scene)).outcome, 'done');
  assert.equal([puts(scene), pausedTasks(scene)], [7, 6]);
});

it('a refusal is looked at for some seconds, and not sent again: that might undo it', async () => {
  const scene = await made();
  scene.faultFor = (request) =>
    is.toggle(request) ? { when: 'before', kind: 'status', status: 403 } : undefined;
  assert.match(
    messageOf(await toggle(scene)),
    /^apply.partial-toggle: 6 of 6 tasks could not be paused .*403/,
  );
  assert.is(puts(scene), 6);
  assert.ok(scene.now - START < 10);
  const done = await made();
  done.faultFor = (request) =>
    is.toggle(request) ? { when: 'after', kind: 'status', status: 409 } : undefined;
  assert.is((await toggle(done)).outcome, 'done');
  assert.is(puts(done), 6);
});

it('refused and done, while reads are behind: said, and not undone', async () => {
  const scene = await made();
  scene.faultFor = (request) =>
    is.toggle(request) ? { when: 'after', kind: 'status', status: 400 } : undefined;
  scene.answerFor = (request, response) =>
    is.task(request)
      ? editRows(response, (rows) => rows.map((row) => ({ ...row, resultCode: 0, pausedAt: 0 })))
      : response;
  assert.match(messageOf(await toggle(scene)), /^apply.partial-toggle: 6 of 6/);
  assert.equal([puts(scene), pausedTasks(scene)], [6, 6]);
});

it('toggled twice: only the end of doubt tells how it is left', async () => {
  const scene = await made();
  let sends = 0;
  scene.faultFor = (request) => {
    if (!is.toggle(request) || !request.path.endsWith(firstTask(scene))) return undefined;
    sends += 1;
    if (sends > 2) return undefined;
    // The first is done, and looks undone for a minute; the second comes late, and undoes it.
    scene.in(sends === 1 ? 0 : 30, () => scene.carryOut(request));
    return { when: 'before', kind: '504-error' };
  };
  scene.answerFor = (request, response) =>
    is.task(request) && request.path.endsWith(firstTask(scene)) && sends === 1
      ? editRows(response, (rows) => rows.map((row) => ({ ...row, resultCode: 0, pausedAt: 0 })))
      : response;
  assert.is((await toggle(scene)).outcome, 'done');
  scene.pass(60);
  assert.is(pausedTasks(scene), 6);
});

it('someone else keeps changing it: given up', async () => {
  const scene = await made();
  scene.answerFor = (request, response) => {
    if (!is.toggle(request)) return response;
    for (const task of Object.values(scene.record.tasks)) task.pausedAt = null;
    return { status: 204, headers: {}, body: '' };
  };
  assert.match(messageOf(await toggle(scene)), 'someone else keeps changing it');
  assert.is(puts(scene), 18);
});

it('what is over needs no pause', async () => {
  const scene = await made();
  for (const task of Object.values(scene.record.tasks)) task.cancelledAt = START;
  assert.is((await toggle(scene)).outcome, 'done');
  assert.is(puts(scene), 0);
});

it('a batch without tasks yet: waited for', async () => {
  for (const seconds of [2, 20, 50]) {
    const scene = await made();
    const ids = scene.state!.entries.a!.batchIds;
    scene.answerFor = (request, response) =>
      scene.now < START + seconds ? unfilled(request, response, ids) : response;
    assert.is((await toggle(scene)).outcome, 'done');
    assert.is(pausedTasks(scene), 6, `${seconds} s`);
  }
});

it('tasks that are not all named yet are waited for', async () => {
  const scene = await made();
  scene.answerFor = (request, response) =>
    is.batch(request) && scene.now < START + 20
      ? editRows(response, (rows) =>
          rows.map((row) => ({ ...row, taskIds: (row.taskIds as unknown[]).slice(0, 2) })),
        )
      : response;
  assert.is((await toggle(scene)).outcome, 'done');
  assert.is(pausedTasks(scene), 6);
});

it('an empty target has none to pause', async () => {
  const scene = await made();
  const ids = scene.state!.entries.a!.batchIds;
  scene.answerFor = (request, response) => unfilled(request, response, ids);
  scene.now = START + 400;
  assert.is((await toggle(scene)).outcome, 'done');
  assert.is(scene.now, START + 400, 'it never gets any');
});

it('a batch that the plan saw whole a moment ago is not read again', async () => {
  for (const [isSeen, reads] of [
    [true, 0],
    [false, 1],
  ] as const) {
    const scene = await made();
    let calls = 0;
    scene.answerFor = (request, response) => {
      if (is.batch(request)) calls += 1;
      return response;
    };
    assert.is((await toggle(scene, true, {}, () => {}, isSeen)).outcome, 'done');
    assert.is(pausedTasks(scene), 6);
    assert.is(calls, reads);
  }
});

it('GET of the batch 404: not done; once only: done when it is known again', async () => {
  const scene = await made();
  let times = Number.POSITIVE_INFINITY;
  let calls = 0;
  scene.answerFor = (request, response) => (is.batch(request) && ++calls <= times ? refused(404) : response);
  assert.match(messageOf(await toggle(scene)), 'does not know batch');
  assert.is(puts(scene), 0);
  [times, calls] = [2, 0];
  assert.is((await toggle(scene)).outcome, 'done');
  assert.is(pausedTasks(scene), 6);
});

it('GET of a task 404: asked again, and said', async () => {
  const scene = await made();
  const [first] = Object.keys(scene.record.tasks);
  let times = 2;
  let calls = 0;
  const isFirst = (path: string) => path.endsWith(`/${first}`);
  scene.answerFor = (request, response) =>
    is.task(request) && isFirst(request.path) && ++calls <= times ? refused(404) : response;
  assert.is((await toggle(scene)).outcome, 'done');
  assert.is(pausedTasks(scene), 6);
  [times, calls] = [Number.POSITIVE_INFINITY, 0];
  assert.match(
    messageOf(await toggle(scene, false)),
    `1 of 6 tasks could not be resumed (task ${first}: the API`,
  );
  assert.ok(calls >= 3 && calls <= 6, `${calls} times`);
});

it('a stop: nothing more is sent, and a wait ends', async () => {
  const scene = await made();
  const stop = new AbortController();
  spoilFirst(scene, null, '500');
  scene.in(5, () => stop.abort());
  assert.is((await toggle(scene, true, { stop: stop.signal })).outcome, 'unknown');
  assert.ok(scene.now - START < 20);
  assert.is(puts(scene), 6);
  assert.is((await toggle(scene, true, { stop: stop.signal })).outcome, 'skipped');
  assert.is(puts(scene), 6);
});

it('adopted with `paused: true`: paused by the same apply', async () => {
  const scene = new Scene();
  const theirs = foreignBatch(scene, { taskTemplateId: '7', fleetId: STAGING, executeAt: START + 86_400 });
  const result = await scene.apply(file(true));
  assert.equal([result?.outcome?.adopted, result?.outcome?.created], [1, 0]);
  assert.equal(scene.state?.entries.a?.batchIds, [theirs]);
  assert.is(pausedTasks(scene), 6);
});

it('made by an interrupted apply with `paused: true`: paused by the next', async () => {
  const scene = new Scene();
  scene.step = (what) => {
    if (what.startsWith('after POST')) throw new Crash();
  };
  await scene.apply(file(true));
  scene.step = () => {};
  const result = await scene.apply(file(true));
  assert.is(result?.outcome?.adopted, 1);
  assert.is(scene.posts(), 1);
  assert.is(pausedTasks(scene), 6);
});

it('an adopted one whose pause fails is a failure, and the next apply finishes it', async () => {
  const scene = new Scene();
  foreignBatch(scene, { taskTemplateId: '7', fleetId: STAGING, executeAt: START + 86_400 });
  scene.faultFor = (request) =>
    is.toggle(request) ? { when: 'before', kind: 'status', status: 403 } : undefined;
  const result = await scene.apply(file(true));
  assert.equal([result?.outcome?.adopted, result?.outcome?.failed], [1, 1]);
  assert.ok(scene.state?.entries.a, 'bound all the same');
  scene.faultFor = () => undefined;
  assert.is((await scene.apply(file(true)))?.outcome?.updated, 1);
  assert.is(pausedTasks(scene), 6);
});

it('made just now, without tasks yet, `paused: true`: paused by the same apply', async () => {
  const scene = new Scene();
  scene.answerFor = (request, response) =>
    scene.now < START + 10
      ? unfilled(
          request,
          response,
          scene.record.batches.map(({ id }) => id),
        )
      : response;
  const result = await scene.apply(file(true));
  assert.is(result?.outcome?.created, 1);
  assert.is(pausedTasks(scene), 6);
});

const said = (result: StepResult) => ('error' in result ? result.error.message : result.outcome);

it('a stop tells what is paused, and that the rest is not', async () => {
  const scene = await made();
  let sent = 0;
  const beforeSend = async () => {
    if (++sent > 2) throw new NotSent(INTERRUPTED);
  };
  const progress: string[] = [];
  const result = await toggle(scene, true, { beforeSend }, (done, total) =>
    progress.push(`${done}/${total}`),
  );
  assert.match(said(result), /^interrupted: 2 of 6 tasks of batch \d+ are paused, the others are not$/);
  assert.is(progress.at(-1), '2/6');
  assert.equal([result.outcome, 'isCut' in result], ['failed', true]);
  assert.is(pausedTasks(scene), 2);
});

it('what was paused before counts, what is over does not; without a PUT there is nothing to tell', async () => {
  const scene = await made();
  const [first, second] = Object.values(scene.record.tasks);
  first!.pausedAt = START;
  second!.cancelledAt = START;
  let sent = 0;
  const beforeSend = async () => {
    if (++sent > 1) throw new NotSent(INTERRUPTED);
  };
  assert.match(said(await toggle(scene, true, { beforeSend })), /: 2 of 5 tasks of batch \d+ are paused, /);
  const none = () => Promise.reject(new NotSent(INTERRUPTED));
  assert.is(await toggle(scene, true, { beforeSend: none }), INTERRUPTED);
});

/** Every PUT is answered 204, which says nothing of the task; the stop comes with the n-th answer. */
async function stoppedAt(n: number, kind?: '504-error'): Promise<{ result: StepResult; scene: Scene }> {
  const scene = await made();
  const stop = new AbortController();
  let answered = 0;
  if (kind !== undefined)
    scene.faultFor = (request) => (is.toggle(request) ? { when: 'after', kind } : undefined);
  scene.answerFor = (request, response) => {
    if (!is.toggle(request)) return response;
    if (++answered === n) stop.abort();
    return kind === undefined ? { ...response, status: 204, body: '' } : response;
  };
  const { api } = await scene.context(FILE);
  const result = await toggle(scene, true, { stop: stop.signal, api: api.stoppedBy(stop.signal) });
  return { result, scene };
}

it('a PUT that no read confirms any more is told as that, and the whole as unknown', async () => {
  for (const kind of [undefined, '504-error'] as const) {
    const { result } = await stoppedAt(6, kind);
    assert.match(
      said(result),
      /^interrupted: \d of 6 tasks of batch \d+ (is|are) paused, \d may be \(not confirmed\)$/,
      String(kind),
    );
    assert.equal([result.outcome, 'isCut' in result], ['unknown', true], String(kind));
  }
});

it('a refused connection has toggled nothing: a stop then leaves nothing to tell', async () => {
  const scene = await made();
  const stop = new AbortController();
  const { api } = await scene.context(FILE);
  const refused = async (): Promise<never> => {
    stop.abort();
    const call = { endpoint: 'PUT /x', status: null, outcome: 'none' } as const;
    throw new ApiError({
      ...call,
      code: 'api.transport',
      message: 'PUT /x got no answer: connection refused',
    });
  };
  const stopped = { ...api.stoppedBy(stop.signal), toggleTask: refused };
  const result = await toggle(scene, true, { stop: stop.signal, api: stopped });
  assert.is(result, INTERRUPTED);
});

it.run();
