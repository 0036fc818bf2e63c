import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addressOf } from '../../../src/model/addresses.ts';
import type { ObservedBatch } from '../../../src/model/observed.ts';
import type { Spec, StateEntry } from '../../../src/model/state.ts';
import { isSameRunBySpec, Released } from '../../../src/plan/sameness/released.ts';
import {
  AMS,
  AMS_SERVERS,
  AT,
  blockOf,
  COLLECT,
  desired,
  desiredBatch,
  EU,
  EU_SERVERS,
  entry,
  NO_INVENTORY,
  NOW,
  observation,
  observedBatch,
  onFleet,
  server,
  servers,
  spec,
  targets,
  US,
  worldOf,
} from '../../support/builders.ts';

const it = suite('released');

/** What `old` made stands in the way of `b`, which asks for `of`. */
function inTheWay(
  of: Spec,
  old: StateEntry | Record<string, StateEntry>,
  batches: readonly ObservedBatch[],
  inventory?: typeof NO_INVENTORY,
  isGone: (entry: StateEntry) => boolean = () => true,
): string {
  const { template, executeAt, params, revision, ...on } = of;
  const wanted = desiredBatch('b', {
    template: { id: template.id },
    executeAt,
    params,
    revision,
    targets: on,
  });
  const world = worldOf({
    desired: desired([wanted]),
    observation: observation(batches, inventory === undefined ? {} : { inventory }),
  });
  const entries = 'batchIds' in old ? { old: old as StateEntry } : (old as Record<string, StateEntry>);
  const { live, ran } = new Released(new Map(Object.entries(entries)), world, isGone).inTheWayOf(
    world.runs[0]!,
  );
  return [...live.map((id) => `live ${id}`), ...ran.map(({ address, ids }) => `ran ${address} ${ids}`)].join(
    ', ',
  );
}

