/** A plan that was reviewed: exactly this is done, or nothing. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Plan, PlanScope } from '../../src/model/plan.ts';
import { blockOf, onFleet, scheduledBlock } from '../support/builders.ts';
import { batch, Crash, desired, EU, foreignBatch, Scene, STAGING, START, US } from '../support/scene.ts';

const it = suite('reviewed');

const PAIR = [batch('a'), batch('b', { fleet: US })];
const FILE = desired(PAIR);

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'applied',
    (error) => `${error.code}: ${error.message}`,
  );
}

it('is of this file, API, version and state, or refused', async () => {
  const scene = new Scene();
  await scene.apply(desired([batch('old', { fleet: STAGING })]));
  const file = desired([batch('old', { fleet: STAGING }), ...PAIR]);
  const reviewed = await scene.plan(file);
  const others: readonly (readonly [Partial<Plan>, string])[] = [
    [{ name: 'other' }, 'this plan was made for the file other, not live'],
    [{ api: 'https://elsewhere' }, 'this plan was made for the API https://elsewhere, not sandbox'],
    [{ fleetformVersion: '9' }, 'this plan was made for fleetform 9, not 0'],
    [{ desiredDigest: 'x' }, 'this plan was made for the file version x, not'],
    [
      { state: { lineage: 'another', serial: reviewed.state!.serial } },
      `this plan was made for the state lineage another, not ${reviewed.state!.lineage}`,
    ],
  ];
  for (const [change, message] of others) {
    const code = await codeOf(scene.apply(file, { reviewed: { ...reviewed, ...change } }));
    assert.match(code, `apply.other-plan: ${message}`);
  }
  assert.is(scene.posts(), 1);
  assert.is(await codeOf(scene.apply(file, { reviewed })), 'applied');
  assert.is(scene.posts(), 3);
});

it('of a state that is gone: refused; of none: applied where there is none still', async () => {
  const scene = new Scene();
  const first = await scene.plan(FILE);
  assert.is(first.state, null);
  assert.is(await codeOf(scene.apply(FILE, { reviewed: first })), 'applied');
  const second = await scene.plan(FILE);
  scene.state = null;
  assert.match(await codeOf(scene.apply(FILE, { reviewed: second })), 'the state lineage ');
  assert.is(scene.posts(), 2);
});

it('holds while the nights of a schedule pass, and does nothing that was not reviewed', async () => {
  const nights = { cron: '0 3 * * *', timezone: 'UTC', horizon: 3 * 86_400 };
  const nightly = scheduledBlock('nightly', nights, { targets: onFleet(EU) });
  const hotfix = blockOf(batch('hotfix', { fleet: US, executeAt: START + 30 * 86_400 }));
  const before = desired([], { blocks: [nightly] });
  const file = desired([], { blocks: [nightly, hotfix], digest: 'with hotfix' });
  const scene = new Scene();
  await scene.apply(before);
  const reviewed = await scene.plan(file);
  for (let day = 0; day < 2; day++) {
    scene.now += 86_400;
    await scene.apply(before);
  }
  scene.now += 86_400;
  const posts = scene.posts();
  assert.is(await codeOf(scene.apply(file, { reviewed })), 'applied');
  assert.is(scene.posts(), posts + 1, 'the hotfix, and not the next night');
  assert.ok(scene.state!.entries.hotfix);
  const late = { executeAt: START + 40 * 86_400 };
  const more = desired([], { blocks: [nightly, hotfix, blockOf(batch('b', late))], digest: 'more' });
  const stale = await scene.plan(more);
  scene.now += 86_400;
  await scene.apply(
    desired([], { blocks: [nightly, hotfix, blockOf(batch('c', { ...late, fleet: STAGING }))] }),
  );
  const code = await codeOf(scene.apply(more, { reviewed: stale }));
  assert.match(code, 'the state has been written since');
  assert.match(code, 'c: bound to batch');
});

it('no longer holds: refused, with what has changed', async () => {
  const scene = new Scene();
  const reviewed = await scene.plan(FILE);
  foreignBatch(scene, { taskTemplateId: '7', fleetId: EU, executeAt: START + 86_400 });
  assert.match(
    await codeOf(scene.apply(FILE, { reviewed })),
    'apply.stale-plan: the plan is stale:\n  - a: was to create, now it would adopt',
  );
  assert.is(scene.posts(), 0);
  assert.is(scene.state, null);
});

it('what an interrupted apply of it has made already is not made again', async () => {
  const scene = new Scene();
  const reviewed = await scene.plan(FILE);
  scene.step = (what) => {
    if (what.startsWith('after POST')) throw new Crash();
  };
  assert.is(await scene.apply(FILE, { reviewed }), null);
  scene.step = () => {};
  await codeOf(scene.apply(FILE, { reviewed }));
  await scene.converge(FILE);
  assert.is(scene.record.batches.length, 2);
});

it('what is beyond it is left alone, and said', async () => {
  const scene = new Scene();
  await scene.apply(FILE);
  const more = desired([...PAIR, batch('c', { fleet: STAGING })]);
  const reviewed = await scene.plan(more);
  const [id] = scene.state!.entries.b!.batchIds;
  for (const task of Object.values(scene.record.tasks)) if (task.batchId === id) task.cancelledAt = START;
  const result = await scene.apply(more, { reviewed });
  assert.equal(
    result?.plan.changes.map(({ action, address }) => `${action} ${address}`),
    ['create c'],
  );
  const notes = scene.events.flatMap((event) => (event.type === 'note' ? [event.message] : []));
  assert.ok(notes.some((note) => note.startsWith('not part of the plan, and left alone: b:')));
  assert.is(scene.posts(), 3);
});

it('a look, or a plan of another time, is nothing to apply', async () => {
  const scene = new Scene();
  for (const options of [{ mode: 'refresh-only' }, { at: START + 3600 }] as const) {
    const reviewed = await scene.plan(FILE, options);
    assert.match(await codeOf(scene.apply(FILE, { reviewed })), 'apply.no-plan-to-apply');
  }
  assert.is(scene.posts(), 0);
});

it('a destroy, replaces and overrides have to be said again, those and no others', async () => {
  const scene = new Scene();
  await scene.apply(FILE);
  const said = (scope: Partial<PlanScope>, mode: Plan['mode'] = 'normal') => ({ mode, scope });
  const replace = said({ replaces: ['b', 'a'] });
  for (const [made, repeated, expected] of [
    [replace, {}, 'apply.not-said-again: the plan was made with --replace a --replace b'],
    [replace, said({ replaces: ['a'] }), 'apply.not-said-again: the plan was made with --replace b'],
    [replace, said({ replaces: ['a', 'b', 'c'] }), 'apply.other-plan: the plan was made without --replace c'],
    [said({ assumeMissing: true }), {}, 'apply.not-said-again: the plan was made with --assume-missing'],
    [said({ allowEmpty: true }), {}, 'apply.not-said-again: the plan was made with --allow-empty'],
    [said({}), said({ assumeMissing: true }), 'apply.other-plan: the plan was made without --assume-missing'],
    [said({}, 'destroy'), {}, 'apply.not-said-again: the plan was made with --destroy'],
    [said({}), said({}, 'destroy'), 'apply.other-plan: the plan was made without --destroy'],
    [said({ targets: ['a'] }), {}, 'applied'],
    [
      said({ assumeMissing: true, allowEmpty: true }),
      said({ allowEmpty: true, assumeMissing: true }),
      'applied',
    ],
    [replace, said({ replaces: ['a', 'b', 'a'] }), 'applied'],
    [said({}, 'destroy'), said({}, 'destroy'), 'applied'],
  ] as const) {
    const reviewed = await scene.plan(FILE, made);
    const writes = scene.writes;
    const code = await codeOf(scene.apply(FILE, { ...repeated, reviewed }));
    assert.is(code.slice(0, expected.length), expected);
    if (expected !== 'applied') assert.is(scene.writes, writes);
  }
});

it.run();
