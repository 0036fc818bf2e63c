import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emptyState, entryOf } from '../../src/model/recorded.ts';
import type { State, StateEntry } from '../../src/model/state.ts';
import type { Edit } from '../../src/state/edits.ts';
import { edited, Ledger } from '../../src/state/ledger.ts';
import { parseState, stateToJson } from '../../src/state/state-json.ts';
import { counted, entryFor, intentFor } from './records.ts';
import '../support/seed.ts';

const LINEAGE = '0b8f6d6e-3f0f-4b0a-9d0c-1c5f7a3e2d10';
const EMPTY = emptyState({ lineage: 'l', name: 'live', api: 'sandbox' });
const START: State = {
  ...EMPTY,
  serial: 7,
  entries: { a: entryFor('1'), b: entryFor('2'), c: entryFor('3') },
  intents: [intentFor('a'), intentFor('x'), intentFor('y')],
};

const edits = suite('ledger');

const bound = (state: State) =>
  Object.fromEntries(
    Object.entries(state.entries).map(([address, entry]) => [address, entry.batchIds.join()]),
  );
const doubts = (state: State) => state.intents.map(({ id, address }) => `${id} at ${address}`);

edits('binding settles the doubt of its address, and of no other', () => {
  const next = edited(START, [
    { kind: 'bind', address: 'x', entry: entryFor('9') },
    { kind: 'bind', address: 'a', entry: entryFor('8') },
  ]);
  assert.equal(bound(next), { a: '8', b: '2', c: '3', x: '9' });
  assert.equal(doubts(next), ['i-y at y']);
  assert.is(next.serial, 7);
  assert.equal(bound(START), { a: '1', b: '2', c: '3' }, 'what was there before is as it was');
});

edits(
  'what an address had before is remembered while it could be asked for again, if its time had come',
  () => {
    const of = (digest: string, executeAt: number | null, fields: Partial<StateEntry> = {}): StateEntry => {
      const entry = entryFor('1');
      return {
        ...entry,
        digest,
        spec: { ...entry.spec, executeAt },
        createdAt: 1000,
        notAfter: 2000,
        ...fields,
      };
    };
    const after = (before: StateEntry, ...then: StateEntry[]) =>
      edited(
        { ...EMPTY, entries: { a: before } },
        then.map((entry) => ({ kind: 'bind', address: 'a', entry })),
      ).ran;
    const next = of('new', 9000, { createdAt: 1500 });
    const one = { digest: 'old', batchIds: ['1'], notAfter: 2000 };
    assert.equal(after(of('old', 1400), next), [one]);
    assert.equal(after(of('old', 1500), next), [one], 'it begins in this second');
    assert.is(after(of('old', 1501), next), undefined, 'it was to come');
    assert.is(after(of('old', null), next), undefined, 'once');
    assert.is(after(of('old', 1400, { phase: 'cancelled' }), next), undefined);
    assert.is(after(of('old', 1400, { notAfter: 1500 }), next), undefined, 'too late by now');
    assert.is(after(of('old', 1400, { notAfter: null }), next), undefined);
    assert.is(after(of('old', 1400), of('old', 1400, { createdAt: 1500 })), undefined, 'the very same');
    assert.is(after(of('old', 1400), next, { ...next, createdAt: 2000 }), undefined, 'its deadline is over');
    const kept = edited({ ...EMPTY, ran: [one] }, [{ kind: 'bind', address: 'b', entry: next }]);
    assert.equal(parseState(stateToJson({ ...kept, lineage: LINEAGE }), 'x').ran, [one]);
  },
);

edits('unbinding forgets what was bound, and what was in doubt', () => {
  const next = edited(START, [
    { kind: 'unbind', address: 'a' },
    { kind: 'unbind', address: 'y' },
  ]);
  assert.equal([bound(next), doubts(next)], [{ b: '2', c: '3' }, ['i-x at x']]);
});

edits('an address has one intent at most; the order is that of creation', () => {
  const again = intentFor('x', 'later');
  assert.equal(doubts(edited(START, [{ kind: 'intend', intents: [intentFor('z'), again] }])), [
    'i-a at a',
    'i-y at y',
    'i-z at z',
    'later at x',
  ]);
  assert.equal(doubts(edited(START, [{ kind: 'drop-intent', id: 'i-x' }])), ['i-a at a', 'i-y at y']);
});

