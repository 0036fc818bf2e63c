import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Inventory, ObservedBatch } from '../../../src/model/observed.ts';
import type { Spec } from '../../../src/model/state.ts';
import { matchKind } from '../../../src/plan/sameness/match.ts';
import {
  AMS,
  EU,
  INVENTORY,
  NO_INVENTORY,
  observedBatch,
  onFleet,
  server,
  servers,
  spec,
  targets,
  US,
  US_SERVERS,
} from '../../support/builders.ts';

const it = suite('match');

const eu = spec();
const us = spec(onFleet(US));
const one = spec(targets({ instances: [server(101)] }));
const labels = spec(targets({ labels: [{ key: 'tier', value: 'gold' }] }));
const onEu = observedBatch('41');
const onUs = observedBatch('42', { on: US_SERVERS });

function match(
  wanted: Record<string, Spec>,
  candidates: readonly ObservedBatch[],
  inventory: Inventory = INVENTORY,
  isNew = false,
): string[] {
  const found = matchKind(new Map(Object.entries(wanted)), candidates, inventory, { isNew });
  return [...found].sort().map(([address, verdict]) => {
    if (verdict.verdict === 'found')
      return `${address} = ${verdict.batch.id}${verdict.byServers ? '' : ' by time'}`;
    return `${address} ${verdict.verdict}${verdict.verdict === 'unclear' ? ` ${verdict.candidates.join(',')}` : ''}`;
  });
}

const twinRegion = { ...INVENTORY, regions: { [AMS]: INVENTORY.fleets[EU]! } };
const table: [string, string[], string[]][] = [
  ['one for one', match({ a: eu }, [onEu]), ['a = 41']],
  ['none', match({ a: eu }, []), ['a absent']],
  ['each its own', match({ a: eu, b: us }, [onUs, onEu]), ['a = 41', 'b = 42']],
  ['only the other one is there', match({ a: eu, b: us }, [onUs]), ['a absent', 'b = 42']],
  ['two alike', match({ a: eu }, [onEu, { ...onEu, id: '43' }]), ['a unclear 41,43']],
  [
    'candidates by number, not by letter',
    match({ a: eu }, [
      { ...onEu, id: '100' },
      { ...onEu, id: '99' },
    ]),
    ['a unclear 99,100'],
  ],
  ['one clearly better', match({ a: eu }, [observedBatch('40', { on: servers(101, 2) }), onEu]), ['a = 41']],
  [
    'twins in all but name',
    match({ a: eu, b: spec(targets({ regions: [AMS] })) }, [onEu], twinRegion),
    ['a unclear 41', 'b unclear 41'],
  ],
  ['a named game server against its fleet', match({ a: eu, b: one }, [onEu]), ['a = 41', 'b absent']],
  [
    'both of them',
    match({ a: eu, b: one }, [onEu, observedBatch('44', { on: [server(101)] })]),
    ['a = 41', 'b = 44'],
  ],
  ['no inventory, one for one', match({ a: eu }, [onEu], NO_INVENTORY), ['a = 41 by time']],
  [
    'no inventory, one for two',
    match({ a: eu, b: us }, [onEu], NO_INVENTORY),
    ['a unclear 41', 'b unclear 41'],
  ],
  ['no inventory, two for one', match({ a: eu }, [onEu, onUs], NO_INVENTORY), ['a unclear 41,42']],
  ['labels beside a fleet', match({ a: eu, b: labels }, [onEu]), ['a unclear 41', 'b unclear 41']],
  ['labels alone', match({ b: labels }, [onEu]), ['b = 41 by time']],
  [
    'no inventory, another template',
    match({ a: eu }, [observedBatch('41', { template: 'Collect logs' })], NO_INVENTORY),
    ['a absent'],
  ],
  [
    'a template that nobody saw',
    match({ a: eu }, [observedBatch('41', { isSeen: false })]),
    ['a unclear 41'],
  ],
  [
    'without tasks, no inventory',
    match({ a: eu }, [observedBatch('41', { on: [] })], NO_INVENTORY),
    ['a unclear 41'],
  ],
  [
    'without tasks, just made',
    match({ a: eu }, [observedBatch('41', { on: [] })], INVENTORY, true),
    ['a = 41 by time'],
  ],
];
for (const [what, found, expected] of table) it(what, () => assert.equal(found, expected));

it('what is taken frees the rest: a chain is settled from its clear end', () => {
  const inventory = { fleets: { [EU]: servers(1, 8), [US]: servers(5, 8) }, regions: {}, unavailable: null };
  const found = match(
    { a: eu, b: us },
    [observedBatch('41', { on: servers(1, 8) }), observedBatch('42', { on: servers(5, 4) })],
    inventory,
  );
  assert.equal(found, ['a = 41', 'b = 42']);
});

it.run();
