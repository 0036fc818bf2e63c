/**
 * Two creates that could be taken for each other, one of them in doubt: an interrupted apply beside other targets,
 * other names, other people's batches, other times. Each of these once made a batch twice, or took another's.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredBatch } from '../../src/model/desired.ts';
import type { Plan } from '../../src/model/plan.ts';
import { batch, Crash, desired, EU, foreignBatch, Scene, START, US } from '../support/scene.ts';

const it = suite('doubts');
const once = (address: string, fields: Parameters<typeof batch>[1] = {}) =>
  batch(address, { executeAt: null, ...fields });
const OTHER = once('other', { template: { name: 'Collect logs' } });
const file = (...batches: DesiredBatch[]) => desired([OTHER, ...batches]);

/** The process is killed at the n-th moment of which `what` is the beginning. */
function killAt(scene: Scene, what: string, n = 1): void {
  let seen = 0;
  scene.step = (moment) => {
    if (moment.startsWith(what) && ++seen === n) throw new Crash();
  };
}

async function killedAt(scene: Scene, what: string, work: () => Promise<unknown>): Promise<void> {
  killAt(scene, what);
  assert.is(await work(), null);
  scene.step = () => {};
}

/** `once-a` was made, but its apply killed before the answer; then somebody made one that looks the same. */
async function inDoubt(): Promise<Scene> {
  const scene = new Scene();
  await scene.apply(file());
  await killedAt(scene, 'after POST', () => scene.apply(file(once('a'))));
  scene.now += 2;
  foreignBatch(scene, { taskTemplateId: '7', fleetId: EU });
  scene.now += 2;
  return scene;
}

const errors = ({ diagnostics }: Plan) =>
  diagnostics.filter(({ severity }) => severity === 'error').map(({ code, address }) => `${code} ${address}`);
const actions = ({ changes }: Plan) => changes.map(({ action, address }) => `${action} ${address}`);
const boundTo = (scene: Scene, address: string) => scene.state?.entries[address]?.batchIds;

it('while one is in doubt, no other of its template and time is made, whatever is selected', async () => {
  const scene = await inDoubt();
  const both = file(once('a'), once('b', { fleet: US }));
  const posts = scene.posts();
  for (const scope of [{}, { targets: ['b'] }]) {
    const result = await scene.apply(both, { scope });
    assert.ok(errors(result!.plan).includes('plan.unsettled b'), JSON.stringify(scope));
    assert.is(result!.outcome, null);
  }
  assert.is(scene.posts(), posts);
  assert.equal(errors(await scene.plan(both, { scope: { assumeMissing: true } })), []);
});

it('one in doubt that gets another name is not made again under it', async () => {
  const scene = await inDoubt();
  const plan = await scene.plan(file(once('b')));
  assert.equal(errors(plan), ['plan.unsettled b', 'plan.unsettled a']);
  const [ofB, ofA] = plan.diagnostics;
  assert.match(ofB?.message ?? '', 'batch 4004 or 4005 for "a"');
  assert.match(ofA?.message ?? '', /4004.*4005/);
});

it('one in doubt that is not wanted any more is told, and stays recorded', async () => {
  const scene = await inDoubt();
  for (const options of [{}, { mode: 'destroy' }] as const) {
    const plan = await scene.plan(file(), options);
    const told = plan.diagnostics.find((one) => one.address === 'a');
    assert.equal([told?.severity, told?.code], ['error', 'plan.unsettled']);
    assert.match(told?.hint ?? '', "fleetform state rm 'a'");
  }
  await scene.apply(file());
  assert.equal(
    scene.state?.intents.map((intent) => intent.address),
    ['a'],
  );
});

it('one that was forced past another in doubt, and killed, is found again', async () => {
  const scene = await inDoubt();
  const both = file(once('a'), once('b', { fleet: US }));
  const scope = { targets: ['b'], assumeMissing: true };
  await killedAt(scene, 'after POST', () => scene.apply(both, { scope }));
  scene.now += 60;
  const posts = scene.posts();
  const again = await scene.apply(both, { scope });
  assert.equal(actions(again!.plan), ['adopt b']);
  assert.is(scene.posts(), posts);
});

it('a repeated --replace of what an interrupted one has just made is refused', async () => {
  const scene = new Scene();
  await scene.apply(file(once('a')));
  scene.now += 600;
  const scope = { replaces: ['a'] };
  await killedAt(scene, 'after POST', () => scene.apply(file(once('a')), { scope }));
  scene.now += 15;
  const posts = scene.posts();
  const again = await scene.apply(file(once('a')), { scope });
  assert.equal(errors(again!.plan), ['plan.replace-unbound a']);
  assert.is(scene.posts(), posts);
  assert.equal(actions((await scene.apply(file(once('a'))))!.plan), ['no-op other', 'adopt a']);
});

