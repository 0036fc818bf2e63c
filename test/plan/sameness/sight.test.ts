import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ObservedBatch } from '../../../src/model/observed.ts';
import {
  batchListOf,
  isNewerThan,
  isPoorer,
  knownBy,
  lacksMade,
  newestOf,
  reachesBack,
  reachesOlder,
  sightAfter,
  sightOf,
  sightWithout,
} from '../../../src/plan/sameness/sight.ts';
import {
  entry,
  foreignCrowd,
  intent,
  NOW,
  observation,
  observedBatch,
  state,
} from '../../support/builders.ts';

const it = suite('sight');
const BEFORE = NOW - 1200;
const batch = (id: string, createdAt: number | null = NOW) => observedBatch(id, { createdAt });
const list = (batches: readonly ObservedBatch[], isFull = false) => ({
  batches,
  isFull,
  newest: newestOf(batches),
});
const crowd = (createdAt: number) => list(foreignCrowd(100, { createdAt }), true);

it('a full list without anything that was there before may have lost what was made since', () => {
  const sight = (batches: ReturnType<typeof list>, newest: number | null = BEFORE, seen: string[] = []) =>
    sightOf({ newest, seen }, batches);
  assert.is(sight(crowd(NOW)), 'overrun');
  assert.is(sight({ ...crowd(NOW), isFull: false }), 'clear');
  assert.is(sight(crowd(NOW), BEFORE, ['1000']), 'clear');
  assert.is(sight(list([...crowd(NOW).batches, batch('7', BEFORE - 300)], true)), 'clear');
  assert.is(sight(list([...crowd(NOW).batches, batch('7', BEFORE - 299)], true)), 'overrun');
  assert.is(sight(crowd(NOW), null), 'overrun');
});

it('a list without anything as new as what it showed before is behind', () => {
  const sight = (...batches: ObservedBatch[]) => sightOf({ newest: BEFORE, seen: [] }, list(batches));
  assert.is(sight(), 'behind');
  assert.is(sight(batch('7', BEFORE - 1)), 'behind');
  assert.is(sight(batch('7', null)), 'behind');
  assert.is(sight(batch('7', BEFORE - 1), batch('8', BEFORE)), 'clear');
  assert.is(sightOf({ newest: null, seen: [] }, list([])), 'clear');
  assert.equal(
    [isPoorer(1, 1), isPoorer(1, 2), isPoorer(null, 2), isPoorer(null, null)],
    [false, true, true, false],
  );
});

it('a list without what was just made is behind, unless a full one may have lost it', () => {
  assert.is(lacksMade(list([]), []), false);
  assert.is(lacksMade(list([batch('41')]), ['41']), false);
  assert.is(lacksMade(list([batch('41')]), ['41', '42']), true);
  assert.is(lacksMade({ ...crowd(NOW), isFull: false }, ['42']), true);
  assert.is(lacksMade(crowd(NOW), ['42']), false);
});

it('what was looked up one by one is not in the list', () => {
  const seen = observation([batch('41'), batch('42')], {
    listed: ['42'],
    newestListed: 5,
    batchListFull: true,
  });
  const { batches, isFull, newest } = batchListOf(seen);
  assert.equal([batches.map(({ id }) => id), isFull, newest], [['42'], true, 5]);
});

it('a list is full from 75 rows on, however many it says it can have', () => {
  const isFull = (count: number, fields = {}) => batchListOf(observation(foreignCrowd(count), fields)).isFull;
  assert.equal([isFull(74), isFull(75), isFull(100)], [false, true, true]);
  assert.ok(isFull(3, { batchListFull: true }));
  const lookedUp = { listed: foreignCrowd(74).map(({ id }) => id) };
  assert.not(isFull(100, lookedUp), 'what was looked up one by one does not fill it');
});

it('a history reaches older with a task of what was known, or of what is certainly older', () => {
  const byId = new Map([
    ['7', { createdAt: BEFORE - 301 }],
    ['8', { createdAt: BEFORE - 300 }],
    ['9', { createdAt: null }],
  ]);
  const known = { newest: BEFORE, ids: new Set(['6']) };
  const reaches = (batchId: string, executeAt: number | null = null, of = known) =>
    reachesOlder({ tasks: [{ batchId, executeAt }], isFull: false }, of, byId);
  assert.equal(
    ['6', '7', '8', '9', '10'].map((id) => reaches(id)),
    [true, true, false, false, false],
  );
  assert.ok(reaches('10', BEFORE - 301), 'a batch is made before it runs');
  assert.ok(reaches('9', BEFORE - 301));
  assert.not(reaches('8', BEFORE - 301), 'when it was made is told');
  assert.not(reaches('7', null, { ...known, newest: null as unknown as number }));
  assert.not(reachesOlder({ tasks: [], isFull: false }, known, byId), 'a game server may be new');
});

