/** Lists that are behind: empty answers that are none, copies that come late. What they lack is not absent. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { is } from '../support/answers.ts';
import { batch, Crash, desired, EU, Scene, START, US } from '../support/scene.ts';

const it = suite('lists that are behind');
const LISTS = '/v3/applicationInstance/taskBatch';
const OTHER = batch('other', { executeAt: START + 172_800 });
const file = desired([OTHER, batch('a'), batch('b', { fleet: US })]);

/** `other` was made a while ago. */
async function begun(listLag?: number): Promise<Scene> {
  const scene = new Scene(listLag === undefined ? {} : { sandbox: { listLag } });
  await scene.apply(desired([OTHER]));
  scene.now += 600;
  return scene;
}

/** The POST for `fleet` is done, and its answer lost; these lists answer `[]` from then on. */
function loseAnswer(scene: Scene, fleet: string, isEmptyAfter: (typeof is)['batchList'] = () => false): void {
  let isLost = false;
  scene.faultFor = (request) => {
    if (isLost && isEmptyAfter(request)) return { when: 'after', kind: 'empty-array' };
    if (!is.create(request) || isLost || !request.body?.includes(fleet)) return undefined;
    isLost = true;
    return { when: 'after', kind: '500' };
  };
}

const outcomeOf = async (work: Promise<Awaited<ReturnType<Scene['apply']>>>) => {
  const outcome = (await work)!.outcome!;
  return [outcome.created, outcome.failed, outcome.unknown, outcome.skipped];
};

it('lists that have become empty say nothing, however often', async () => {
  const scene = await begun();
  const isList = (request: Parameters<(typeof is)['batchList']>[0]) =>
    is.batchList(request) || is.taskList(request) || is.serverTasks(request);
  loseAnswer(scene, EU, isList);
  assert.equal(await outcomeOf(scene.apply(file)), [0, 0, 1, 1]);
  const posts = scene.posts();
  const told = (await scene.plan(file)).diagnostics.find((one) => one.address === 'a');
  assert.is(told?.code, 'plan.ambiguous');
  assert.match(told?.message ?? '', 'batches that it showed before are missing');
  assert.match(told?.hint ?? '', /^Plan again in a moment\. .*import 'a'.*--assume-missing/);
  const beside = (await scene.plan(file)).diagnostics.find((one) => one.address === 'b');
  assert.match(beside?.message ?? '', 'batches that it showed before are missing');
  assert.match(beside?.hint ?? '', /^Plan again in a moment\. /);
  assert.is((await scene.apply(file))!.outcome, null, 'nor do they to the next apply');
  scene.faultFor = () => undefined;
  assert.equal(await outcomeOf(scene.apply(file)), [1, 0, 0, 0]);
  assert.is(scene.posts(), posts + 1);
  assert.is(scene.live().length, 3);
});

it('where only the list of batches has become empty, the others tell', async () => {
  const scene = await begun();
  const posts = scene.posts();
  loseAnswer(scene, EU, is.batchList);
  assert.equal(await outcomeOf(scene.apply(file)), [2, 0, 0, 0]);
  assert.is(scene.posts(), posts + 2);
  assert.is(scene.live().length, 3);
});

it('an interrupted apply is settled by lists that are themselves again, not by empty ones', async () => {
  const scene = await begun();
  scene.step = (what) => {
    if (what === 'after POST /v3/applicationInstance/task') throw new Crash();
  };
  assert.is(await scene.apply(file), null);
  scene.step = () => {};
  let looks = 0;
  scene.faultFor = ({ method, path }) =>
    method === 'GET' && path === LISTS && looks++ < 4 ? { when: 'after', kind: 'empty-array' } : undefined;
  assert.equal(await outcomeOf(scene.apply(file)), [1, 0, 0, 0]);
  assert.is(scene.live().length, 3);
});

it('what one look has shown, a poorer one does not hide', async () => {
  const scene = await begun();
  // Two turns: the POST of `later` is lost, that of `a` is done and not recorded.
  const later = batch('later', { executeAt: START + 7200 });
  scene.faultFor = ({ method, body }) =>
    method === 'POST' && body?.includes(String(START + 7200)) ? { when: 'before', kind: 'reset' } : undefined;
  scene.step = (what) => {
    if (what === 'after POST /v3/applicationInstance/task') throw new Crash();
  };
  assert.is(await scene.apply(desired([OTHER, later, batch('a')])), null);
  scene.step = () => {};
  assert.is(scene.record.batches.length, 2);
  let looks = 0;
  scene.faultFor = ({ method, path }) =>
    method === 'GET' && path === LISTS && ++looks > 1 && looks < 9
      ? { when: 'after', kind: 'empty-array' }
      : undefined;
  await scene.apply(desired([OTHER, later, batch('a')]));
  assert.is(scene.state?.entries.a?.batchIds[0], scene.record.batches[1]?.id);
  scene.faultFor = () => undefined;
  await scene.converge(desired([OTHER]));
  assert.is(scene.live().length, 1, 'nothing is left behind that nobody knows of');
});

it('lists that lag longer than anybody waits: what was made just before is missing, too', async () => {
  const scene = await begun(100);
  loseAnswer(scene, US);
  assert.equal(await outcomeOf(scene.apply(file)), [1, 0, 1, 0]);
  const posts = scene.posts();
  scene.now += 100;
  assert.equal(await outcomeOf(scene.apply(file)), [0, 0, 0, 0]);
  assert.is(scene.posts(), posts);
  assert.is(scene.live().length, 3);
});

it('lists that lag, and a create that really was lost: it is sent again once they have caught up', async () => {
  for (const listLag of [1, 2, 4, 6, 13, 40]) {
    const scene = await begun(listLag);
    let isLost = false;
    scene.faultFor = ({ method, body }) => {
      if (method !== 'POST' || isLost || !body?.includes(US)) return undefined;
      isLost = true;
      return { when: 'before', kind: '500' };
    };
    assert.equal(await outcomeOf(scene.apply(file)), [2, 0, 0, 0], `${listLag} s`);
    assert.is(scene.live().length, 3);
  }
});

it('a create that was turned away (429) waits for lists that lag, and no longer', async () => {
  for (const [listLag, atMost] of [
    [0, 6],
    [2, 8],
    [6, 12],
  ] as const) {
    const scene = await begun(listLag);
    let isTurnedAway = false;
    scene.faultFor = ({ method, body }) => {
      if (method !== 'POST' || isTurnedAway || !body?.includes(US)) return undefined;
      isTurnedAway = true;
      return { when: 'before', kind: '429' };
    };
    const before = scene.now;
    assert.equal(await outcomeOf(scene.apply(file)), [2, 0, 0, 0]);
    assert.ok(scene.now - before <= atMost, `${listLag} s of lag took ${scene.now - before} s`);
  }
});

it("what the plan saw stays seen, whatever the apply's own list leaves out", async () => {
  const scene = await begun();
  let looks = 0;
  scene.faultFor = ({ method, path }) => {
    if (method === 'GET' && path === LISTS && ++looks === 2) return { when: 'after', kind: 'empty-array' };
    return undefined;
  };
  scene.step = (what) => {
    if (what === 'before POST /v3/applicationInstance/task') throw new Crash();
  };
  assert.is(await scene.apply(file), null);
  const newest = scene.record.batches.at(-1)!.createdAt;
  assert.equal(
    scene.state?.intents.map((intent) => intent.newest),
    [newest, newest],
  );
});

it.run();
