/** What leaves a state of many years, and what stays, as it may keep a run from being made twice. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pruned, pruneOf } from '../../src/apply/prune.ts';
import type { Desired, DesiredBlock } from '../../src/model/desired.ts';
import { emptyState } from '../../src/model/recorded.ts';
import type { Intent, State, StateEntry } from '../../src/model/state.ts';

const it = suite('prune');
const NOW = 2_000_000_000;
const DAY = 86_400;
const OLD = NOW - 100 * DAY;

const ENTRY: StateEntry = {
  batchIds: ['17'],
  spec: {
    template: { id: '7', name: 'x' },
    fleets: ['1'],
    regions: [],
    instances: [],
    labels: [],
    executeAt: OLD,
    params: [],
    revision: null,
  },
  digest: 'd',
  createdAt: OLD,
  phase: 'done',
  over: true,
  preventCancel: true,
};
const UNTIMED: StateEntry = { ...ENTRY, spec: { ...ENTRY.spec, executeAt: null, revision: 3 } };

function stateWith(parts: Partial<State>): State {
  return { ...emptyState({ lineage: 'l', name: 'live', api: 'sandbox' }), ...parts };
}

function fileWith(...blocks: readonly Partial<DesiredBlock>[]): Pick<Desired, 'blocks' | 'moved'> {
  const all = blocks.map((block) => ({
    startingDeadline: 300,
    when: { kind: 'at', executeAt: NOW },
    block: block.address,
    ...block,
  })) as DesiredBlock[];
  return { blocks: all, moved: [] };
}

const removed = (state: State, file = fileWith(), olderThan = 90 * DAY) =>
  pruneOf(state, file, NOW, olderThan).entries;

it('what is over for good, old, and named by nothing goes', () => {
  assert.equal(removed(stateWith({ entries: { a: ENTRY, b: ENTRY } })), ['a', 'b']);
});

it('what has no time stays, however old: nothing else tells that it has run', () => {
  const state = stateWith({ entries: { a: UNTIMED, b: ENTRY } });
  const { entries, kept } = pruneOf(state, fileWith(), NOW, 50 * DAY);
  assert.equal(entries, ['b']);
  assert.match(kept[0]!.why, 'no time');
});

for (const [what, entry] of [
  ['not recorded as over', { ...ENTRY, over: undefined }],
  ['about to be replaced', { ...ENTRY, replacing: true }],
  ['bound lately', { ...ENTRY, createdAt: NOW - 80 * DAY }],
  ['of a later time', { ...ENTRY, spec: { ...ENTRY.spec, executeAt: NOW - 80 * DAY } }],
  ['still to be asked for', { ...ENTRY, notAfter: NOW + DAY }],
] as const) {
  it(`what is ${what} stays`, () => {
    assert.equal(removed(stateWith({ entries: { a: entry as StateEntry } })), []);
  });
}

it('what a block names stays, also of its other targets, its occurrences and under an old name', () => {
  const entries = { 'a[fleet:eu]': ENTRY, 'a[fleet:us]@2026-01-01T00:00:00Z': ENTRY, b: UNTIMED };
  const file = { ...fileWith({ address: 'a[fleet:ap]', block: 'a' }), moved: [{ from: 'b', to: 'c' }] };
  assert.equal(removed(stateWith({ entries }), file as never), []);
});

it('an occurrence counts by its own time', () => {
  const at = new Date((NOW - DAY) * 1000).toISOString().replace('.000Z', 'Z');
  assert.equal(removed(stateWith({ entries: { [`a@${at}`]: ENTRY } })), []);
});

it('what may still be made late keeps the record', () => {
  const state = stateWith({ entries: { old: ENTRY, once: UNTIMED } });
  assert.equal(removed(state, fileWith({ address: 'n', startingDeadline: 365 * DAY })), []);
  assert.equal(removed(state, fileWith({ address: 'n', when: { kind: 'once', revision: 3 } })), ['old']);
});

it('an intent stays, and so does what is at its address', () => {
  const intents = [{ id: 'i', address: 'a', seen: [], newest: null, since: OLD } as unknown as Intent];
  const state = stateWith({ entries: { a: ENTRY, b: ENTRY }, intents });
  const after = pruned(state, pruneOf(state, fileWith(), NOW, 90 * DAY));
  assert.equal(Object.keys(after.entries), ['a']);
  assert.equal(after.intents, intents);
});

it('marks of schedules that are gone go once they are old; those of the file stay', () => {
  const schedules = {
    gone: { through: OLD, schedule: 's' },
    young: { through: NOW - DAY, schedule: 's' },
    named: { through: OLD, schedule: 's' },
  };
  const state = stateWith({ schedules });
  const prune = pruneOf(state, fileWith({ address: 'named' }), NOW, 90 * DAY);
  assert.equal(prune.schedules, ['gone']);
  assert.equal(Object.keys(pruned(state, prune).schedules ?? {}), ['young', 'named']);
});

it('a mark stays as long as an occurrence of it is on record', () => {
  const entries = { 'gone@2020-01-01T00:00:00Z': { ...ENTRY, over: undefined } as unknown as StateEntry };
  const state = stateWith({ entries, schedules: { gone: { through: OLD, schedule: 's' } } });
  assert.equal(pruneOf(state, fileWith(), NOW, 90 * DAY).schedules, []);
});

it('questions stay, and the record does not seem to know less than before', () => {
  const sight = { newest: OLD - 500, ids: ['3'], open: ['4'], unsure: ['u'] };
  const entry = { ...ENTRY, stamps: { 17: { createdAt: OLD, executeAt: OLD } } };
  const state = stateWith({ entries: { a: entry }, sight });
  const after = pruned(state, pruneOf(state, fileWith(), NOW, 90 * DAY));
  assert.equal(after.sight, { newest: OLD, ids: ['3', '17'], open: ['4'], unsure: ['u'] });
  const older = stateWith({ entries: { a: ENTRY } });
  const told = pruned(older, pruneOf(older, fileWith(), NOW, 90 * DAY)).sight!;
  assert.ok(told.newest !== null && told.newest >= OLD);
  assert.equal(told.ids, ['17']);
});

it('earlier runs go once nobody can ask for them; where nothing goes, the state is the same object', () => {
  const ran = [
    { digest: 'x', batchIds: ['1'], notAfter: OLD },
    { digest: 'y', batchIds: ['2'], notAfter: NOW + DAY },
  ];
  const state = stateWith({ ran });
  const after = pruned(state, pruneOf(state, fileWith(), NOW, 90 * DAY));
  assert.equal(after.ran, ran.slice(1));
  assert.is(pruned(after, pruneOf(after, fileWith(), NOW, 90 * DAY)), after);
});

it.run();