const stamps = (createdAt: number) => ({ stamps: { '41': { createdAt, executeAt: null } } });
it('a record knows of what it has seen, bound, and had in sight before a create', () => {
  const known = knownBy(
    state(
      { a: entry(['41'], undefined, stamps(BEFORE)) },
      {
        sight: { newest: BEFORE - 50, ids: ['7'], open: ['9'], unsure: ['d1'] },
        intents: [intent('b', undefined, { newest: BEFORE - 100, seen: ['8'] })],
      },
    ),
  )!;
  assert.is(known.newest, BEFORE);
  assert.equal([...known.ids], ['7', '41', '8']);
  assert.equal([...known.open], ['9']);
  assert.equal([...known.unsure], ['d1']);
});

it('an old one tells by when it last bound something; without even that it knows of nothing', () => {
  assert.is(knownBy(state({ a: entry(['41']) }))?.newest, NOW - 3600 + 300);
  assert.is(knownBy(state({ a: entry(['41']) }, { sight: { newest: BEFORE, ids: [] } }))?.newest, BEFORE);
  assert.is(knownBy(state()), null);
});

it('what a person bound tells nothing of what else exists', () => {
  const imported = entry(['41'], undefined, { ...stamps(BEFORE), imported: true });
  assert.is(knownBy(state({ a: imported })), null);
  const known = knownBy(state({ a: imported }, { sight: { newest: BEFORE - 900, ids: ['7'] } }));
  assert.equal([known?.newest, [...(known?.ids ?? [])]], [BEFORE - 900, ['7']]);
});

it('what is let go of is in question again', () => {
  const gone = entry(['41'], undefined, stamps(BEFORE));
  const before = state(
    { a: gone },
    { sight: { newest: BEFORE - 900, ids: ['7'], open: ['9'], unsure: ['d'] } },
  );
  assert.equal(sightWithout(before, [gone]), {
    newest: BEFORE,
    ids: ['7', '41'],
    open: ['9', '41'],
    unsure: ['d', gone.digest],
  });
  assert.is(sightWithout(before, []), null);
  assert.is(sightWithout(state({ a: { ...gone, imported: true } }), [gone]), null, 'nothing is known');
});

it('newer is what is not certainly older and not known by its id', () => {
  const known = { newest: BEFORE, ids: new Set(['7']), open: new Set(['9']), unsure: new Set<string>() };
  const newer = (id: string, createdAt: number | null) => isNewerThan(known, { id, createdAt });
  assert.ok(newer('41', BEFORE - 299));
  assert.not(newer('41', BEFORE - 300));
  assert.ok(newer('41', null));
  assert.not(newer('7', NOW));
  assert.ok(newer('9', 0), 'it was in question once');
  assert.ok(isNewerThan({ ...known, newest: null }, { id: '41', createdAt: 0 }));
});

const NONE = { open: new Set<string>(), unsure: new Set<string>() };
it('afterwards all is known that is observed, but for what is in question', () => {
  const seen = [
    batch('1', BEFORE - 300),
    batch('2', BEFORE - 299),
    batch('3', BEFORE),
    batch('4', NOW),
    batch('5', null),
  ];
  assert.equal(sightAfter(null, seen, { ...NONE, open: new Set(['4']) }), {
    newest: BEFORE,
    ids: ['2', '3', '5'],
    open: ['4'],
  });
  assert.equal(sightAfter(null, [], { ...NONE, unsure: new Set(['d1']) }), {
    newest: null,
    ids: [],
    unsure: ['d1'],
  });
  assert.equal(sightAfter(null, [], NONE), { newest: null, ids: [] });
  const before = { newest: NOW, ids: new Set<string>(), open: NONE.open, unsure: NONE.unsure };
  assert.equal(sightAfter(before, seen.slice(0, 3), NONE), { newest: NOW, ids: [] });
});

it('reaching back takes an id, or what is certainly older', () => {
  const known = { newest: BEFORE, ids: new Set(['7']) };
  assert.ok(reachesBack(list([]), known));
  assert.not(reachesBack(list([], true), known));
  assert.not(reachesBack(list([batch('8', null)], true), known));
  assert.ok(reachesBack(list([batch('7', NOW)], true), known));
  assert.not(reachesBack(list([batch('8', 0)], true), { newest: null, ids: new Set() }));
});

it.run();
