import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TaskCounts } from '../../../src/model/batch-phase.ts';
import type { Change, Plan } from '../../../src/model/plan.ts';
import type { StateEntry } from '../../../src/model/state.ts';
import { beyondReview, planDifferences, staleness, subjectsOf } from '../../../src/plan/review/compare.ts';
import { specDigest } from '../../../src/plan/world/spec.ts';
import {
  AT,
  desired,
  desiredBatch,
  entry,
  observation,
  observedBatch,
  planOf,
  spec,
  state,
  US,
} from '../../support/builders.ts';
import { runs, world } from '../worlds.ts';
import '../../support/seed.ts';

const it = suite('planDifferences');

const NONE: TaskCounts = { pending: 0, running: 0, paused: 0, done: 0, failed: 0, cancelled: 0, unknown: 0 };
const later = spec({ executeAt: AT + 60 });
const base = { address: 'a', reason: 'because', batchIds: ['41'], servers: 4, targetText: 'fleet eu' };
const there = { phase: 'scheduled', tasks: { ...NONE, pending: 4 } } as const;
const making = { paused: false, preventCancel: false, notAfter: AT + 300, follows: [], awaits: [] } as const;
const CREATE: Change = {
  ...base,
  ...making,
  action: 'create',
  batchIds: [],
  before: null,
  after: spec(),
  digest: specDigest(spec()),
};
const CANCEL: Extract<Change, { readonly action: 'cancel' }> = {
  ...base,
  ...there,
  action: 'cancel',
  before: spec(),
  unmanaged: null,
  after: null,
  preventCancel: false,
};
const REPLACE: Change = {
  ...base,
  ...there,
  ...making,
  action: 'replace',
  before: spec(),
  after: later,
  digest: specDigest(later),
};
const ADOPT: Change = {
  ...base,
  ...there,
  action: 'adopt',
  before: null,
  after: spec(),
  digest: specDigest(spec()),
  toggle: null,
  notAfter: AT + 300,
  preventCancel: false,
};
const PAUSE: Change = {
  ...base,
  ...there,
  action: 'pause',
  before: spec(),
  after: spec(),
  preventCancel: false,
};
const NOOP: Change = {
  ...base,
  ...there,
  action: 'no-op',
  before: spec(),
  after: spec(),
  preventCancel: false,
};
const FORGET: Change = { ...base, action: 'forget', before: spec(), after: null };
const MISSED: Change = { ...base, action: 'missed', batchIds: [], before: null, after: spec() };

function withChanges(...changes: Change[]): Plan {
  return { ...planOf({ desired: desired([]) }), changes };
}

function differences(then: Change | null, now: Change | null): string[] {
  return planDifferences(
    withChanges(...(then === null ? [] : [then])),
    withChanges(...(now === null ? [] : [now])),
  );
}

const table: [string, Change | null, Change | null, string[]][] = [
  ['gone', CREATE, null, ['a: was to create, now there is nothing to do']],
  ['new', null, CANCEL, ['a: now it would cancel batch 41 (because)']],
  ['another action', CREATE, ADOPT, ['a: was to create, now it would adopt batch 41 (because)']],
  [
    'what was to be done is not needed',
    PAUSE,
    NOOP,
    ['a: was to pause batch 41, now there is nothing to do'],
  ],
  [
    'another batch',
    CANCEL,
    { ...CANCEL, batchIds: ['42', '43'] },
    ['a: its batch (41 -> 42, 43) changed since'],
  ],
  ['another wish', CREATE, { ...CREATE, after: later }, ['a: what it asks for changed since']],
  [
    'another wish of a replace',
    REPLACE,
    { ...REPLACE, after: spec({ executeAt: AT + 61 }) },
    ['a: what it asks for changed since'],
  ],
  ['paused by now', CREATE, { ...CREATE, paused: true }, ['a: what it asks for changed since']],
  [
    'another beginning',
    REPLACE,
    { ...REPLACE, before: spec({ fleets: [US] }) },
    ['a: what it was before changed since'],
  ],
  [
    'a create that would come after a batch',
    CREATE,
    { ...CREATE, follows: ['41'] },
    ['a: what it asks for changed since'],
  ],
  ['a create that has to wait', CREATE, { ...CREATE, awaits: ['41'] }, ['a: what it asks for changed since']],
  ['another deadline', CREATE, { ...CREATE, notAfter: AT + 60 }, ['a: what it asks for changed since']],
  ['to be paused once bound', ADOPT, { ...ADOPT, toggle: 'pause' }, ['a: what it asks for changed since']],
  [
    'resume instead of pause',
    PAUSE,
    { ...PAUSE, action: 'resume' },
    ['a: was to pause batch 41, now it would resume batch 41 (because)'],
  ],
  ['more tasks done', CANCEL, { ...CANCEL, phase: 'running', tasks: { ...NONE, done: 2, pending: 2 } }, []],
  ['more game servers', CREATE, { ...CREATE, servers: 40 }, []],
  ['in other words', CREATE, { ...CREATE, reason: 'for it is so', targetText: 'the fleet' }, []],
  ['a no-op that came', null, NOOP, []],
  ['a no-op that went', NOOP, null, []],
  ['over by now, to be forgotten', null, FORGET, []],
  ['missed by now', null, MISSED, []],
  ['missed instead of created', CREATE, MISSED, ['a: was to create, now there is nothing to do']],
];
for (const [what, then, now, expected] of table)
  it(what, () => assert.equal(differences(then, now), expected));

