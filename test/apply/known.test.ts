/** What is recorded before anything is called. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ApplyContext } from '../../src/apply/context.ts';
import { knownEdits } from '../../src/apply/known.ts';
import type { Change } from '../../src/model/plan.ts';
import { summarise, tasksOf } from '../../src/model/plan-summary.ts';
import type { Intent } from '../../src/model/state.ts';
import type { Planned } from '../../src/plan/plan.ts';
import { NOTHING_LEFT } from '../../src/plan/sameness/settle.ts';
import { intent, NOW, observation, observedBatch, spec } from '../support/builders.ts';
import { batch, desired, EU, foreignBatch, Scene, STAGING, START, US } from '../support/scene.ts';

const it = suite('known');

const SIGHT = { newest: 5, ids: ['41'] };
const TASKS = { pending: 0, running: 0, paused: 0, done: 0, failed: 0, cancelled: 0, unknown: 0 };

function change(action: Change['action'], fields: object = {}): Change {
  return {
    action,
    address: 'a',
    batchIds: ['41'],
    before: spec(),
    after: spec(),
    digest: 'd',
    phase: 'scheduled',
    preventCancel: false,
    tasks: TASKS,
    ...fields,
  } as unknown as Change;
}

function edits(
  changes: readonly Change[],
  {
    intents = [],
    moves = [],
    settlement = NOTHING_LEFT,
    ended = [],
    marks = null,
  }: Partial<Planned['plan']> & {
    readonly intents?: readonly Intent[];
    readonly settlement?: Planned['settlement'];
    readonly ended?: readonly string[];
    readonly marks?: Planned['marks'];
  } = {},
) {
  const plan = {
    changes,
    moves,
    summary: summarise(changes, { unmanaged: [], moves, skipped: [] }, tasksOf(changes)),
  } as unknown as Planned['plan'];
  const batches = [observedBatch('41', { createdAt: 77, executeAt: 99 })];
  const ctx = {
    journal: { intents: () => intents },
    observation: observation(batches),
    now: () => NOW + 0.7,
  } as unknown as ApplyContext;
  return knownEdits({ plan, settlement, sight: SIGHT, ended, marks }, ctx);
}

const NEWS = change('create', { address: 'new', batchIds: [] });

it('nothing to do: phases are not worth a write, and the sight is none either', () => {
  assert.equal(edits([]), []);
  assert.equal(edits([change('no-op', { preventCancel: true })]), [
    { kind: 'replacing', address: 'a', mark: null },
    { kind: 'note', address: 'a', fields: { preventCancel: true } },
  ]);
});

it('the records of what has ended, and the marks, go with what is written anyway; what was missed is worth a write', () => {
  const marks = { nightly: { through: 5, schedule: 'x' } };
  const ended = ['nightly@2026-12-01T03:30:00Z'];
  const kinds = (changes: readonly Change[]) => edits(changes, { ended, marks }).map(({ kind }) => kind);
  assert.equal(kinds([]), []);
  assert.equal(kinds([change('no-op')]), ['replacing', 'note']);
  assert.equal(kinds([NEWS]), ['unbind', 'sight', 'schedules']);
  const missed = (address: string) => change('missed', { address, batchIds: [], before: null });
  assert.equal(kinds([missed('nightly@2026-12-02T03:30:00Z')]), ['unbind', 'sight', 'schedules']);
  assert.equal(kinds([missed('hotfix')]), [], 'that stays missed until the file changes');
});

it('something to do: phases are noted beside it, but for one that nobody can see', () => {
  const noted = (phase: string) =>
    edits([change('no-op', { phase, preventCancel: true }), NEWS]).find(({ kind }) => kind === 'note');
  const expected = {
    kind: 'note',
    address: 'a',
    fields: { phase: 'running', preventCancel: true, isOver: false },
  };
  assert.equal(noted('running'), expected);
  assert.equal(noted('unknown'), { ...expected, fields: { preventCancel: true } });
  assert.equal(edits([NEWS]), [{ kind: 'sight', sight: SIGHT }]);
});

it('what is adopted is bound, with what the API says of it', () => {
  assert.equal(edits([change('adopt', { before: null, digest: 'x', preventCancel: true, notAfter: null })]), [
    {
      kind: 'bind',
      address: 'a',
      entry: {
        batchIds: ['41'],
        spec: spec(),
        digest: 'x',
        preventCancel: true,
        phase: 'scheduled',
        createdAt: NOW,
        notAfter: null,
        stamps: { '41': { createdAt: 77, executeAt: 99, taskId: '41000' } },
      },
    },
    { kind: 'sight', sight: SIGHT },
  ]);
});

it('what is forgotten is unbound, also where nothing else is done', () => {
  assert.equal(edits([change('forget')]), [
    { kind: 'unbind', address: 'a', isDone: true },
    { kind: 'sight', sight: SIGHT },
  ]);
});

it('what is about to be replaced is marked, before its first task is cancelled', () => {
  for (const [after, phase, mark] of [
    [spec(), 'running', true],
    [spec(), 'scheduled', 'unless-run'],
    [spec({ revision: 9 }), 'running', 'unless-run'],
  ] as const) {
    assert.equal(edits([change('replace', { before: spec(), after, phase })]), [
      { kind: 'replacing', address: 'a', mark },
      { kind: 'sight', sight: SIGHT },
    ]);
  }
});

it('a pause notes what the file says of cancels', () => {
  for (const action of ['pause', 'resume'] as const) {
    assert.equal(edits([change(action, { preventCancel: true })])[0], {
      kind: 'note',
      address: 'a',
      fields: { preventCancel: true },
    });
  }
});

it('what is settled goes under the address that it was written down with; the moves come after', () => {
  const recorded = intent('old', spec(), { since: NOW - 9 });
  const renamed: Intent = { ...recorded, address: 'new' };
  const nothing: Intent = { ...intent('none'), id: 'i-none' };
  const found = observedBatch('41', { createdAt: 3, executeAt: 4 });
  const all = edits([change('adopt', { address: 'new', before: null })], {
    intents: [recorded, nothing],
    moves: [{ from: 'old', to: 'new' }],
    settlement: { found: [{ intent: renamed, batch: found }], nothing: [nothing], unclear: [] },
  });
  assert.equal(
    all.map(({ kind }) => kind),
    ['bind', 'drop-intent', 'rename', 'bind', 'sight'],
  );
  assert.match(JSON.stringify(all[0]), '"address":"old"');
  assert.match(JSON.stringify(all[0]), '"batchIds":["41"]');
  assert.equal(all[1], { kind: 'drop-intent', id: 'i-none' });
  assert.equal(all[2], { kind: 'rename', names: new Map([['old', 'new']]) });
});

it('in an apply: the sight, an adoption and a move are recorded, and no second write is made for nothing', async () => {
  const scene = new Scene();
  const theirs = foreignBatch(scene, { taskTemplateId: '7', fleetId: EU, executeAt: START + 86_400 });
  await scene.apply(desired([batch('a')]));
  const entry = scene.state!.entries.a!;
  assert.equal(entry.batchIds, [theirs]);
  assert.equal(entry.stamps, {
    [theirs]: { createdAt: START, executeAt: START + 86_400, taskId: '50001' },
  });
  assert.equal(scene.state?.sight, { newest: START, ids: [theirs] });
  const { writes } = scene;
  await scene.apply(desired([batch('a')]));
  assert.is(scene.writes, writes);
  const moved = await scene.apply(desired([batch('b')]));
  assert.is(moved?.outcome?.moved, 1);
  assert.equal(Object.keys(scene.state!.entries), ['b']);
});

it('a batch that cannot be seen any more keeps what was last seen of it', async () => {
  const scene = new Scene();
  const once = batch('once', { fleet: US, executeAt: null, template: { name: 'Collect logs' } });
  await scene.apply(desired([once]));
  scene.now += 3600;
  await scene.apply(desired([once, batch('a')]));
  assert.is(scene.state?.entries.once?.phase, 'done');
  scene.record.batches = scene.record.batches.filter(({ request }) => !JSON.stringify(request).includes(US));
  scene.now += 3600;
  await scene.apply(desired([once, batch('a'), batch('b', { fleet: STAGING })]));
  assert.ok(scene.state?.entries.b);
  assert.is(scene.state?.entries.once?.phase, 'done');
});

it.run();
