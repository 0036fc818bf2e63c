/**
 * Twice as many batches take about twice the work. Time is too noisy to tell; so reads are counted, of everything that
 * a plan is given: each property of each object and array.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredBatch } from '../../src/model/desired.ts';
import type { ObservedBatch } from '../../src/model/observed.ts';
import type { State, StateEntry } from '../../src/model/state.ts';
import { plan } from '../../src/plan/plan.ts';
import { specDigest } from '../../src/plan/world/spec.ts';
import {
  AT,
  desired,
  desiredBatch,
  entry,
  foreignCrowd,
  intent,
  NOW,
  observation,
  observedBatch,
  server,
  spec,
  specOf,
  state,
  targets,
} from '../support/builders.ts';

const it = suite('linear');

/** The same data; each read of it is counted. Maps and sets are handed out as they are. */
function counted<T extends object>(root: T): { data: T; reads: () => number } {
  let reads = 0;
  const known = new WeakMap<object, object>();
  const wrap = <V>(value: V): V => {
    if (typeof value !== 'object' || value === null || value instanceof Map || value instanceof Set)
      return value;
    const before = known.get(value);
    if (before !== undefined) return before as V;
    const proxy = new Proxy(value, {
      get(target, key, receiver) {
        reads += 1;
        return wrap(Reflect.get(target, key, receiver));
      },
    });
    known.set(value, proxy);
    return proxy as V;
  };
  return { data: wrap(root), reads: () => reads };
}

interface World {
  readonly wanted: readonly DesiredBatch[];
  readonly state: State | null;
  readonly batches: readonly ObservedBatch[];
  readonly moved?: readonly { from: string; to: string }[];
}

function readsOf({ wanted, state: record, batches, moved = [] }: World, expected: string): number {
  const place = desiredBatch('x').at;
  const list = moved.map((one) => ({ ...one, ...place }));
  const { data, reads } = counted({
    desired: desired(wanted, { moved: list }),
    state: record,
    observation: observation(batches, { batchListFull: true }),
    now: NOW,
    fleetformVersion: '0.0.0-test',
    api: 'sandbox',
  });
  const { changes } = plan(data);
  const actions = [...new Set(changes.map(({ action }) => action))].sort().join();
  assert.is(actions, expected);
  return reads();
}

const at = (i: number) => AT + i * 600;
const on = (i: number) => targets({ instances: [server(i)] });
const asked = (name: string, i: number, fields: Partial<DesiredBatch> = {}) =>
  desiredBatch(`${name}${i}`, { executeAt: at(i), targets: on(i), ...fields });
const numbers = (n: number) => Array.from({ length: n }, (_, i) => i);
const pending = (i: number, fields = {}) =>
  observedBatch(String(100_000 + i), { on: [server(i)], executeAt: at(i), ...fields });
const bound = (i: number, fields = {}): StateEntry =>
  entry([String(100_000 + i)], specOf(asked('a', i, fields)));
const recorded = (n: number, fields = {}) =>
  state(Object.fromEntries(numbers(n).map((i) => [`a${i}`, bound(i, fields)])), {
    sight: { newest: NOW - 1200, ids: [] },
  });
const digestOf = (i: number) => specDigest(specOf(asked('a', i, { executeAt: null })));
/** A full window of strangers that may be anybody's by their time. */
const strangers = (n: number, fields = {}) =>
  foreignCrowd(100, fields).map((one, i) => ({ ...one, executeAt: at(Math.floor((i * n) / 100)) }));

