/** What an interrupted apply left in doubt is waited for, and settled by looks that agree, before anything is planned. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ApiRequest, ApiResponse } from '../../src/api/port.ts';
import type { ApplyResult } from '../../src/apply/apply.ts';
import { hides, is, refused, unfilled } from '../support/answers.ts';
import { batch, Crash, desired, EU, foreignBatch, Scene, STAGING, START, US } from '../support/scene.ts';

const it = suite('fresh plan');

const OLD = batch('old', { fleet: STAGING, executeAt: START + 9999 });
const FILE = desired([OLD, batch('a')]);

/** `old` was made a while ago; then the POST of `a` was carried out (or not), and its apply killed. */
async function interrupted(isDone = true): Promise<Scene> {
  const scene = new Scene();
  await scene.apply(desired([OLD]));
  scene.now += 600;
  scene.faultFor = (request) =>
    is.create(request) && !isDone ? { when: 'before', kind: 'reset' } : undefined;
  scene.step = (what) => {
    if (what.startsWith(isDone ? 'after POST' : 'before GET') && scene.posts() === 2) throw new Crash();
  };
  assert.is(await scene.apply(FILE), null);
  scene.step = () => {};
  scene.faultFor = () => undefined;
  assert.is(scene.state?.intents.length, 1);
  return scene;
}

/** Which of the looks that follow show what the POST made. */
function showOnly(scene: Scene, isShown: (look: number) => boolean): { looks: number } {
  const seen = { looks: 0 };
  scene.answerFor = (request, response) => {
    if (is.batchList(request)) seen.looks += 1;
    const made = scene.record.batches.slice(1).map(({ id }) => id);
    return isShown(seen.looks) ? response : hides(request, response, made);
  };
  return seen;
}

/** Its tasks are named, and cannot be read: it may be anybody's. */
function editTasks(request: ApiRequest, response: ApiResponse, id: string): ApiResponse {
  if (is.task(request)) return refused(404);
  return is.taskList(request) || is.serverTasks(request) ? hides(request, response, [id]) : response;
}

function counts(result: ApplyResult | null): Record<string, number> {
  const outcome = Object.entries(result?.outcome ?? { none: 1 });
  return Object.fromEntries(outcome.filter(([, count]) => typeof count === 'number' && count > 0));
}

it('found at once: adopted without a wait', async () => {
  const scene = await interrupted();
  const before = scene.now;
  assert.equal(counts(await scene.apply(FILE)), { adopted: 1 });
  assert.is(scene.now, before);
  assert.is(scene.posts(), 2);
});

it('not there: waits until doubt is over, counted from the sending, and then looks three times', async () => {
  const scene = await interrupted(false);
  const sent = scene.state!.intents[0]!.sentAt!;
  scene.pass(31);
  const seen = showOnly(scene, () => true);
  scene.step = (what) => {
    if (!what.startsWith('before POST')) return;
    assert.ok(scene.now >= sent + 60 + 2, `sent again ${scene.now - sent} s after`);
    assert.ok(scene.now <= sent + 60 + 12, `sent again ${scene.now - sent} s after`);
  };
  assert.equal(counts(await scene.apply(FILE)), { created: 1 });
  assert.is(scene.posts(), 3);
  assert.ok(seen.looks >= 5);
});

it('long ago and not there: three looks all the same, and no more', async () => {
  const scene = await interrupted(false);
  scene.pass(3600);
  const before = scene.now;
  const seen = showOnly(scene, () => true);
  assert.equal(counts(await scene.apply(FILE)), { created: 1 });
  assert.is(seen.looks, 4, 'and the one before the POST');
  assert.is(scene.now - before, 2);
});

it('long ago, and the third look shows it: one batch', async () => {
  for (const shown of [2, 3]) {
    const scene = await interrupted();
    scene.pass(3600);
    showOnly(scene, (look) => look >= shown);
    assert.equal(counts(await scene.apply(FILE)), { adopted: 1 }, `look ${shown}`);
    assert.is(scene.record.batches.length, 2);
  }
});

it('a look that lacks what an earlier one has shown counts for nothing', async () => {
  const scene = await interrupted();
  // Its tasks are not there yet: it may be anybody's, until it is hidden again.
  let looks = 0;
  scene.answerFor = (request, response) => {
    const [, made] = scene.record.batches;
    if (is.batchList(request)) looks += 1;
    if (looks === 1) return unfilled(request, response, [made!.id]);
    return hides(request, response, [made!.id]);
  };
  const result = await scene.apply(FILE);
  assert.is(result?.outcome, null);
  assert.ok(result!.plan.diagnostics.some(({ code }) => code === 'plan.ambiguous'));
  assert.is(scene.posts(), 2);
  scene.answerFor = (_, response) => response;
  assert.equal(counts(await scene.apply(FILE)), { adopted: 1 });
});

it('a candidate that vanishes from lists that are not behind is not given up', async () => {
  const scene = await interrupted();
  scene.now += 1;
  foreignBatch(scene, { taskTemplateId: '9', fleetId: US, executeAt: START + 99_999 });
  scene.pass(3600);
  let looks = 0;
  scene.answerFor = (request, response) => {
    const made = scene.record.batches[1]!.id;
    if (is.batchList(request)) looks += 1;
    return looks === 1 ? editTasks(request, response, made) : hides(request, response, [made]);
  };
  const result = await scene.apply(FILE);
  assert.is(result?.outcome, null);
  assert.is(scene.posts(), 2);
  assert.is(scene.state?.intents.length, 1);
});

