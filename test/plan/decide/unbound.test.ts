import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredBatch } from '../../../src/model/desired.ts';
import type { Spec, StateEntry } from '../../../src/model/state.ts';
import type { Decision } from '../../../src/plan/decide/decision.ts';
import { decideFound, decideNew, decideOther } from '../../../src/plan/decide/unbound.ts';
import { WHOLE } from '../../../src/plan/review/selection.ts';
import {
  AT,
  type BatchFields,
  desired,
  desiredBatch,
  entry,
  NOW,
  observation,
  observedBatch,
  servers,
  spec,
  worldOf,
} from '../../support/builders.ts';

const it = suite('decide unbound');

function world(
  file: Partial<DesiredBatch> = {},
  batch: BatchFields | null = null,
  replaces: readonly string[] = [],
) {
  return worldOf({
    desired: desired([desiredBatch('a', file)]),
    observation: observation(batch === null ? [] : [observedBatch('41', batch)]),
    scope: { ...WHOLE, replaces },
  });
}

function told({ change, diagnostics }: Decision): string {
  return [...(change === undefined ? [] : [change.action]), ...diagnostics.map(({ code }) => code)].join(' ');
}

it('new, and due: create, with its deadline, and after what may be the same run', () => {
  const around = world();
  const { change } = decideNew(around.runs[0]!, ['40'], around);
  assert.ok(change?.action === 'create');
  assert.equal([change.notAfter, change.follows, change.awaits, change.servers], [AT + 300, [], ['40'], 4]);
  const once = world({ executeAt: null });
  const made = decideNew(once.runs[0]!, [], once).change;
  assert.ok(made?.action === 'create' && made.notAfter === null && made.reason.startsWith('runs once'));
});

it('late by its deadline: missed', () => {
  for (const [late, expected] of [
    [299, 'create'],
    [300, 'missed plan.missed'],
  ] as const) {
    const around = world({ executeAt: NOW - late });
    assert.is(told(decideNew(around.runs[0]!, [], around)), expected);
  }
});

const PASSED = { executeAt: NOW - 400 };
const other = spec({ executeAt: AT + 3600 });
for (const [what, file, batch, fields, expected, reason] of [
  ['live', {}, { executeAt: AT + 3600 }, {}, 'replace', 'changed in the file'],
  [
    'live, half replaced',
    {},
    { executeAt: AT + 3600, phases: ['cancelled', 'pending', 'pending', 'pending'] },
    { replacing: true },
    'replace',
    'changed in the file',
  ],
  [
    'live, guarded',
    { preventCancel: true },
    { executeAt: AT + 3600 },
    {},
    'replace plan.prevented',
    'changed in the file',
  ],
  [
    'live, guarded until now',
    {},
    { executeAt: AT + 3600 },
    { preventCancel: true },
    'replace plan.guard-lifted',
    'changed in the file',
  ],
  [
    'live, the new time has passed',
    PASSED,
    { executeAt: AT + 3600 },
    {},
    'cancel plan.missed',
    'its new time has already passed',
  ],
  [
    'live and guarded, the new time has passed',
    { ...PASSED, preventCancel: true },
    { executeAt: AT + 3600 },
    {},
    'cancel plan.prevented plan.missed',
    'its new time has already passed',
  ],
  ['done', {}, { phases: 'done' }, {}, 'create', 'changed in the file; batch 41 is over (done)'],
  [
    'done, the new time has passed',
    PASSED,
    { phases: 'done' },
    {},
    'missed plan.missed',
    'its starting deadline of 5m is over',
  ],
  [
    'cancelled to be replaced, the new time has passed',
    PASSED,
    { phases: 'cancelled' },
    { replacing: true },
    'plan.replace-lost',
    undefined,
  ],
  [
    'stopped while it ran, the new time has passed',
    PASSED,
    { phases: ['done', 'cancelled', 'cancelled', 'cancelled'] },
    { replacing: true },
    'missed plan.missed',
    'its starting deadline of 5m is over',
  ],
  ['gone', {}, null, {}, 'create', 'the API no longer knows batch 41'],
] as const) {
  it(`bound to something else, ${what}: ${expected}`, () => {
    const around = world(file as Partial<DesiredBatch>, batch as BatchFields | null);
    const decision = decideOther(
      around.runs[0]!,
      entry(['41'], other, fields as Partial<StateEntry>),
      ['40'],
      around,
    );
    assert.is(told(decision), expected);
    assert.is(decision.change?.reason, reason);
    const { change } = decision;
    if (change?.action === 'create' || change?.action === 'replace') {
      assert.equal(change.follows, change.action === 'create' ? ['41'] : []);
      assert.equal(change.awaits, ['40']);
    }
  });
}

const same = (of: Spec = spec(), fields: Partial<StateEntry> = {}) => entry(['41'], of, fields);
it('the very same, cancelled outside fleetform before it ran: the reason says so', () => {
  const around = world({}, { phases: 'cancelled' });
  assert.is(
    decideOther(around.runs[0]!, same(), [], around).change?.reason,
    'batch 41 was cancelled outside fleetform before it ran',
  );
  const half = decideOther(around.runs[0]!, same(spec(), { replacing: true }), [], around);
  assert.is(half.change?.reason, 'already half replaced; batch 41 is over (cancelled)');
});

it('--replace: the reason says so, and all that can be stopped is looked at', () => {
  const around = world({}, { phases: 'running', executeAt: NOW - 60, isSeen: false }, ['a']);
  const { change } = decideOther(around.runs[0]!, same(), [], around);
  assert.equal([change?.action, change?.reason], ['replace', 'requested with --replace']);
  assert.equal([...around.asked.tasks], [['41', 'all']]);
});

for (const [what, file, batch, expected, toggle] of [
  ['whole', {}, {}, 'adopt', null],
  ['one game server less than today', {}, { on: servers(101, 3) }, 'adopt plan.partial-adoption', null],
  ['to be paused', { paused: true }, {}, 'adopt', 'pause'],
  ['to go on', { paused: false }, { phases: 'paused' }, 'adopt', 'resume'],
  ['to be paused, over', { paused: true }, { phases: 'done' }, 'adopt', null],
] as const) {
  it(`found, ${what}: ${expected}`, () => {
    const around = world(file, batch);
    const decision = decideFound(around.runs[0]!, around.byId.get('41')!, around);
    assert.is(told(decision), expected);
    assert.ok(decision.change?.action === 'adopt' && decision.change.toggle === toggle);
  });
}

it('found: until when the very same could be asked for', () => {
  const notAfter = (file: Partial<DesiredBatch>) => {
    const around = world(file, {});
    const { change } = decideFound(around.runs[0]!, around.byId.get('41')!, around);
    return change?.action === 'adopt' ? change.notAfter : undefined;
  };
  assert.equal([notAfter({}), notAfter({ startingDeadline: 60 })], [AT + 300, AT + 60]);
  assert.is(notAfter({ executeAt: null }), null);
});

it('found by its tasks alone: they are shown', () => {
  const around = world();
  const { change } = decideFound(around.runs[0]!, observedBatch('41'), around);
  assert.ok(change?.action === 'adopt');
  assert.equal([change.phase, change.servers, change.tasks.pending], ['scheduled', 4, 4]);
});

it('what is only found is not replaced', () => {
  const around = world({}, {}, ['a']);
  assert.is(told(decideFound(around.runs[0]!, around.byId.get('41')!, around)), 'adopt plan.replace-unbound');
});

it.run();