it('the order of the changes, the diagnostics and what is unmanaged are no difference', () => {
  const other: Change = { ...CREATE, address: 'b' };
  const now = {
    ...withChanges(other, CREATE),
    diagnostics: [{ severity: 'warning', code: 'x', message: 'y' } as const],
  };
  assert.equal(planDifferences(withChanges(CREATE, other), now), []);
});

it('a plan is no different from itself, nor from its JSON; and is different from one without one of its changes', () => {
  let compared = 0;
  const worlds = world({
    overlap: true,
    inventory: ['exact', 'none'],
    state: ['none', 'stale'],
    once: true,
    foreign: 2,
    edited: true,
  });
  fc.assert(
    fc.property(worlds, (drawn) => {
      const made = planOf(drawn);
      assert.equal(planDifferences(made, JSON.parse(JSON.stringify(made))), []);
      for (const change of made.changes) {
        if (['no-op', 'missed', 'forget'].includes(change.action)) continue;
        const without = { ...made, changes: made.changes.filter((one) => one !== change) };
        assert.is(planDifferences(made, without).length, 1);
        assert.is(planDifferences(without, made).length, 1);
        compared += 1;
      }
    }),
    runs(500),
  );
  assert.ok(compared > 300);
});

it('of two plans, an address each: what one pull request merged in between makes the other stale', () => {
  const then = planOf({ desired: desired([desiredBatch('a')]), state: state() });
  const now = planOf({
    desired: desired([desiredBatch('a')]),
    state: state({ a: entry(['41']) }),
    observation: observation([observedBatch('41')]),
  });
  assert.equal(planDifferences(then, now), ['a: was to create, now there is nothing to do']);
});

const written = (serial: number, entries: Parameters<typeof state>[0] = {}) => state(entries, { serial });

function saved(fields: Partial<Plan>, ...changes: Change[]): Plan {
  const record = { lineage: state().lineage, serial: 3 };
  return { ...withChanges(...changes), state: record, ...fields };
}

const since = (...them: Parameters<typeof staleness>) => staleness(...them).differences;

it('a saved plan holds while the state is the same and its own batches would be treated the same', () => {
  const other: Change = { ...CREATE, address: 'b' };
  assert.equal(since(saved({}, CREATE), saved({}, CREATE), written(3)), []);
  assert.equal(since(saved({}, CREATE), saved({}, CREATE, other), written(3)), []);
  assert.equal(beyondReview(saved({}, CREATE), saved({}, CREATE, other)), [
    'b: now it would create (because)',
  ]);
});

it('a state that was written since makes it stale, and what was bound is told', () => {
  const now = written(5, { a: entry(['41'], later), c: entry(['50']) });
  assert.equal(since(saved({}, CREATE), saved({}, NOOP), now), [
    'the state has been written since: serial 3 then, serial 5 now',
    'a: was to create, now there is nothing to do',
    'c: bound to batch 50 since',
  ]);
  const same = written(4, { a: entry(['41']) });
  assert.equal(since(saved({}, NOOP), saved({}, NOOP), same), [
    'the state has been written since: serial 3 then, serial 4 now',
  ]);
});

it('so does one that came to be, or is gone', () => {
  const none = saved({ state: null }, CREATE);
  assert.equal(since(none, none, null), []);
  assert.equal(since(none, none, written(1))[0], 'the state has been written since: none then, serial 1 now');
  assert.equal(
    since(saved({}, CREATE), none, null)[0],
    'the state has been written since: serial 3 then, none now',
  );
});

