import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredBatch } from '../../../src/model/desired.ts';
import type { ObservedBatch } from '../../../src/model/observed.ts';
import type { StateEntry } from '../../../src/model/state.ts';
import { boundElsewhere } from '../../../src/plan/sameness/bound-by-hand.ts';
import {
  AT,
  desired,
  desiredBatch,
  EU_SERVERS,
  entry,
  observation,
  observedBatch,
  onFleet,
  servers,
  specOf,
  targets,
  US,
  US_SERVERS,
  worldOf,
} from '../../support/builders.ts';

const it = suite('bound by hand');
const a = desiredBatch('a');
const byHand = { imported: true } as const;

/** What may be `b`, of what `a` is bound to. */
function elsewhere(b: Partial<DesiredBatch>, of: StateEntry, ...batches: ObservedBatch[]): string {
  const world = worldOf({ desired: desired([a, desiredBatch('b', b)]), observation: observation(batches) });
  const runs = world.runs.filter(({ desired }) => desired.address === 'b');
  return (boundElsewhere(runs, new Map([['a', of]]), world).get('b')?.ids ?? []).join();
}

const own = observedBatch('41');
const bound = (...ids: string[]) => entry(ids, specOf(a), byHand);
const us = { targets: onFleet(US) };
const ofUs = observedBatch('42', { on: US_SERVERS });
const some = { targets: targets({ instances: EU_SERVERS.slice(0, 3) }) };
const ofSome = observedBatch('42', { on: EU_SERVERS.slice(0, 3) });
for (const [what, found, expected] of [
  ['its own, and nothing else', elsewhere({}, bound('41'), own), ''],
  ['another fleet’s, one id too many', elsewhere(us, bound('41', '42'), own, ofUs), '42'],
  ['another fleet’s, in place of its own', elsewhere(us, bound('42'), ofUs), '42'],
  ['some servers of the fleet by name', elsewhere(some, bound('41', '42'), own, ofSome), '42'],
  ['the same alone', elsewhere(some, bound('42'), ofSome), '42'],
  [
    'half a minute later',
    elsewhere({ executeAt: AT + 30 }, bound('41', '42'), own, observedBatch('42', { executeAt: AT + 30 })),
    '42',
  ],
  ['half a minute later, its own alone', elsewhere({ executeAt: AT + 30 }, bound('41'), own), ''],
  [
    'half a minute later, and only that',
    elsewhere({ executeAt: AT + 30 }, bound('42'), observedBatch('42', { executeAt: AT + 30 })),
    '42',
  ],
  ['the very same twice', elsewhere({}, bound('41', '42'), own, observedBatch('42')), '42'],
  ['what was not bound by hand', elsewhere(us, entry(['41', '42'], specOf(a)), own, ofUs), ''],
  [
    'what looks like neither',
    elsewhere(us, bound('42'), observedBatch('42', { on: servers(1, 2), template: 'Collect logs' })),
    '',
  ],
  ['not in sight', elsewhere(us, bound('42')), ''],
] as const) {
  it(`${what}: ${expected || 'nobody else’s'}`, () => assert.is(found, expected));
}

it('what runs once is told by nothing but what it looks like', () => {
  const once = desiredBatch('a', { executeAt: null });
  const batches = ['41', '42'].map((id) => observedBatch(id, { executeAt: null, phases: 'done' }));
  const of = entry(['41', '42'], specOf(once), byHand);
  const params = [{ name: 'n', value: '1' }];
  assert.is(elsewhere({ executeAt: null, params }, of, ...batches), '42');
});

it('nothing is read for it where nothing is looked for, or at another time', () => {
  const asked = (b: Partial<DesiredBatch>, count = 1) => {
    const batches = [own, observedBatch('42')].map((batch) => ({ ...batch, tasks: [] }));
    const world = worldOf({ desired: desired([desiredBatch('b', b)]), observation: observation(batches) });
    boundElsewhere(world.runs.slice(0, count), new Map([['a', bound('41', '42')]]), world);
    return world.asked.tasks.size;
  };
  assert.is(asked({}), 2);
  assert.is(asked({}, 0), 0);
  assert.is(asked({ executeAt: AT + 7200 }), 0);
});

it.run();
