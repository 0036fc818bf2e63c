/** Plan (or state) and observation → what is drawn where. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { State } from '../../../src/model/state.ts';
import type { Timeline, TimelineItem } from '../../../src/model/timeline.ts';
import { timelineOf } from '../../../src/plan/review/timeline.ts';
import { chipsOf } from '../../../src/render/html/chips.ts';
import {
  AMS,
  AMS_SERVERS,
  AT,
  desired,
  desiredBatch,
  EU,
  entry,
  NOW,
  observation,
  observedBatch,
  onFleet,
  planOf,
  spec,
  state,
  targets,
  US,
  US_SERVERS,
} from '../../support/builders.ts';

const it = suite('timeline');
const ALIASES = { fleets: { eu: EU, us: US }, regions: { ams: AMS } };

function drawn(input: Parameters<typeof planOf>[0]): Timeline {
  const made = planOf(input);
  const { observation: seen = observation(), state: record = null } = input;
  return timelineOf({ changes: made.changes, state: record, observation: seen, aliases: ALIASES, now: NOW });
}

/** `fleet eu: add hotfix @0`: the time in hours after AT. */
function lines({ lanes }: Timeline): string[] {
  return lanes.flatMap(({ kind, name, items }) =>
    items.map((item) => `${`${kind} ${name}`.trim()}: ${itemText(item)}`),
  );
}

function itemText({ kind, address, batchIds, at }: TimelineItem): string {
  const name = address ?? `batch ${batchIds.join()}`;
  return `${kind} ${name} @${(at - AT) / 3600}`;
}

it('what is made, per fleet, region, game servers and labels', () => {
  const wanted = [
    desiredBatch('a', { executeAt: AT + 3600 }),
    desiredBatch('b', { targets: targets({ regions: [AMS] }) }),
    desiredBatch('c', { targets: targets({ instances: ['6268349608002500901'] }) }),
    desiredBatch('d', { targets: targets({ labels: [{ key: 'k', value: 'v' }] }) }),
    desiredBatch('e', { targets: onFleet(EU, US), executeAt: AT + 7200 }),
  ];
  assert.equal(lines(drawn({ desired: desired(wanted), state: state() })), [
    'fleet eu: add a @1',
    'fleet eu: add e @2',
    'fleet us: add e @2',
    'region ams: add b @0',
    'instance 6268349608002500901: add c @0',
    'labels: add d @0',
  ]);
});

it('what stays, and what goes', () => {
  const record = state({ kept: entry(['41']), gone: entry(['42'], spec({ executeAt: AT + 3600 })) });
  const seen = observation([observedBatch('41'), observedBatch('42', { executeAt: AT + 3600 })]);
  const timeline = drawn({ desired: desired([desiredBatch('kept')]), state: record, observation: seen });
  assert.equal(lines(timeline), ['fleet eu: scheduled kept @0', 'fleet eu: remove gone @1']);
  assert.is(timeline.lanes[0]?.items[1]?.servers, 4);
});

it('another time on the same fleet is a move with two ends, another fleet a going and a coming', () => {
  const record = state({ a: entry(['41']), b: entry(['42'], spec({ executeAt: AT + 60 })) });
  const seen = observation([observedBatch('41'), observedBatch('42', { executeAt: AT + 60 })]);
  const wanted = [
    desiredBatch('a', { executeAt: AT + 7200 }),
    desiredBatch('b', { targets: onFleet(US), executeAt: AT + 60 }),
  ];
  const timeline = drawn({ desired: desired(wanted), state: record, observation: seen });
  assert.equal(lines(timeline), [
    'fleet eu: move-from a @0',
    `fleet eu: remove b @${60 / 3600}`,
    'fleet eu: move-to a @2',
    `fleet us: add b @${60 / 3600}`,
  ]);
  assert.equal(
    timeline.lanes[0]?.items.map((item) => item.otherEnd),
    [AT + 7200, null, AT],
  );
});

it('what has no time does not move: another revision of it is one thing, where it will be made', () => {
  const record = state({ once: entry(['41'], spec({ executeAt: null, revision: 1 })) });
  // The API may tell a time of it.
  for (const executeAt of [null, NOW - 600]) {
    const seen = observation([observedBatch('41', { executeAt, createdAt: NOW - 600 })]);
    const wanted = desired([desiredBatch('once', { executeAt: null, revision: 2 })]);
    const [lane] = drawn({ desired: wanted, state: record, observation: seen }).lanes;
    const items = lane!.items.map(({ kind, isOnce, otherEnd }) => [kind, isOnce, otherEnd]);
    assert.equal(items, [
      ['remove', true, null],
      ['add', true, null],
    ]);
    const chips = chipsOf(lane!.items, () => 0);
    assert.equal(
      chips.map(({ first, look }) => [first.at, look.words]),
      [[NOW, 'will be replaced']],
    );
  }
});

