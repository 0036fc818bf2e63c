/** What a timeline counts is what the plan counts, however its runs are spread over lanes. A failing run prints its seed. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Timeline } from '../../../src/model/timeline.ts';
import { timelineOf } from '../../../src/plan/review/timeline.ts';
import { runsIn } from '../../../src/render/html/chips.ts';
import { rowsOf } from '../../../src/render/html/timeline-list.ts';
import {
  AT,
  desired,
  desiredBatch,
  EU,
  EU_SERVERS,
  entry,
  NOW,
  observation,
  observedBatch,
  planOf,
  spec,
  state,
  targets,
  US,
  US_SERVERS,
} from '../../support/builders.ts';

const it = suite('timeline counts');
const seed = { seed: Number(process.env.FC_SEED ?? 20_261_130) };
/** More than have lanes of their own. */
const CROWD = Array.from({ length: 20 }, (_, index) => String(90_000 + index));
const INVENTORY = { fleets: { [EU]: [...EU_SERVERS, ...CROWD], [US]: US_SERVERS }, regions: {} };

type Where = Pick<ReturnType<typeof targets>, 'fleets' | 'instances'>;

interface Run {
  readonly before: Where | null;
  readonly after: Where | null;
  readonly moves: boolean;
  readonly day: number;
}

const where = fc.record({
  fleets: fc.subarray([EU, US]),
  instances: fc.subarray([...CROWD, ...US_SERVERS], { maxLength: 6 }),
});
const somewhere = where.filter(({ fleets, instances }) => fleets.length + instances.length > 0);
/** A file that wants nothing any more is refused. */
const runs = fc
  .array(
    fc
      .record({
        before: fc.option(somewhere),
        after: fc.option(somewhere),
        moves: fc.boolean(),
        day: fc.integer({ min: 0, max: 3 }),
      })
      .filter(({ before, after }) => before !== null || after !== null),
    { minLength: 1, maxLength: 25 },
  )
  .filter((all) => all.some(({ after }) => after !== null));

function serversOf({ fleets, instances }: Where): string[] {
  return [
    ...new Set([
      ...fleets.flatMap((id) => INVENTORY.fleets[id as keyof typeof INVENTORY.fleets]!),
      ...instances,
    ]),
  ];
}

/** Each at a moment of its own, so that no run is another's. */
function made(all: readonly Run[]) {
  const timeOf = ({ day }: Run, index: number) => AT + day * 86_400 + index * 600;
  const recorded = all.flatMap((run, index) => (run.before === null ? [] : [{ run, index, on: run.before }]));
  const record = state(
    Object.fromEntries(
      recorded.map(({ run, index, on }) => [
        `b${index}`,
        entry([String(500 + index)], spec({ ...on, executeAt: timeOf(run, index) })),
      ]),
    ),
  );
  const seen = observation(
    recorded.map(({ run, index, on }) =>
      observedBatch(String(500 + index), { on: serversOf(on), executeAt: timeOf(run, index) }),
    ),
    { inventory: { ...observation().inventory, ...INVENTORY } },
  );
  const wanted = all.flatMap((run, index) => {
    if (run.after === null) return [];
    const executeAt = timeOf(run, index) + (run.moves ? 200 : 0);
    return [desiredBatch(`b${index}`, { targets: targets(run.after), executeAt })];
  });
  const plan = planOf({ desired: desired(wanted), state: record, observation: seen });
  const timeline = timelineOf({
    changes: plan.changes,
    state: record,
    observation: seen,
    aliases: { fleets: {}, regions: {} },
    now: NOW,
  });
  return { plan, timeline };
}

const itemsOf = ({ lanes }: Timeline) => lanes.flatMap((lane) => lane.items.map((item) => ({ lane, item })));

it('every change is one run, on however many lanes, and at both ends of a replace', () => {
  fc.assert(
    fc.property(runs, (all) => {
      const { plan, timeline } = made(all);
      assert.ok(!plan.diagnostics.some(({ severity }) => severity === 'error'), 'a plan without errors');
      const items = itemsOf(timeline).map(({ item }) => item);
      const count = (actions: readonly string[]) =>
        runsIn([{ items: items.filter(({ action }) => actions.includes(action ?? 'no-op')) }]);
      const { create, replace, cancel } = plan.summary;
      assert.equal([count(['create']), count(['replace']), count(['cancel'])], [create, replace, cancel]);
      assert.is(rowsOf(timeline, 'UTC').total, plan.changes.length);
    }),
    { ...seed, numRuns: 150 },
  );
});

it('a lane has each end of a run once, and the tasks of its own game servers', () => {
  fc.assert(
    fc.property(runs, (all) => {
      const { timeline } = made(all);
      for (const { items } of timeline.lanes) {
        const ends = items.map(({ run, kind, at }) => JSON.stringify([run, kind, at]));
        assert.is(new Set(ends).size, ends.length);
        const moving = items.filter(({ otherEnd }) => otherEnd !== null);
        const from = moving.filter(({ kind }) => kind === 'move-from').map(({ run }) => run);
        const to = moving.filter(({ kind }) => kind === 'move-to').map(({ run }) => run);
        assert.equal([...from].sort(), [...to].sort(), 'a move has two ends on a lane');
      }
      for (const { lane, item } of itemsOf(timeline)) {
        const { before, after } = all[Number(item.run.slice(1))]!;
        const on = item.kind === 'remove' || item.kind === 'move-from' || after === null ? before! : after;
        if (lane.kind === 'fleet') {
          const held = INVENTORY.fleets[lane.name as keyof typeof INVENTORY.fleets]!;
          const expected = serversOf(on).filter((server) => held.includes(server)).length;
          assert.ok(on.fleets.includes(lane.name));
          assert.is(item.servers, expected);
        } else if (lane.kind === 'instance') assert.is(item.servers, 1);
        else assert.is(item.servers, shareOf(on, lane.fleet));
      }
    }),
    { ...seed, numRuns: 150 },
  );
});

/** Of those that a batch names: up to three stand with their fleet. */
function shareOf({ instances }: Where, fleet: string | undefined): number {
  if (fleet === undefined) return instances.length;
  return instances.filter((id) => INVENTORY.fleets[fleet as keyof typeof INVENTORY.fleets]!.includes(id))
    .length;
}

it.run();