const worlds: [string, string, (n: number) => World][] = [
  [
    'bound batches against a full window',
    'no-op',
    (n) => ({
      wanted: numbers(n).map((i) => asked('a', i)),
      state: recorded(n),
      batches: [...numbers(n).map((i) => pending(i)), ...strangers(n)],
    }),
  ],
  [
    'changed times',
    'replace',
    (n) => ({
      wanted: numbers(n).map((i) => asked('a', i, { executeAt: at(i) + 300 })),
      state: recorded(n),
      batches: [...numbers(n).map((i) => pending(i)), ...strangers(n)],
    }),
  ],
  [
    'new names',
    'no-op',
    (n) => ({
      wanted: numbers(n).map((i) => asked('b', i)),
      state: recorded(n),
      batches: [...numbers(n).map((i) => pending(i)), ...strangers(n)],
    }),
  ],
  [
    'names that shift by one',
    'cancel,no-op',
    (n) => ({
      wanted: numbers(n - 1).map((i) => asked('a', i, { executeAt: at(i + 1), targets: on(i + 1) })),
      state: recorded(n),
      batches: [...numbers(n).map((i) => pending(i)), ...strangers(n)],
    }),
  ],
  [
    'new ones, of one time',
    'create',
    (n) => ({
      wanted: numbers(n).map((i) => asked('b', i, { executeAt: AT })),
      state: state({}, { sight: { newest: NOW - 1200, ids: [] } }),
      batches: strangers(n),
    }),
  ],
  [
    'changed ones, of one time',
    'replace',
    (n) => ({
      wanted: numbers(n).map((i) => asked('a', i, { executeAt: AT + 30 })),
      state: recorded(n, { executeAt: AT }),
      batches: [
        ...numbers(n).map((i) => pending(i, { executeAt: AT })),
        ...strangers(n, { template: 'Collect logs' }),
      ],
    }),
  ],
  [
    'adopted without a state',
    'adopt',
    (n) => ({
      wanted: numbers(n).map((i) => asked('a', i)),
      state: null,
      batches: numbers(n).map((i) => pending(i)),
    }),
  ],
  [
    'in question, all of them',
    '',
    (n) => ({
      wanted: numbers(n).map((i) => asked('a', i)),
      state: null,
      batches: numbers(n).map((i) => pending(i, { isSeen: false })),
    }),
  ],
  [
    'in question, all of them, and once',
    '',
    (n) => ({
      wanted: numbers(n).map((i) => asked('a', i, { executeAt: null })),
      state: state({}, { sight: { newest: NOW - 1200, ids: [], unsure: numbers(n).map(digestOf) } }),
      batches: foreignCrowd(99, { isSeen: false, createdAt: NOW - 9000, executeAt: null }),
    }),
  ],
  [
    'out of sight, all of them',
    '',
    (n) => ({
      wanted: numbers(n).map((i) => asked('a', i)),
      state: state({}, { sight: { newest: NOW - 9000, ids: [] } }),
      batches: foreignCrowd(100, { createdAt: NOW }),
    }),
  ],
  [
    'said in other words, all of them',
    'adopt',
    (n) => ({
      wanted: numbers(n).map((i) => asked('a', i, { executeAt: at(i) + 30 })),
      state: recorded(n),
      batches: [...numbers(n).map((i) => pending(i, { phases: 'done' })), ...strangers(n)],
    }),
  ],
  [
    'run by others, all of them',
    '',
    (n) => ({
      wanted: numbers(n).map((i) => asked('b', i, { executeAt: at(i) + 30 })),
      state: recorded(n),
      batches: [...numbers(n).map((i) => pending(i, { phases: 'done' })), ...strangers(n)],
    }),
  ],
  [
    'one time and one target for all of them, and a window of what each may be',
    '',
    (n) => ({
      wanted: numbers(n).map((i) => desiredBatch(`a${i}`, { params: [{ name: 'n', value: String(i) }] })),
      state: state({}, { sight: { newest: NOW - 9000, ids: [] } }),
      batches: numbers(90).map((i) => observedBatch(String(100_000 + i))),
    }),
  ],
  [
    'half a minute apart, and a batch of exactly each time',
    'adopt',
    (n) => ({
      wanted: numbers(n).map((i) => desiredBatch(`a${i}`, { executeAt: AT + i * 30 })),
      state: null,
      batches: numbers(n).map((i) => observedBatch(String(100_000 + i), { executeAt: AT + i * 30 })),
    }),
  ],
  [
    'gone from the file',
    'cancel',
    (n) => ({
      wanted: [asked('b', n + 1)].slice(1),
      state: recorded(n),
      batches: numbers(n).map((i) => pending(i)),
    }),
  ],
  [
    'moves that follow each other',
    'no-op',
    (n) => ({
      wanted: [asked(`m${n}x`, 0)],
      state: state({ m0x0: bound(0) }, { sight: { newest: NOW - 1200, ids: [] } }),
      batches: [pending(0)],
      moved: numbers(n).map((i) => ({ from: `m${i}x0`, to: `m${i + 1}x0` })),
    }),
  ],
  [
    'as many moves as batches',
    'no-op',
    (n) => ({
      wanted: numbers(n).map((i) => asked('b', i)),
      state: recorded(n),
      batches: numbers(n).map((i) => pending(i)),
      moved: numbers(n).map((i) => ({ from: `a${i}`, to: `b${i}` })),
    }),
  ],
];
for (const [what, actions, make] of worlds) {
  it(`${what}`, () => {
    const [one, two] = [readsOf(make(300), actions), readsOf(make(600), actions)];
    const ratio = two / one;
    assert.ok(ratio < 2.6, `${one} reads for 300, ${two} for 600: ${ratio.toFixed(2)} times as many`);
  });
}

it('leftover creates of as many times', () => {
  const make = (n: number): World => ({
    wanted: numbers(n).map((i) => asked('a', i)),
    state: state(
      {},
      {
        intents: numbers(n).map((i) =>
          intent(`a${i}`, spec({ ...on(i), executeAt: at(i) }), { sentAt: NOW - 600 }),
        ),
        sight: { newest: NOW - 1200, ids: [] },
      },
    ),
    batches: foreignCrowd(99, { createdAt: NOW - 90_000 }),
  });
  const ratio = readsOf(make(600), 'create') / readsOf(make(300), 'create');
  assert.ok(ratio < 2.6, `${ratio.toFixed(2)} times as many`);
});

it('leftover creates that are all in doubt still', () => {
  const make = (n: number): World => ({
    wanted: numbers(n).map((i) => asked('a', i)),
    state: state(
      {},
      {
        intents: numbers(n).map((i) =>
          intent(`a${i}`, spec({ ...on(i), executeAt: at(i) }), { sentAt: NOW }),
        ),
      },
    ),
    batches: [],
  });
  const ratio = readsOf(make(600), '') / readsOf(make(300), '');
  assert.ok(ratio < 2.6, `${ratio.toFixed(2)} times as many`);
});

it('leftover creates that are all in doubt still, and as many others', () => {
  const make = (n: number): World => ({
    wanted: numbers(n).map((i) => asked('b', i, { template: { id: '3' } })),
    state: state(
      {},
      {
        intents: numbers(n).map((i) =>
          intent(`a${i}`, spec({ ...on(i), executeAt: at(i) }), { sentAt: NOW }),
        ),
      },
    ),
    batches: [],
  });
  const ratio = readsOf(make(600), '') / readsOf(make(300), '');
  assert.ok(ratio < 2.6, `${ratio.toFixed(2)} times as many`);
});

it.run();