it('what ran, with its end and how it ended; what is to run once is drawn where it was made', () => {
  const record = state({ once: entry(['41'], spec({ executeAt: null })) });
  const seen = observation([
    observedBatch('41', { executeAt: null, phases: 'failed', createdAt: NOW - 600, finishedAt: NOW - 60 }),
  ]);
  const { lanes } = drawn({
    desired: desired([desiredBatch('once', { executeAt: null })]),
    state: record,
    observation: seen,
  });
  const [item] = lanes[0]!.items;
  assert.equal([item?.kind, item?.phase, item?.at, item?.until], ['ran', 'failed', NOW - 600, NOW - 60]);
});

it('what ran stays where it ran, whatever its block asks for now', () => {
  const past = NOW - 7200;
  const record = state({
    next: entry(['41'], spec({ executeAt: past })),
    late: entry(['42'], spec({ executeAt: past })),
  });
  const seen = observation([
    observedBatch('41', { executeAt: past, phases: 'done' }),
    observedBatch('42', { executeAt: past, phases: 'done' }),
  ]);
  const wanted = [
    desiredBatch('next', { targets: onFleet(US) }),
    desiredBatch('late', { targets: onFleet(US), executeAt: NOW - 3600 }),
  ];
  const timeline = drawn({ desired: desired(wanted), state: record, observation: seen });
  assert.equal(
    lines(timeline).map((line) => line.split(' @')[0]),
    ['fleet us: missed late', 'fleet us: add next', 'fleet eu: ran next', 'fleet eu: ran late'],
  );
});

it('batches of others stand where their game servers are, as far as that is known', () => {
  const seen = observation([
    observedBatch('51', { on: US_SERVERS, phases: 'done', executeAt: AT - 7200 }),
    observedBatch('52', { on: [AMS_SERVERS[0]!], executeAt: AT }),
    observedBatch('53', { isSeen: false, executeAt: AT + 3600 }),
  ]);
  assert.equal(lines(drawn({ desired: desired([]), observation: seen })), [
    'region ams: scheduled batch 52 @0',
    'others: scheduled batch 53 @1',
    'fleet us: ran batch 51 @-2',
  ]);
});

it('without a plan, what the state knows', () => {
  const record = state({ a: entry(['41']), lost: entry(['44'], spec({ executeAt: AT + 3600 })) });
  const timeline = timelineOf({
    changes: [],
    state: record,
    observation: observation([observedBatch('41')], { missing: ['44'] }),
    aliases: ALIASES,
    now: NOW,
  });
  assert.equal(lines(timeline), ['fleet eu: scheduled a @0', 'fleet eu: ran lost @1']);
  assert.is(timeline.lanes[0]?.items[1]?.phase, 'unknown');
});

it('nothing is drawn twice: a part of a plan, and the rest of the state', () => {
  const record = state({ a: entry(['41']), b: entry(['42'], spec({ executeAt: AT + 60 })) });
  const seen = observation([observedBatch('41'), observedBatch('42', { executeAt: AT + 60 })]);
  const scope = { targets: ['a'] };
  const wanted = desired([desiredBatch('a'), desiredBatch('b', { executeAt: AT + 60 })]);
  const timeline = drawn({ desired: wanted, state: record, observation: seen, options: { scope } });
  assert.equal(
    lines(timeline).map((line) => line.split(' @')[0]),
    ['fleet eu: scheduled a', 'fleet eu: scheduled b'],
  );
});

it('earlier runs are told from what is to be minded, and stand with their address where it is known', () => {
  const past = { executeAt: NOW - 7200 };
  const record: State = {
    ...state({ hotfix: entry(['41'], spec({ executeAt: null, revision: 1 })), kept: entry(['45']) }),
    ran: [{ digest: 'of-nothing-now', batchIds: ['42', '44'], notAfter: AT }],
  };
  const seen = observation([
    observedBatch('41', { executeAt: null, phases: 'failed', createdAt: NOW - 600 }),
    observedBatch('42', { ...past, phases: 'failed' }),
    observedBatch('43', { ...past, phases: 'failed' }),
    observedBatch('44', { executeAt: NOW - 60, phases: 'running' }),
    observedBatch('45'),
    observedBatch('46', { executeAt: AT + 3600 }),
  ]);
  const wanted = [desiredBatch('hotfix', { executeAt: null, revision: 2 }), desiredBatch('kept')];
  const items = drawn({ desired: desired(wanted), state: record, observation: seen }).lanes.flatMap(
    (lane) => lane.items,
  );
  const of = (id: string) => {
    const item = items.find(({ batchIds }) => batchIds.includes(id));
    return [item?.address, item?.phase, item?.isPast];
  };
  assert.equal(of('41'), ['hotfix', 'failed', true]);
  assert.equal(of('42'), [null, 'failed', true]);
  assert.equal(of('43'), [null, 'failed', true]);
  assert.equal(of('44'), [null, 'running', true]);
  assert.equal(of('45'), ['kept', 'scheduled', false]);
  assert.equal(of('46'), [null, 'scheduled', false]);
});