edits('the sending is noted of the intents that it is about', () => {
  const next = edited(START, [{ kind: 'sent', intentIds: ['i-x', 'i-gone'], at: 5 }]);
  assert.equal(
    next.intents.map(({ sentAt }) => sentAt),
    [undefined, 5, undefined],
  );
  assert.is(edited(next, [{ kind: 'sent', intentIds: ['i-x'], at: 5 }]), next);
  assert.is(edited(next, [{ kind: 'sent', intentIds: ['i-x'], at: null }]).intents[1]?.sentAt, null);
});

edits('names swap, follow each other, and take their doubts along', () => {
  const names = new Map([
    ['a', 'b'],
    ['b', 'a'],
    ['c', 'd'],
    ['x', 'c'],
    ['nobody', 'a'],
    ['y', 'y'],
  ]);
  const next = edited(START, [{ kind: 'rename', names }]);
  assert.equal(bound(next), { b: '1', a: '2', d: '3' });
  assert.equal(doubts(next), ['i-a at b', 'i-x at c', 'i-y at y']);
  // Whatever comes next knows them by their new names.
  const settled = edited(START, [
    { kind: 'rename', names },
    { kind: 'bind', address: 'c', entry: entryFor('4') },
  ]);
  assert.equal(doubts(settled), ['i-a at b', 'i-y at y']);
});

edits('a name that would forget another one is refused', () => {
  for (const names of [
    [['a', 'b']],
    [['x', 'y']],
    [
      ['a', 'z'],
      ['b', 'z'],
    ],
    [
      ['a', 'b'],
      ['b', 'c'],
    ],
  ] as [string, string][][]) {
    assert.throws(
      () => edited(START, [{ kind: 'rename', names: new Map(names) }]),
      (error: { code: string }) => error.code === 'state.occupied',
    );
  }
});

edits('marks and notes are of what is bound', () => {
  const marked = edited(START, [{ kind: 'replacing', address: 'a', mark: true }]);
  assert.is(marked.entries.a?.replacing, true);
  const back = edited(marked, [{ kind: 'replacing', address: 'a', mark: null }]);
  assert.not('replacing' in back.entries.a!);
  const noted = edited(START, [{ kind: 'note', address: 'b', fields: { phase: 'done' } }]);
  assert.equal([noted.entries.b?.phase, noted.entries.b?.preventCancel], ['done', false]);
});

edits('the sight is the last one', () => {
  const sight = { newest: 5, ids: ['1'] };
  const next = edited(START, [
    { kind: 'sight', sight: { newest: 4, ids: [] } },
    { kind: 'sight', sight },
  ]);
  assert.equal(next.sight, sight);
  assert.is(edited(next, [{ kind: 'sight', sight: { newest: 5, ids: ['1'] } }]), next);
  for (const more of [{ open: ['1'] }, { unsure: ['d'] }, { ids: ['2'] }, { newest: 6 }]) {
    const other = { ...sight, ...more };
    assert.equal(edited(next, [{ kind: 'sight', sight: other }]).sight, other);
  }
  assert.not('sight' in edited(START, [{ kind: 'unbind', address: 'a' }]));
});

edits('what changes nothing gives the very same state', () => {
  const none: Edit[] = [
    { kind: 'unbind', address: 'nobody' },
    { kind: 'rename', names: new Map([['nobody', 'a']]) },
    { kind: 'intend', intents: [] },
    { kind: 'sent', intentIds: ['nobody'], at: 1 },
    { kind: 'drop-intent', id: 'nobody' },
    { kind: 'note', address: 'nobody', fields: { phase: 'done' } },
    { kind: 'note', address: 'a', fields: { phase: 'scheduled', preventCancel: false } },
    { kind: 'replacing', address: 'a', mark: null },
    { kind: 'replacing', address: 'nobody', mark: true },
    { kind: 'bind', address: 'b', entry: START.entries.b! },
  ];
  assert.is(edited(START, none), START);
  assert.is(edited(START, []), START);
});

edits('any word is an address', () => {
  for (const address of ['constructor', '__proto__', 'toString']) {
    assert.is(entryOf(START, address), undefined);
    assert.is(edited(START, [{ kind: 'note', address, fields: { phase: 'done' } }]), START);
    const next = edited(START, [
      { kind: 'intend', intents: [intentFor(address)] },
      { kind: 'bind', address, entry: entryFor('9') },
    ]);
    assert.equal([entryOf(next, address)?.batchIds, next.intents.length], [['9'], 3]);
    assert.is(Object.getPrototypeOf(next.entries), Object.prototype);
    const kept = parseState(stateToJson(next), 'x');
    assert.equal(entryOf(kept, address)?.batchIds, ['9']);
    const renamed = edited(kept, [{ kind: 'rename', names: new Map([[address, 'z']]) }]);
    assert.equal([entryOf(renamed, address), entryOf(renamed, 'z')?.batchIds], [undefined, ['9']]);
  }
});