it("somebody's batch that was there before is not taken for the one that was not made", async () => {
  const scene = new Scene();
  const theirs = foreignBatch(scene, { taskTemplateId: '7', fleetId: EU });
  scene.now += 30;
  await scene.apply(file());
  const late = batch('late', { executeAt: scene.now - 100, startingDeadline: 600 });
  scene.faultFor = ({ method }) => (method === 'POST' ? { when: 'before', kind: '500' } : undefined);
  scene.now += 1;
  const result = await scene.apply(file(late));
  assert.is(result!.outcome?.failed, 1);
  assert.is(boundTo(scene, 'late'), undefined);
  scene.faultFor = () => undefined;
  await scene.apply(file(late));
  assert.is.not(boundTo(scene, 'late')?.[0], theirs);
});

it('at once and soon take turns: one batch never settles both', async () => {
  const scene = new Scene();
  await scene.apply(file());
  const both = file(batch('soon', { executeAt: scene.now + 120 }), once('a'));
  await killedAt(scene, 'after POST', () => scene.apply(both));
  scene.now += 5;
  const again = await scene.apply(both);
  assert.equal(actions(again!.plan), ['no-op other', 'adopt soon', 'create a']);
  assert.is(scene.posts(), 3);
  assert.is.not(boundTo(scene, 'soon')?.[0], boundTo(scene, 'a')?.[0]);
});

it('a --replace that is killed anywhere is finished by the next apply, and never done twice', async () => {
  const both = file(once('a'), batch('timed', { executeAt: START + 7200 }));
  const scope = { replaces: ['a', 'timed'] };
  let moments = 0;
  for (let at = 0; moments >= at; at += 1) {
    const scene = new Scene();
    await scene.apply(both);
    const before = scene.posts();
    moments = 0;
    let cancelled = false;
    scene.step = (moment) => {
      cancelled ||= moment.startsWith('after DELETE');
      if (moments++ === at) throw new Crash();
    };
    await scene.apply(both, { scope });
    scene.step = () => {};
    scene.now += 20;
    await scene.converge(both);
    const posts = scene.posts() - before;
    assert.ok(posts <= 2, `killed at ${at}: ${posts} creates`);
    for (const address of ['a', 'timed']) {
      const [id] = boundTo(scene, address) ?? [];
      const made = scene.record.batches.find((one) => one.id === id);
      const isWhole = made!.taskIds.every((task) => scene.record.tasks[task]!.cancelledAt === null);
      assert.ok(isWhole, `killed at ${at}: ${address} is left cancelled`);
      assert.is(scene.state?.entries[address]?.replacing, undefined, `killed at ${at}: ${address} is marked`);
    }
    if (cancelled) assert.ok(posts > 0, `killed at ${at}`);
  }
  assert.ok(moments > 30, `${moments} moments`);
});

it('what was cancelled outside fleetform while it ran is not made again, however short it ran', async () => {
  const planAfterCancelAt = async (seconds: number) => {
    const scene = new Scene();
    const timed = file(batch('a', { executeAt: START + 60, startingDeadline: 3600 }));
    await scene.apply(timed);
    scene.now = START + seconds;
    const made = scene.record.batches.find(({ id }) => boundTo(scene, 'a')?.includes(id));
    for (const id of made!.taskIds) scene.record.tasks[id]!.cancelledAt = scene.now;
    scene.now = START + 90;
    return actions(await scene.plan(timed));
  };
  assert.equal(await planAfterCancelAt(59), ['no-op other', 'create a']);
  for (const seconds of [61, 64, 67]) {
    assert.equal(await planAfterCancelAt(seconds), ['no-op other', 'no-op a'], `${seconds} s`);
  }
});

it('times far apart do not wait for each other', async () => {
  const scene = new Scene();
  await scene.apply(file());
  const times = [4, 5, 6].map((hours) => batch(`at-${hours}`, { executeAt: START + hours * 3600 }));
  const under: string[] = [];
  let most = 0;
  scene.step = (moment) => {
    if (moment.startsWith('before POST')) most = Math.max(most, under.push(moment));
    if (moment.startsWith('after POST')) under.pop();
  };
  await scene.apply(file(...times));
  assert.is(most, 3);
});

it.run();
