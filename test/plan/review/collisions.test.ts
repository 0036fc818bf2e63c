/** Who is told of runs that meet on a game server, and of which; the search agrees with a comparison of all pairs. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addressOf } from '../../../src/model/addresses.ts';
import type { DesiredBatch } from '../../../src/model/desired.ts';
import type { ObservedBatch } from '../../../src/model/observed.ts';
import type { PlanInput } from '../../../src/plan/input.ts';
import { collisionsAmong } from '../../../src/plan/review/collisions.ts';
import { mayCollide, NEAR } from '../../../src/plan/review/near-runs.ts';
import type { RunAhead, Target } from '../../../src/plan/review/runs-ahead.ts';
import { questionsOf } from '../../../src/plan/think.ts';
import {
  AMS,
  AMS_SERVERS,
  AT,
  COLLECT,
  DEPLOY,
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
  planOf,
  server,
  specOf,
  state,
  targets,
  US,
} from '../../support/builders.ts';
import '../../support/seed.ts';

const it = suite('collisions');

const collect = { template: { name: COLLECT.name } };
const other = (fields: Partial<DesiredBatch> = {}) => desiredBatch('other', { ...collect, ...fields });
const stranger = (fields: Parameters<typeof observedBatch>[1] = {}) =>
  observedBatch('41', { template: COLLECT.name, ...fields });
const known = state({}, { sight: { newest: NOW - 60, ids: [] } });

function told(
  wanted: readonly DesiredBatch[],
  batches: readonly ObservedBatch[] = [],
  input: Partial<PlanInput> = {},
): string[] {
  return planOf({ desired: desired(wanted), state: known, observation: observation(batches), ...input })
    .diagnostics.filter(({ code }) => code === 'plan.collision')
    .map(({ message }) => message);
}

const count = (...args: Parameters<typeof told>) => told(...args).length;

it('names both, the game servers and the times', () => {
  assert.equal(told([desiredBatch('hotfix'), other({ executeAt: AT + 120 })]), [
    `"hotfix" and "other" run within 5m of each other on 4 game servers (${EU_SERVERS.join(', ')}): at 2026-12-01T03:00:00Z and at 2026-12-01T03:02:00Z`,
  ]);
});

it('is a warning, with the place of what the user can move and the way out', () => {
  const { diagnostics, changes } = planOf({
    desired: desired([desiredBatch('hotfix')]),
    state: known,
    observation: observation([stranger()]),
  });
  assert.is(changes.length, 1);
  const [first] = diagnostics;
  assert.is(first?.severity, 'warning');
  assert.is(first?.address, 'hotfix');
  assert.is(first?.range?.line, 4);
  assert.match(first?.hint ?? '', 'Move yours');
  assert.match(first?.message ?? '', '"hotfix" and unmanaged batch 41 ("Collect logs") run');
});

it('five minutes apart still meet, a second more do not', () => {
  assert.is(count([desiredBatch('a'), other({ executeAt: AT + 300 })]), 1);
  assert.is(count([desiredBatch('a'), other({ executeAt: AT - 300 })]), 1);
  assert.is(count([desiredBatch('a'), other({ executeAt: AT + 301 })]), 0);
});

it('what has no time, or a time that has passed, runs now', () => {
  const now = { executeAt: null };
  assert.match(told([desiredBatch('a', now), other(now)])[0]!, /: both now$/);
  assert.match(told([desiredBatch('a', now), other({ executeAt: NOW - 200 })])[0]!, /: both now$/);
  assert.match(told([desiredBatch('a', now), other({ executeAt: NOW + 60 })])[0]!, /: now and at 2026/);
  assert.is(count([desiredBatch('a', now), other()]), 0);
});

it('only where they have a game server in common', () => {
  const meets = (one: Partial<DesiredBatch>['targets'], two: Partial<DesiredBatch>['targets']) =>
    told([desiredBatch('a', { targets: one! }), other({ targets: two! })])[0]?.match(/ on (.*): both/)?.[1];
  assert.is(meets(onFleet(EU), onFleet(US)), undefined);
  assert.match(meets(onFleet(EU, US), onFleet(US))!, /^3 game servers/);
  assert.is(meets(onFleet(EU), targets({ regions: [AMS] })), `game server ${server(101)}`);
  assert.is(meets(targets({ instances: [server(102)] }), onFleet(EU)), `game server ${server(102)}`);
  assert.is(meets(targets({ instances: [server(1)] }), targets({ instances: [server(2)] })), undefined);
  assert.is(meets(targets({ instances: [server(1)] }), targets({ regions: [AMS] })), undefined);
});

it('labels say nothing, and what stands beside them is at least there', () => {
  const labels = [{ key: 'game', value: 'x' }];
  assert.is(count([desiredBatch('a', { targets: targets({ labels }) }), other()]), 0);
  assert.is(
    count([desiredBatch('a', { targets: targets({ labels }) }), other({ targets: targets({ labels }) })]),
    0,
  );
  const [both] = told([desiredBatch('a', { targets: { ...onFleet(EU), labels } }), other()]);
  assert.match(both!, 'on at least 4 game servers');
});

it('without an inventory, the same fleet is still the same', () => {
  const observed = observation([], { inventory: NO_INVENTORY });
  const input = { observation: observed };
  assert.match(told([desiredBatch('a'), other()], [], input)[0]!, 'on the game servers of fleet eu: both');
  assert.is(count([desiredBatch('a'), other({ targets: targets({ regions: [AMS] }) })], [], input), 0);
  const mixed = { ...onFleet(EU), instances: [server(7)] };
  const [message] = told([desiredBatch('a', { targets: mixed }), other({ targets: mixed })], [], input);
  assert.match(message!, `on at least game server ${server(7)}:`);
});

it('an empty fleet has nobody to meet', () => {
  const inventory = { fleets: { [EU]: [] }, regions: {}, homes: null, unavailable: null };
  assert.is(count([desiredBatch('a'), other()], [], { observation: observation([], { inventory }) }), 0);
});

const night = (n: number) => AT + n * 86_400;
const nights = (base: string, seconds: number, fields: Partial<DesiredBatch> = {}) =>
  [0, 1, 2].map((n) => {
    const executeAt = night(n) + seconds;
    return desiredBatch(addressOf(base, executeAt), { executeAt, ...fields });
  });

it('two blocks that meet every night are one warning', () => {
  const messages = told([...nights('nightly[fleet:eu]', 0), ...nights('sweep', 120, collect)]);
  assert.is(messages.length, 1);
  assert.match(messages[0]!, '"nightly[fleet:eu]" and "sweep" run within 5m of each other on 4 game servers');
  assert.match(messages[0]!, /: 3 times, first at 2026-12-01T03:00:00Z and at 2026-12-01T03:02:00Z$/);
});

it('which of the two comes first each night makes no difference', () => {
  const sweeps = [-60, 0, 60].map((seconds, n) => {
    const executeAt = night(n) + seconds;
    return desiredBatch(addressOf('sweep', executeAt), { ...collect, executeAt });
  });
  const messages = told([...sweeps, ...nights('nightly[fleet:eu]', 0)]);
  assert.is(messages.length, 1);
  assert.match(messages[0]!, /: 3 times, first at 2026-12-01T03:00:00Z and at 2026-12-01T02:59:00Z$/);
});

it('targets of one block that share game servers meet each other, the occurrences of one never do', () => {
  const region = { targets: targets({ regions: [AMS] }) };
  const [message] = told([...nights('nightly[fleet:eu]', 0), ...nights('nightly[region:ams]', 0, region)]);
  assert.match(message!, '"nightly[fleet:eu]" and "nightly[region:ams]" run');
  const often = [0, 60, 120].map((n) => desiredBatch(addressOf('often', AT + n), { executeAt: AT + n }));
  assert.is(count(often), 0);
  const [several] = told([
    ...nights('nightly[fleet:eu]', 0),
    ...nights('nightly[region:ams]', 0, region),
    ...nights('nightly[name@x]', 0, { targets: targets({ instances: EU_SERVERS }) }),
  ]);
  assert.match(
    several!,
    /^"nightly\[.*\]" and "nightly\[.*\]" \(and \d more pairs? of targets of "nightly"\) run within 5m of each other on 4 game servers/,
  );
});

it('advises only what the schema takes: a spread moves the targets of one block that has a time', () => {
  const region = { targets: targets({ regions: [AMS] }) };
  const hintOf = (wanted: readonly DesiredBatch[]) =>
    planOf({ desired: desired(wanted), state: known, observation: observation([]) }).diagnostics.find(
      ({ code }) => code === 'plan.collision',
    )?.hint;
  const block = (fields: Partial<DesiredBatch>) => [
    desiredBatch('a[fleet:eu]', fields),
    desiredBatch('a[region:ams]', { ...region, ...fields }),
  ];
  const drop = 'rop one of the two targets, or give it a block and a time of its own.';
  assert.is(hintOf(block({})), `Give the block a \`spread\`, or a longer one, d${drop}`);
  assert.is(hintOf(block({ executeAt: null })), `D${drop}`);
  assert.is(hintOf([desiredBatch('a'), other()]), 'Move one of them to another time.');
});

it('says a few of many, and counts the rest', () => {
  const many = Array.from({ length: 7 }, (_, i) => desiredBatch(`b${i}`, { params: [], executeAt: AT + i }));
  const messages = told(many);
  assert.is(messages.length, 11);
  assert.match(messages[10]!, /^11 other pairs of blocks run/);
});

it('gives up counting where everything meets everything', () => {
  const many = Array.from({ length: 210 }, (_, i) => desiredBatch(`b${i}`));
  const messages = told(many);
  assert.is(messages.length, 11);
  assert.match(messages[10]!, /^at least 19990 other pairs of blocks run/);
});

it('what is over, missed, paused, cancelled or in other hands is not ahead', () => {
  const bound = (fields = {}) => ({
    state: state({ a: entry(['40'], specOf(desiredBatch('a'))) }),
    observation: observation([observedBatch('40', fields)]),
  });
  const both = [desiredBatch('a'), other()];
  assert.is(count(both, [], bound()), 1);
  assert.is(count(both, [], bound({ phases: 'done' })), 0);
  assert.is(count(both, [], bound({ phases: 'cancelled' })), 1, 'it is made anew');
  assert.is(count(both, [], bound({ phases: 'paused' })), 0);
  assert.is(count([desiredBatch('a', { paused: false }), other()], [], bound({ phases: 'paused' })), 1);
  assert.is(count([desiredBatch('a', { paused: true }), other()], [], bound()), 0);
  assert.is(count([desiredBatch('a', { paused: true }), other()]), 0);
  assert.is(count([other()], [], bound()), 0, 'it is cancelled');
  const missed = { executeAt: NOW - 301 };
  assert.is(count([desiredBatch('a', missed), other({ executeAt: null })]), 0);
  assert.is(count(both, [], { options: { mode: 'destroy' } }), 0);
});

it('a game server that a batch is done with is not reached by it', () => {
  const a = desiredBatch('a', { executeAt: NOW - 100 });
  const [message] = told([a, other({ executeAt: null })], [], {
    state: state({ a: entry(['40'], specOf(a)) }),
    observation: observation([
      observedBatch('40', { executeAt: NOW - 100, phases: ['done', 'failed', 'running', 'pending'] }),
    ]),
  });
  assert.match(message!, 'on 2 game servers');
});

it('two that run already are no news', () => {
  const a = desiredBatch('a', { executeAt: NOW - 100 });
  const b = other({ executeAt: NOW - 100 });
  const running = { executeAt: NOW - 100, phases: 'running' as const };
  const input = {
    state: state({ a: entry(['40'], specOf(a)), other: entry(['42'], specOf(b)) }),
    observation: observation([
      observedBatch('40', running),
      observedBatch('42', { ...running, template: COLLECT.name }),
      observedBatch('43', { ...running, template: DEPLOY.name }),
    ]),
  };
  assert.is(count([a, b], [], input), 0);
});

it('unmanaged: by the game servers of its tasks', () => {
  const a = [desiredBatch('a')];
  assert.is(count(a, [stranger({ on: AMS_SERVERS })]), 1);
  assert.is(count(a, [stranger({ on: [server(900)] })]), 0);
  assert.is(count(a, [stranger({ phases: 'done' })]), 0);
  assert.is(count(a, [stranger({ phases: 'paused' })]), 0);
  assert.is(count(a, [stranger({ executeAt: AT + 301 })]), 0);
  assert.is(count([], [stranger(), observedBatch('42', { template: DEPLOY.name })]), 0);
  const sample = stranger({ numTasks: 90 });
  assert.match(told(a, [sample])[0]!, 'on at least 4 game servers');
  const running = stranger({ executeAt: NOW - 7200, phases: 'running' });
  assert.match(told([desiredBatch('a', { executeAt: null })], [running])[0]!, /both now$/);
});

it('what may be the same run is told as a twin, not as a collision', () => {
  const a = desiredBatch('a');
  const input = { state: state({ a: entry(['40'], specOf(a)) }) };
  const batches = [observedBatch('40'), observedBatch('41')];
  const codes = planOf({
    desired: desired([a]),
    observation: observation(batches),
    ...input,
  }).diagnostics.map(({ code }) => code);
  assert.equal(codes, ['plan.twin']);
});

it('a pair is told if one of the two is selected', () => {
  const both = [desiredBatch('a'), other(), desiredBatch('far', { executeAt: AT + 9000 })];
  const scoped = (...names: string[]) => count(both, [], { options: { scope: { targets: names } } });
  assert.equal([scoped('a'), scoped('other'), scoped('far')], [1, 1, 0]);
  assert.is(count(both, [], { options: { scope: { excludes: ['a', 'other'] } } }), 0);
  assert.is(count(both, [], { options: { only: { addresses: new Set(['far']), at: 0 } } }), 0);
});

const NOTHING = { fleets: {}, regions: {}, homes: null, unavailable: null };

function asked(wanted: readonly DesiredBatch[], batches: readonly ObservedBatch[] = []) {
  const bound = wanted.map((one, i) => [one.address, entry([String(900 + i)], specOf(one))] as const);
  const own = wanted.map((one, i) =>
    observedBatch(String(900 + i), { executeAt: one.executeAt, isSeen: false }),
  );
  const { fleets, regions, tasks } = questionsOf({
    desired: desired(wanted),
    state: state(Object.fromEntries(bound)),
    observation: observation([...own, ...batches], { inventory: NOTHING }),
    now: NOW,
  });
  return { places: [...fleets, ...regions].sort(), tasks: [...tasks.keys()] };
}

it('asks for as much of the inventory as runs near each other take', () => {
  const region = { targets: targets({ regions: [AMS] }) };
  assert.equal(asked([desiredBatch('a')]).places, []);
  assert.equal(asked([desiredBatch('a'), other({ targets: onFleet(US) })]).places, []);
  assert.equal(asked([desiredBatch('a'), other({ executeAt: AT + 301 })]).places, []);
  assert.equal(asked([desiredBatch('a'), other()]).places, [], 'both name the fleet: they meet');
  const some = { targets: targets({ fleets: [EU], instances: [server(1)] }) };
  assert.equal(asked([desiredBatch('a'), other(some)]).places, [EU], 'it may be of that fleet');
  assert.equal(asked([desiredBatch('a'), other(region)]).places, [EU, AMS].sort());
  assert.equal(asked([other({ targets: targets({ instances: [server(1)] }) }), desiredBatch('a')]).places, [
    EU,
  ]);
});

it('looks at the tasks of a few unmanaged batches near a run', () => {
  const unseen = (id: string, fields = {}) =>
    observedBatch(id, { isSeen: false, executeAt: AT + 200, ...fields });
  assert.equal(asked([desiredBatch('a')], [unseen('50')]).tasks, ['50']);
  assert.equal(asked([desiredBatch('a')], [unseen('50', { executeAt: AT + 301 })]).tasks, []);
  const labels = [{ key: 'game', value: 'x' }];
  assert.equal(asked([desiredBatch('a', { targets: targets({ labels }) })], [unseen('50')]).tasks, []);
  const crowd = Array.from({ length: 30 }, (_, i) => unseen(String(50 + i)));
  assert.equal(asked([desiredBatch('a')], crowd).tasks, ['50', '51', '52', '53']);
});

it('finds the pairs that a comparison of all with all finds, with the same game servers', () => {
  const ids = ['1', '2', '3', '4', '5', '6'];
  const target = fc.record(
    { on: fc.subarray(ids), untold: fc.subarray(['7', '8']) },
    { requiredKeys: ['on', 'untold'] },
  );
  const run = fc.record({
    at: fc.integer({ min: 0, max: 2000 }),
    target: fc.nat(3),
    block: fc.constantFrom('a', 'b', 'c', 'd'),
    isMeant: fc.boolean(),
    hasBegun: fc.boolean(),
    mayBe: fc.subarray(ids),
    batchIds: fc.subarray(ids, { maxLength: 1 }),
  });
  fc.assert(
    fc.property(
      fc.array(target, { minLength: 4, maxLength: 4 }),
      fc.array(run, { maxLength: 25 }),
      (all, drawn) => {
        const shape = all.map(({ on }): Target => {
          return { fleets: [], regions: [], instances: on, except: new Set(), isWhole: true };
        });
        const untold = (of: Target) =>
          all[shape.indexOf(of)]!.untold.map((id) => ({ kind: 'fleets' as const, id }));
        const runs = drawn
          .map((one): RunAhead => {
            const { block, target: which } = one;
            return { ...one, address: block, base: block, unmanaged: null, target: shape[which]! };
          })
          .sort((a, b) => a.at - b.at);
        const expected = runs.flatMap((a, i) =>
          runs.slice(i + 1).flatMap((b, j) => {
            const servers = a.target.instances.filter((id) => b.target.instances.includes(id));
            const hidden = untold(a.target).filter(({ id }) => untold(b.target).some((one) => one.id === id));
            if (servers.length + hidden.length === 0 || b.at - a.at > NEAR || !mayCollide(a, b)) return [];
            return [`${i} ${i + 1 + j} ${servers} ${hidden.map(({ id }) => id)}`];
          }),
        );
        const found = collisionsAmong(runs, (of) => ({
          servers: new Set(of.instances),
          untold: untold(of),
        })).map(({ runs: [a, b], shared }) => {
          const servers = shared.flatMap((one) => one.servers).sort();
          const hidden = shared.flatMap((one) => one.untold.map(({ id }) => id)).sort();
          return `${runs.indexOf(a)} ${runs.indexOf(b)} ${servers} ${hidden}`;
        });
        assert.equal(found, expected);
      },
    ),
    { numRuns: 500 },
  );
});

it.run();