edits('the ledger knows whose a batch is, whatever happened before', () => {
  const names = fc.constantFrom('a', 'b', 'c', 'd', '__proto__');
  const ids = fc.array(fc.constantFrom('1', '2', '3', '4'), { minLength: 1, maxLength: 3 });
  const one: fc.Arbitrary<Edit> = fc.oneof(
    fc.record({
      kind: fc.constant('bind' as const),
      address: names,
      entry: ids.map((all) => entryFor(...all)),
    }),
    fc.record({ kind: fc.constant('unbind' as const), address: names }),
    fc.record({
      kind: fc.constant('rename' as const),
      names: fc.tuple(names, names).map(
        ([x, y]) =>
          new Map([
            [x, y],
            [y, x],
          ]),
      ), // a swap
    }),
    names.map((address): Edit => ({ kind: 'intend', intents: [intentFor(address)] })),
    fc.record({
      kind: fc.constant('replacing' as const),
      address: names,
      mark: fc.constantFrom(true as const, 'unless-run' as const, null),
    }),
  );
  void fc.assert(
    fc.property(fc.array(one, { maxLength: 30 }), (list) => {
      const ledger = new Ledger(EMPTY);
      for (const edit of list) ledger.edit([edit]);
      const state = ledger.state();
      assert.equal(edited(EMPTY, list), state, 'all at once is one after the other');
      for (const address of ['a', 'b', 'c', 'd', '__proto__'])
        assert.is(ledger.entry(address), entryOf(state, address));
      assert.equal(ledger.intents(), state.intents);
      const at = state.intents.map(({ address }) => address);
      assert.is(new Set(at).size, at.length);
    }),
  );
});

edits('a thousand edits read every entry once', () => {
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`old-${i}`, entryFor(`${i}`)]));
  const reads = [1, 1000].map((count) => {
    const watched = counted(many);
    const list = Array.from({ length: count }, (_, i): Edit[] => [
      { kind: 'bind', address: `new-${i}`, entry: entryFor(`1${i}`) },
      { kind: 'note', address: `old-${i}`, fields: { phase: 'done' } },
      { kind: 'rename', names: new Map([[`old-${i}`, `moved-${i}`]]) },
    ]);
    const next = edited({ ...EMPTY, entries: watched.entries }, list.flat());
    assert.is(Object.keys(next.entries).length, 1000 + count);
    return watched.reads();
  });
  assert.is(reads[1], reads[0]);
});

edits('copies once for the whole list', () => {
  // With a copy for each edit this is minutes of work; so the bound needs no quiet machine.
  const list = Array.from({ length: 20_000 }, (_, i): Edit => {
    return { kind: 'bind', address: `new-${i}`, entry: entryFor(`${i}`) };
  });
  const before = process.cpuUsage();
  assert.is(Object.keys(edited(EMPTY, list).entries).length, 20_000);
  assert.ok(process.cpuUsage(before).user < 5_000_000);
});

edits(
  'what was replaced, or is over and let go of, stays known as its own; what a person lets go of does not',
  () => {
    const next = edited(START, [
      { kind: 'bind', address: 'a', entry: entryFor('11') },
      { kind: 'bind', address: 'a', entry: entryFor('12') },
      { kind: 'unbind', address: 'b', isDone: true },
      { kind: 'unbind', address: 'c' },
      { kind: 'rename', names: new Map([['a', 'z']]) },
    ]);
    const former = (of: State) => of.former?.map(({ id, address }) => `${id} of ${address}`) ?? [];
    assert.equal(former(next), ['1 of z', '11 of z', '2 of b']);
    assert.equal(former(parseState(stateToJson(next), 'it')), former(next));
    const again = edited(next, [{ kind: 'bind', address: 'b', entry: entryFor('2') }]);
    assert.equal(former(again), ['1 of z', '11 of z'], 'it is owned again');
  },
);

edits('only the newest of its former batches are kept', () => {
  const many = Array.from({ length: 500 }, (_, i): Edit => {
    return { kind: 'bind', address: 'a', entry: entryFor(String(1000 + i)) };
  });
  const { former = [] } = edited(START, many);
  assert.is(former.length, 106);
  assert.is(former.at(-1)?.id, '1498');
});

edits.run();