const at = (executeAt: number | null, on: Partial<Spec> = {}) => spec({ executeAt, ...on });
const live = (executeAt: number | null = AT) => [
  observedBatch('41', { executeAt, phases: executeAt === null ? 'running' : 'pending' }),
];
const ran = (executeAt: number | null = AT) => [observedBatch('41', { executeAt, phases: 'done' })];
const only = (...ids: string[]) => targets({ instances: ids });
const eu = EU_SERVERS;
const gold = targets({ labels: [{ key: 'tier', value: 'gold' }] });
const E = (of: Spec) => entry(['41'], of);
const table: [string, string, string][] = [
  ['the same target, some seconds off, live', inTheWay(at(AT), E(at(AT + 30)), live(AT + 30)), 'live 41'],
  ['at the tolerance', inTheWay(at(AT), E(at(AT + 60)), live(AT + 60)), 'live 41'],
  ['at the tolerance, before', inTheWay(at(AT), E(at(AT - 60)), live(AT - 60)), 'live 41'],
  ['beyond the tolerance', inTheWay(at(AT), E(at(AT + 61)), live(AT + 61)), ''],
  ['it has run', inTheWay(at(AT), E(at(AT + 30)), ran(AT + 30)), 'ran old 41'],
  ['it failed', inTheWay(at(AT), E(at(AT + 30)), [observedBatch('41', { phases: 'failed' })]), 'ran old 41'],
  ['it was cancelled', inTheWay(at(AT), E(at(AT + 30)), [observedBatch('41', { phases: 'cancelled' })]), ''],
  ['the API does not know it, its time to come', inTheWay(at(AT), E(at(AT + 30)), []), ''],
  [
    'the same, and that is not believed',
    inTheWay(at(AT), E(at(AT + 30)), [], undefined, () => false),
    'live 41',
  ],
  [
    'one of two is over, and that the other is gone is not believed',
    inTheWay(at(AT), entry(['41', '42'], at(AT + 30)), ran(AT + 30), undefined, () => false),
    'live 41, live 42',
  ],
  ['the API does not know it, its time has come', inTheWay(at(NOW), E(at(NOW)), []), 'ran old 41'],
  [
    'another template',
    inTheWay(at(AT), E(at(AT, { template: { id: COLLECT.id, name: COLLECT.name } })), live()),
    '',
  ],
  ['another fleet', inTheWay(at(AT), E(at(AT, onFleet(US))), live()), ''],
  ['another fleet, no inventory', inTheWay(at(AT), E(at(AT, onFleet(US))), live(), NO_INVENTORY), ''],
  ['other named game servers', inTheWay(at(AT, only('1')), E(at(AT, only('2'))), live()), ''],
  [
    'some of the named game servers',
    inTheWay(at(AT, only('1', '2', '3')), E(at(AT, only('1'))), live()),
    'live 41',
  ],
  ['some of them, ran', inTheWay(at(AT, only('1', '2')), E(at(AT, only('1'))), ran()), ''],
  [
    'most of them, ran',
    inTheWay(at(AT, only('1', '2', '3')), E(at(AT, only('1', '2'))), ran()),
    'ran old 41',
  ],
  ['most of a fleet by name, ran', inTheWay(at(AT), E(at(AT, only(...eu.slice(0, 3)))), ran()), 'ran old 41'],
  ['half of a fleet by name, ran', inTheWay(at(AT), E(at(AT, only(...eu.slice(0, 2)))), ran()), ''],
  ['half of a fleet by name, live', inTheWay(at(AT), E(at(AT, only(...eu.slice(0, 2)))), live()), 'live 41'],
  ['named ones of no fleet', inTheWay(at(AT), E(at(AT, only(server(9)))), live()), ''],
  ['named ones, no inventory', inTheWay(at(AT), E(at(AT, only(server(9)))), live(), NO_INVENTORY), 'live 41'],
  [
    'named ones, no inventory, ran',
    inTheWay(at(AT), E(at(AT, only(server(9)))), ran(), NO_INVENTORY),
    'ran old 41',
  ],
  [
    'a fleet, no inventory, ran on other game servers than are named',
    inTheWay(at(AT, only(server(9))), E(at(AT)), ran(), NO_INVENTORY),
    '',
  ],
  [
    'the same, and nobody could read where',
    inTheWay(at(AT, only(server(9))), E(at(AT)), [{ ...ran()[0]!, tasks: [] }], NO_INVENTORY),
    'ran old 41',
  ],
  [
    'a region with one game server of it',
    inTheWay(at(AT), E(at(AT, targets({ regions: [AMS] }))), live()),
    'live 41',
  ],
  [
    'a fleet, of which a region ran half',
    inTheWay(at(AT, targets({ regions: [AMS] })), E(at(AT)), ran()),
    '',
  ],
  [
    'the region by name',
    inTheWay(at(AT, targets({ regions: [AMS] })), E(at(AT, only(...AMS_SERVERS))), ran()),
    'ran old 41',
  ],
  ['a fleet of two', inTheWay(at(AT, onFleet(EU, US)), E(at(AT, onFleet(US))), live()), 'live 41'],
  ['labels, live', inTheWay(at(AT, gold), E(at(AT + 1)), live()), 'live 41'],
  ['labels, ran: it may be', inTheWay(at(AT, gold), E(at(AT + 1)), ran()), 'ran old 41'],
  [
    'labels, was cancelled',
    inTheWay(at(AT, gold), E(at(AT + 1)), [observedBatch('41', { phases: 'cancelled' })]),
    '',
  ],
  [
    'once: labels, of another revision',
    inTheWay(at(null, { ...gold, revision: 2 }), E(at(null)), ran(null)),
    '',
  ],
  ['the same labels, ran', inTheWay(at(AT, gold), E(at(AT + 1, gold)), ran()), 'ran old 41'],
  ['once: the same target', inTheWay(at(null), E(at(null, only(...eu))), live(null)), 'live 41'],
  ['once: ran', inTheWay(at(null), E(at(null, only(...eu))), ran(null)), 'ran old 41'],
  ['once: of another revision, ran', inTheWay(at(null, { revision: 2 }), E(at(null)), ran(null)), ''],
  [
    'once: of another revision, live',
    inTheWay(at(null, { revision: 2 }), E(at(null)), live(null)),
    'live 41',
  ],
  [
    'once: with other params, ran',
    inTheWay(at(null, { params: [{ name: 'a', value: '1' }] }), E(at(null)), ran(null)),
    '',
  ],
  ['once: beside one with a time', inTheWay(at(null), E(at(AT)), live()), ''],
  ['its own', inTheWay(at(AT), { b: E(at(AT + 30)) }, live(AT + 30)), ''],
];
for (const [what, found, expected] of table)
  it(`${what}: ${expected || 'nothing'}`, () => assert.is(found, expected));

