import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Limits } from '../../../src/model/desired.ts';
import type { Change } from '../../../src/model/plan.ts';
import { tasksOf } from '../../../src/model/plan-summary.ts';
import { checkSafety, type SafetyOptions } from '../../../src/plan/decide/safety.ts';
import { desired, desiredBatch, entry, spec, state } from '../../support/builders.ts';

const it = suite('safety');

const USUAL: SafetyOptions = { force: false, allowEmpty: false, mode: 'normal' };
const tasks = { pending: 0, running: 0, paused: 0, done: 0, failed: 0, cancelled: 0, unknown: 0 };
const of = (
  action: 'create' | 'cancel' | 'replace' | 'claimed' | 'forget' | 'adopt',
  servers: number | null = 10,
): Change =>
  ({
    address: 'a',
    reason: '',
    batchIds: [],
    servers,
    targetText: '',
    phase: 'scheduled',
    tasks,
    action: action === 'claimed' ? 'cancel' : action,
    before: action === 'create' || action === 'claimed' || action === 'adopt' ? null : spec(),
    after: spec(),
  }) as unknown as Change;

function findings(
  limits: Limits,
  changes: readonly Change[],
  owned = 4,
  options = USUAL,
  reached = tasksOf(changes),
): string[] {
  const entries = Object.fromEntries(
    Array.from({ length: owned }, (_, i) => [`x${i}`, entry([String(i + 1)])]),
  );
  const planned = { changes, reached };
  const found = checkSafety(desired([desiredBatch('a')], { limits }), state(entries), planned, options);
  return found.map(({ severity, message }) => `${severity}: ${message}`);
}

const table: [string, Limits, Change[], string[]][] = [
  ['no limits', {}, [of('create'), of('cancel')], []],
  ['creates at the limit', { create: 1 }, [of('create')], []],
  [
    'a replace is a create',
    { create: 1 },
    [of('create'), of('replace')],
    ['error: the plan creates 2 batches, more than limits.create (1)'],
  ],
  [
    'nothing at all may be created',
    { create: 0 },
    [of('create')],
    ['error: the plan creates 1 batch, more than limits.create (0)'],
  ],
  [
    'a replace is a cancel',
    { cancel: 1 },
    [of('cancel'), of('replace')],
    ['error: the plan cancels 2 batches, more than limits.cancel (1)'],
  ],
  [
    'a claimed one is a cancel',
    { cancel: 1 },
    [of('cancel'), of('claimed')],
    ['error: the plan cancels 2 batches, more than limits.cancel (1)'],
  ],
  ['percent at the limit', { cancelPercent: 50 }, [of('cancel'), of('replace')], []],
  [
    'percent over it',
    { cancelPercent: 49 },
    [of('cancel'), of('replace')],
    ['error: the plan cancels 2 of 4 owned batches (50 %), more than limits.cancelPercent (49)'],
  ],
  ['percent counts owned ones', { cancelPercent: 25 }, [of('cancel'), of('claimed'), of('claimed')], []],
  [
    'adopt and forget are neither',
    { create: 0, cancel: 0, cancelPercent: 0, servers: 0 },
    [of('adopt'), of('forget')],
    [],
  ],
  ['servers at the limit', { servers: 20 }, [of('create'), of('replace'), of('cancel')], []],
  [
    'servers over it',
    { servers: 19 },
    [of('create'), of('replace')],
    ['error: the plan reaches 20 game servers, more than limits.servers (19)'],
  ],
  [
    'servers not known',
    { servers: 19 },
    [of('create'), of('create', null)],
    [
      'error: limits.servers (19) cannot be checked: the game servers of 1 of the batches to create are not known',
    ],
  ],
  [
    'servers not known, over it without them',
    { servers: 9 },
    [of('create'), of('create', null)],
    ['error: the plan reaches 10 game servers, more than limits.servers (9)'],
  ],
];
for (const [what, limits, changes, expected] of table)
  it(what, () => assert.equal(findings(limits, changes), expected));

it('--force turns all of them into warnings', () => {
  const found = findings({ create: 0, cancel: 0, cancelPercent: 0, servers: 0 }, [of('replace')], 4, {
    ...USUAL,
    force: true,
  });
  assert.is(found.length, 4);
  assert.ok(found.every((finding) => finding.startsWith('warning: ')));
});

it('a game server that two batches reach is one', () => {
  assert.equal(findings({ servers: 12 }, [of('create'), of('create')], 4, USUAL, 12), []);
});

for (const [cancels, owned, limit, shown] of [
  [3, 13, 20, '23'],
  [3, 13, 23, '23.1'],
  [1, 3, 33, '33.3'],
  [2, 3, 66, '67'],
  [751, 2500, 30, '30.04'],
] as const) {
  it(`${cancels} of ${owned} over ${limit} % are shown as ${shown} %`, () => {
    const changes = Array.from({ length: cancels }, () => of('cancel'));
    assert.match(findings({ cancelPercent: limit }, changes, owned)[0]!, `(${shown} %)`);
  });
}

it('percent of nothing is nothing', () => {
  assert.equal(findings({ cancelPercent: 0 }, [of('cancel')], 0), []);
});

it('a file without batches is refused while the state owns some; --force is another thing', () => {
  const codes = (owned: number, options: Partial<SafetyOptions> = {}, batches = 0) =>
    checkSafety(
      desired(batches === 0 ? [] : [desiredBatch('a')]),
      owned === 0 ? null : state({ x: entry(['1']) }),
      { changes: [], reached: 0 },
      { ...USUAL, ...options },
    ).map(({ code }) => code);
  assert.equal(codes(1), ['plan.empty']);
  assert.equal(codes(1, { force: true }), ['plan.empty']);
  assert.equal(codes(1, { allowEmpty: true }), []);
  assert.equal(codes(1, { mode: 'destroy' }), []);
  assert.equal(codes(0), []);
  assert.equal(codes(1, {}, 1), []);
});

it.run();