it('what may be it on the first look, and is it on the second, is adopted', async () => {
  const scene = await interrupted();
  let looks = 0;
  scene.answerFor = (request, response) => {
    if (is.batchList(request)) looks += 1;
    return looks === 1 ? unfilled(request, response, [scene.record.batches[1]!.id]) : response;
  };
  assert.equal(counts(await scene.apply(FILE)), { adopted: 1 });
  assert.is(scene.posts(), 2);
});

it('a list that has become poorer, in one of three answers or in all after the first, makes nothing twice', async () => {
  for (const isPoor of [(look: number) => look % 3 === 2, (look: number) => look > 1]) {
    const scene = await interrupted();
    scene.pass(3600);
    let looks = 0;
    scene.answerFor = (request, response) => {
      const ids = scene.record.batches.map(({ id }) => id);
      if (is.batchList(request)) looks += 1;
      return hides(request, response, isPoor(looks) ? ids : ids.slice(1));
    };
    await scene.apply(FILE).catch((error) => assert.is(error.code, 'apply.unsettled'));
    scene.answerFor = (_, response) => response;
    await scene.converge(FILE);
    assert.ok(scene.record.batches.length <= 3);
  }
});

it('one poorer look among good ones, however long ago it was: more looks, and no error', async () => {
  const scene = await interrupted(false);
  scene.pass(3600);
  let looks = 0;
  scene.answerFor = (request, response) => {
    if (is.batchList(request)) looks += 1;
    return looks === 2 ? hides(request, response, [scene.record.batches[0]!.id]) : response;
  };
  assert.equal(counts(await scene.apply(FILE)), { created: 1 });
  assert.ok(looks >= 5);
  assert.is(scene.posts(), 3);
});

it('looks that contradict each other to the end settle nothing: an error, and nothing is sent', async () => {
  const scene = await interrupted(false);
  scene.pass(3600);
  let looks = 0;
  scene.answerFor = (request, response) => {
    if (is.batchList(request)) looks += 1;
    return looks === 1 ? response : hides(request, response, [scene.record.batches[0]!.id]);
  };
  const error = await scene.apply(FILE).then(
    () => null,
    (thrown) => thrown,
  );
  assert.is(error?.code, 'apply.unsettled');
  assert.match(error.message, '"a"');
  assert.is(scene.posts(), 2);
  assert.is(scene.state?.intents.length, 1);
  assert.is(scene.lockedBy, null);
});

it('a list that stays behind is not waited for without end', async () => {
  const scene = await interrupted(false);
  scene.answerFor = (request, response) =>
    hides(
      request,
      response,
      scene.record.batches.map(({ id }) => id),
    );
  const before = scene.now;
  const result = await scene.apply(FILE);
  assert.is(result?.outcome, null);
  assert.match(result!.plan.diagnostics.map(({ message }) => message).join(), 'behind');
  assert.ok(scene.now - before <= 60 + 30, `${scene.now - before} s`);
  assert.is(scene.posts(), 2);
});

it('a stop ends the wait at once', async () => {
  const scene = await interrupted(false);
  const stop = new AbortController();
  const before = scene.now;
  scene.in(5, () => stop.abort());
  const error = await scene.apply(FILE, { stop: stop.signal }).then(
    () => null,
    (thrown) => thrown,
  );
  assert.is(error?.name, 'InterruptedError');
  assert.ok(scene.now - before < 15, `${scene.now - before} s`);
  assert.is(scene.state?.intents.length, 1);
  assert.equal(counts(await scene.apply(FILE)), { created: 1 });
  assert.is(scene.live().length, 2);
});

it('what was certainly never sent is not waited for', async () => {
  const scene = await interrupted(false);
  scene.state = { ...scene.state!, intents: scene.state!.intents.map((one) => ({ ...one, sentAt: null })) };
  const before = scene.now;
  assert.equal(counts(await scene.apply(FILE)), { created: 1 });
  assert.is(scene.now, before);
});

it('destroy waits for what is in doubt and cancels it', async () => {
  for (const late of [0, 20, 45]) {
    const scene = await interrupted(false);
    const post = scene.requests.find(is.create) && scene.requests.filter(is.create).at(-1)!;
    scene.in(late, () => scene.carryOut(post!));
    scene.pass(1);
    const result = await scene.apply(FILE, { mode: 'destroy' });
    assert.equal(counts(result), { cancelled: 2 }, `${late} s later`);
    assert.equal(scene.live(), []);
    assert.equal(scene.state?.intents, []);
  }
});

it('destroy of what turns out never to have been made forgets the intent', async () => {
  const scene = await interrupted(false);
  assert.equal(counts(await scene.apply(FILE, { mode: 'destroy' })), { cancelled: 1 });
  assert.equal(scene.state?.intents, []);
});

it('destroy of what cannot be told is an error, and touches nothing of it', async () => {
  const scene = await interrupted();
  foreignBatch(scene, { taskTemplateId: '7', fleetId: EU, executeAt: START + 86_400 });
  const result = await scene.apply(FILE, { mode: 'destroy' });
  assert.is(result?.outcome, null);
  const error = result!.plan.diagnostics.find(({ severity }) => severity === 'error');
  assert.is(error?.code, 'plan.unsettled');
  for (const { id } of scene.record.batches.slice(1)) assert.match(error?.message ?? '', id);
  assert.is(scene.live().length, 3);
});

it('without leftovers a plan is made of one look', async () => {
  const scene = new Scene();
  await scene.apply(desired([OLD, batch('b', { fleet: US })]));
  scene.requests.length = 0;
  await scene.apply(desired([OLD, batch('b', { fleet: US })]));
  assert.is(scene.requests.filter(is.batchList).length, 1);
});

it.run();