it('what its own address asks for is not in the way of any other', () => {
  const world = worldOf({
    desired: desired([desiredBatch('a'), desiredBatch('b', { executeAt: AT + 30 })]),
    observation: observation([observedBatch('41')]),
  });
  const released = new Released(new Map([['a', entry(['41'])]]), world, () => true);
  assert.equal(released.inTheWayOf(world.runs[1]!), { live: [], ran: [] });
});

it('by what was asked for, targets apart, it is the same run', () => {
  const same = (a: Partial<Spec>, b: Partial<Spec>) => isSameRunBySpec(spec(a), spec(b));
  const params = [{ name: 'a', value: '1' }];
  assert.ok(same({}, { ...onFleet(US), executeAt: AT + 60, params, revision: 2 }));
  assert.not(same({}, { executeAt: AT + 61 }));
  assert.not(same({}, { executeAt: AT - 61 }));
  assert.not(same({}, { template: { id: COLLECT.id, name: 'x' } }));
  assert.ok(same({ executeAt: null }, { executeAt: null, ...onFleet(US) }));
  assert.not(same({ executeAt: null }, { executeAt: null, params }));
  assert.not(same({ executeAt: null }, { executeAt: null, revision: 2 }));
  assert.not(same({ executeAt: null }, {}));
});

it('mostly the same targets are so in both directions', () => {
  const world = worldOf();
  const released = new Released(new Map(), world, () => true);
  const same = (a: Partial<Spec>, b: Partial<Spec>) => released.isMostlySame(spec(a), spec(b));
  assert.is(same({}, only(...eu.slice(0, 3))), 'yes');
  assert.is(same(only(...eu.slice(0, 3)), {}), 'yes');
  assert.is(same({}, only(...eu.slice(0, 2))), 'no');
  assert.is(same(only(...eu.slice(0, 2)), {}), 'no', 'all of the one, half of the other');
  assert.is(same({}, onFleet(US)), 'no');
  assert.is(same(gold, gold), 'yes');
  assert.is(same(gold, {}), 'unknown');
  assert.is(same({}, gold), 'unknown');
});

it('one moment of a schedule is one run, under another address and with another spread', () => {
  const clock = new Date(AT * 1000);
  const cron = `${clock.getUTCMinutes()} ${clock.getUTCHours()} * * *`;
  const schedule = { cron, timezone: 'UTC', horizon: 366 * 86_400, from: null, until: null, except: [] };
  const block = { ...blockOf(desiredBatch('b')), when: { kind: 'schedule', schedule, offset: 500 } } as const;
  const told = (old: string, seen: readonly ObservedBatch[], on: Partial<Spec> = {}, time = AT + 60) => {
    const world = worldOf({ desired: desired([], { blocks: [block] }), observation: observation(seen) });
    const run = world.runs.find(({ desired: one }) => one.occurrence === AT)!;
    const found = new Released(new Map([[old, E(at(time, on))]]), world, () => true).inTheWayOf(run);
    return [...found.live, ...found.ran.map(({ address }) => address)].join();
  };
  const [moment, next] = [AT, AT + 86_400].map((time) => addressOf('old[fleet:eu]', time));
  assert.is(told(moment!, ran(AT + 60)), moment);
  assert.is(told(moment!, live(AT + 60)), '41');
  assert.is(told(next!, ran(AT + 60)), '', 'another moment');
  assert.is(told('old', ran(AT + 60)), 'old', 'a batch with a time of its own, at the moment that is named');
  assert.is(told('old', ran(AT + 120), {}, AT + 120), '', 'at another');
  const underWay = [observedBatch('41', { executeAt: AT + 60, phases: ['running', 'pending'] })];
  assert.is(told(moment!, underWay), moment, 'what has begun is not begun again');
  assert.is(told(moment!, ran(AT + 60), onFleet(US)), '', 'other game servers');
  assert.is(told(moment!, ran(AT + 60), { template: { id: COLLECT.id, name: 'x' } }), '', 'another template');
});

it('of several each is told', () => {
  const old = { x: entry(['41'], at(AT + 30)), y: entry(['42', '43'], at(AT - 30)) };
  assert.is(inTheWay(at(AT), old, [...live(), observedBatch('43')]), 'live 41, live 42, live 43');
});

it('more than half of the game servers of today, not just half, are mostly the same', () => {
  assert.is(inTheWay(at(AT, only(...servers(1, 21))), E(at(AT, only(...servers(1, 10)))), ran()), '');
  assert.is(
    inTheWay(at(AT, only(...servers(1, 21))), E(at(AT, only(...servers(1, 11)))), ran()),
    'ran old 41',
  );
});

it.run();