it('a part of a plan says nothing of addresses outside of it', () => {
  const scope = { ...saved({}).scope, targets: ['a'] };
  const now = written(4, { c: entry(['50']) });
  assert.equal(since(saved({ scope }, CREATE), saved({ scope }, CREATE), now), [
    'the state has been written since: serial 3 then, serial 4 now',
  ]);
});

it('a move that would no longer happen makes it stale', () => {
  const moves = [{ from: 'old', to: 'a' }];
  assert.equal(since(saved({ moves }, NOOP), saved({}, NOOP), written(3)), [
    'a: was to take over from old, but no longer would',
  ]);
  assert.equal([...subjectsOf(saved({ moves }, NOOP))], ['a']);
});

const MOVES = [{ from: 'old', to: 'a' }];
const OTHER: Change = { ...CREATE, address: 'b' };
const bound = entry(['42']);
for (const [what, reviewed, fresh, now, expected] of [
  ['a create', [CREATE], [NOOP], { a: bound }, '1 of 1'],
  [
    'a create, and nothing was written',
    [CREATE],
    [NOOP],
    null,
    '0 of 1: a: was to create, now there is nothing to do',
  ],
  [
    'a create of other words',
    [CREATE],
    [NOOP],
    { a: entry(['42'], later) },
    '0 of 1: a: was to create, now there is nothing to do',
  ],
  [
    'bound to what it follows',
    [{ ...CREATE, follows: ['42'] }],
    [NOOP],
    { a: bound },
    '0 of 1: a: was to create, now there is nothing to do',
  ],
  [
    'a create, and asked for anew since',
    [CREATE],
    [REPLACE],
    { a: bound },
    '0 of 1: a: was to create, now it would replace batch 41 (because)',
  ],
  ['one of two', [CREATE, OTHER], [NOOP, OTHER], { a: bound }, '1 of 2: '],
  ['a replace', [REPLACE], [NOOP], { a: entry(['42'], later) }, '1 of 1'],
  [
    'half a replace',
    [REPLACE],
    [{ ...CREATE, after: later }],
    {},
    '0 of 1: a: was to replace batch 41, now it would create (because)',
  ],
  ['a cancel', [CANCEL], [], {}, '1 of 1'],
  ['a cancel that left some', [CANCEL], [CANCEL], { a: entry(['41']) }, '0 of 1: '],
  ['a pause', [PAUSE], [NOOP], { a: entry(['41']) }, '1 of 1'],
  [
    'a pause of what is another one now',
    [PAUSE],
    [NOOP],
    { a: bound },
    '0 of 1: a: was to pause batch 41, now there is nothing to do',
  ],
  ['an adoption', [ADOPT], [NOOP], { a: entry(['41']) }, '1 of 1'],
  ['a forget', [FORGET], [], {}, '1 of 1'],
] as [string, Change[], Change[], Record<string, StateEntry> | null, string][]) {
  it(`done since: ${what}`, () => {
    const state = now === null ? written(3) : written(4, now);
    const { differences, done, total } = staleness(saved({}, ...reviewed), saved({}, ...fresh), state);
    const others = differences.filter((text) => !text.startsWith('the state has been written since'));
    const isAll = differences.length === 0;
    assert.is(`${done} of ${total}${isAll ? '' : `: ${others.join()}`}`, expected);
  });
}

it('done since: not by the state, so it was somebody else', () => {
  const now = written(3, { a: entry(['41']) });
  assert.equal(staleness(saved({}, PAUSE), saved({}, NOOP), now), {
    differences: ['a: was to pause batch 41, now there is nothing to do'],
    done: 0,
    total: 1,
  });
});

it('done since: not what lost its record and lives', () => {
  const alive = { batchId: '41', template: 'T', executeAt: AT, numTasks: 4, phase: 'scheduled' } as const;
  const reviewed = saved({}, CANCEL);
  assert.is(staleness(reviewed, saved({ unmanaged: [alive] }), written(4, {})).done, 0);
  assert.is(staleness(reviewed, saved({ unmanaged: [{ ...alive, batchId: '42' }] }), written(4, {})).done, 1);
});

it('done since: a move, and not before it is whole', () => {
  const reviewed = saved({ moves: MOVES }, NOOP);
  const fresh = saved({}, NOOP);
  assert.equal(staleness(reviewed, fresh, written(4, { a: entry(['41']) })), {
    differences: [],
    done: 1,
    total: 1,
  });
  assert.is(staleness(reviewed, fresh, written(4, { a: entry(['41']), old: bound })).done, 0);
});

it.run();