it('an earlier run whose tasks have left the list is still of this file', () => {
  const again = spec({ executeAt: AT, fleets: [US] });
  const record: State = {
    ...state({ kept: entry(['45'], again) }),
    ran: [
      { digest: entry(['45'], again).digest, batchIds: ['42'], notAfter: AT },
      { digest: 'of-nothing-now', batchIds: ['43', '44'], notAfter: AT },
    ],
  };
  const gone = { tasks: [], phases: 'cancelled', executeAt: NOW - 7200 } as const;
  const seen = observation([
    observedBatch('42', gone),
    observedBatch('43', gone),
    observedBatch('44', { phases: 'cancelled', on: AMS_SERVERS, executeAt: NOW - 7200 }),
    observedBatch('45', { on: US_SERVERS }),
    observedBatch('46', gone),
  ]);
  const { lanes } = timelineOf({ changes: [], state: record, observation: seen, aliases: ALIASES, now: NOW });
  const laneOf = (id: string) => {
    const lane = lanes.find(({ items }) => items.some(({ batchIds }) => batchIds.includes(id)));
    return `${lane?.kind} ${lane?.name}`.trim();
  };
  assert.equal(['42', '43', '44', '45', '46'].map(laneOf), [
    'fleet us',
    'earlier',
    'region ams',
    'fleet us',
    'others',
  ]);
});

it('what an address has and failed is no past', () => {
  const record = state({ a: entry(['41']) });
  const seen = observation([observedBatch('41', { phases: 'failed' })]);
  const { lanes } = drawn({ desired: desired([desiredBatch('a')]), state: record, observation: seen });
  assert.equal(
    lanes.flatMap((lane) => lane.items.map(({ phase, isPast }) => [phase, isPast])),
    [['failed', false]],
  );
});

it('lanes with nothing but past runs come last', () => {
  const seen = observation([
    observedBatch('51', { phases: 'done', executeAt: AT - 7200 }),
    observedBatch('52', { on: US_SERVERS, executeAt: AT }),
  ]);
  const { lanes } = drawn({ desired: desired([]), observation: seen });
  assert.equal(
    lanes.map(({ name }) => name),
    ['us', 'eu'],
  );
});

it('what a freeze covers is where the others of its block are, and once', () => {
  const made = planOf({
    desired: desired([
      desiredBatch('n@2026-12-01T03:30:00Z', { targets: onFleet(EU, US) }),
      desiredBatch('n@2026-12-02T03:30:00Z', { targets: onFleet(EU, US) }),
    ]),
  });
  const skip = (address: string, targetText: string) => ({
    address,
    targetText,
    executeAt: AT,
    freeze: 'finals',
    until: AT + 60,
    isCertain: true,
  });
  const { targetText } = made.changes[0]!;
  const { lanes } = timelineOf({
    changes: made.changes,
    skipped: [
      skip('n@2026-12-02T03:30:00Z', targetText),
      skip('n@2026-12-03T03:30:00Z', targetText),
      skip('m[region:ams]@2026-12-03T03:30:00Z', 'region ams'),
      skip('o@2026-12-03T03:30:00Z', 'fleet us'),
      skip('p@2026-12-03T03:30:00Z', '3 game servers'),
    ],
    state: null,
    observation: observation(),
    aliases: ALIASES,
    now: NOW,
  });
  const skipped = lanes.flatMap(({ kind, name, items }) =>
    items
      .filter((item) => item.kind === 'skipped')
      .map(({ address }) => `${`${kind} ${name}`.trim()}: ${address?.slice(0, 12)}`),
  );
  assert.equal(skipped, [
    'fleet eu: n@2026-12-03',
    'fleet us: n@2026-12-03',
    'fleet us: o@2026-12-03',
    'region ams: m[region:ams',
    'others: p@2026-12-03',
  ]);
});

it('game servers stand below their fleet by name; a crowd of them shares a lane, with each batch once', () => {
  const lanes = (count: number, each = 1) => {
    const ids = Array.from({ length: count }, (_, index) => `90${index}`);
    const wanted = ids.map((_, index) =>
      desiredBatch(`b${index}`, { targets: targets({ instances: ids.slice(index, index + each) }) }),
    );
    const { changes } = planOf({ desired: desired([desiredBatch('whole'), ...wanted]), state: state() });
    const seen = observation([], { inventory: { ...observation().inventory, fleets: { [EU]: ids } } });
    const made = timelineOf({ changes, state: null, observation: seen, aliases: ALIASES, now: NOW });
    return made.lanes.map(({ kind, name, fleet, items }) => [kind, name, fleet, items.length]);
  };
  assert.equal(lanes(2), [
    ['fleet', 'eu', undefined, 1],
    ['instance', '900', 'eu', 1],
    ['instance', '901', 'eu', 1],
  ]);
  assert.equal(lanes(13, 2), [
    ['fleet', 'eu', undefined, 1],
    ['instances', '', 'eu', 13],
  ]);
});

it.run();
