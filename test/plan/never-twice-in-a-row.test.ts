/** As never-twice.test.ts, with one plan after the other, each applied: of parts, of other files, in other words. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Desired, DesiredBlock } from '../../src/model/desired.ts';
import type { Id } from '../../src/model/ids.ts';
import type { Observation, ObservedBatch } from '../../src/model/observed.ts';
import type { CreateChange } from '../../src/model/plan.ts';
import { hasChanges, hasErrors } from '../../src/model/plan-summary.ts';
import { ownedBatches, stampsOf } from '../../src/model/recorded.ts';
import type { State } from '../../src/model/state.ts';
import type { PlanOptions } from '../../src/plan/input.ts';
import { type Planned, planned } from '../../src/plan/plan.ts';
import { renameAddresses } from '../../src/plan/sameness/moves.ts';
import { withSettlement } from '../../src/plan/sameness/settle.ts';
import { entry, NOW, observedBatch, state, targets } from '../support/builders.ts';
import { ALL, parts, WEAK } from './never-twice-worlds.ts';
import { runs, type World, type WorldOptions, world } from './worlds.ts';

const it = suite('never twice in a row');

/** One plan after the other, each done as far as it is meant, with the record that an apply of it leaves. */
type Step = {
  readonly scope?: PlanOptions['scope'];
  readonly file?: (all: Desired['blocks']) => Desired['blocks'];
};

function createdTwice(
  drawn: World,
  steps: readonly Step[],
  vanishes = false,
): { twice: string[]; done: number } {
  const real = new Map(drawn.real);
  let { state: record, observation: seen } = drawn;
  const twice: string[] = [];
  let done = 0;
  for (const { scope = {}, file } of steps) {
    const { blocks } = drawn.desired;
    const wanted = { ...drawn.desired, blocks: file?.(blocks) ?? blocks };
    const input = { ...drawn, desired: wanted, state: record, observation: seen, now: NOW };
    const made = planned({ ...input, fleetformVersion: '0.0.0-test', api: 'sandbox', options: { scope } });
    if (hasErrors(made.plan)) continue;
    const { changes } = made.plan;
    for (const { action, address, reason } of changes)
      if ((action === 'create' || action === 'replace') && real.has(address))
        twice.push(`${action} ${address} (${reason}): it is batch ${real.get(address)}`);
    if (twice.length > 0) break;
    done += 1;
    const owned = [...ownedBatches(record), ...made.plan.changes.flatMap(({ batchIds }) => batchIds)];
    const after = doneBy(made, record, seen, drawn, real);
    record = after.record;
    seen = vanishes ? withoutWhatIsOver(after.seen) : after.seen;
    // What nothing tells of any more, nobody can know.
    const known = new Set([...seen.batches.map(({ id }) => id), ...owned]);
    for (const [address, id] of real) if (!known.has(id)) real.delete(address);
  }
  return { twice, done };
}

function doneBy(
  { plan, settlement, sight }: Planned,
  before: State | null,
  seen: Observation,
  drawn: World,
  real: Map<string, Id>,
): { record: State; seen: Observation } {
  const settled = withSettlement(before ?? state(), settlement);
  const moved = renameAddresses(settled, new Map(plan.moves.map(({ from, to }) => [from, to])));
  const entries = new Map(Object.entries(moved.entries));
  const batches = new Map(seen.batches.map((batch) => [batch.id, batch]));
  const bind = (address: string, change: Pick<CreateChange, 'after' | 'notAfter'>, batch: ObservedBatch) => {
    const { notAfter } = change;
    entries.set(
      address,
      entry([batch.id], change.after, {
        createdAt: NOW,
        notAfter,
        stamps: stampsOf([batch]),
        phase: 'scheduled',
      }),
    );
  };
  for (const change of plan.changes) {
    const { action, address, batchIds } = change;
    if (action === 'cancel' || action === 'forget') entries.delete(address);
    if (action === 'cancel' || action === 'replace')
      for (const id of batchIds) {
        const batch = batches.get(id);
        if (batch === undefined) continue;
        const isDue = batch.executeAt === null || batch.executeAt <= NOW;
        const hasRun =
          isDue && (batch.tasks.length === 0 || batch.tasks.some(({ phase }) => phase !== 'pending'));
        batches.set(id, stopped(batch));
        if (hasRun) continue;
        for (const [name, made] of real) if (made === id) real.delete(name);
      }
    if (action === 'adopt')
      for (const id of batchIds) {
        const batch = batches.get(id);
        if (batch !== undefined) bind(address, change, batch);
      }
    if (action === 'create' || action === 'replace') {
      const { after } = change;
      const id = String(8000 + batches.size);
      const made = observedBatch(id, {
        on: drawn.reach(after),
        executeAt: after.executeAt,
        createdAt: NOW,
        template: after.template.name,
      });
      batches.set(id, made);
      bind(address, change, made);
      if (made.tasks.length > 0) real.set(address, id);
    }
  }
  const all = [...batches.values()];
  const isWritten =
    hasChanges(plan) || settlement.found.length + settlement.nothing.length + plan.moves.length > 0;
  return {
    record: { ...moved, entries: Object.fromEntries(entries), ...(isWritten ? { sight } : {}) },
    seen: { ...seen, batches: all, listed: all.map(({ id }) => id) },
  };
}

function stopped(batch: ObservedBatch): ObservedBatch {
  const tasks = batch.tasks.map((task) =>
    task.phase === 'pending' ? { ...task, phase: 'cancelled' as const } : task,
  );
  const { numTasks } = batch;
  const cancelled = tasks.length === 0 ? numTasks : tasks.filter(({ phase }) => phase === 'cancelled').length;
  return { ...batch, tasks, numTasksCancelled: cancelled };
}

/** As the API may: it keeps its batches for nobody knows how long. */
function withoutWhatIsOver(seen: Observation): Observation {
  const isOver = ({ numTasks, numTasksOk, numTasksFailed }: ObservedBatch) =>
    numTasks > 0 && numTasksOk + numTasksFailed >= numTasks;
  const batches = seen.batches.filter((batch) => !isOver(batch));
  const missing = [...seen.missing, ...seen.batches.filter(isOver).map(({ id }) => id)];
  return { ...seen, batches, missing, listed: batches.map(({ id }) => id) };
}

const scopes = fc.array(fc.record({ targets: parts, excludes: parts }), { minLength: 1, maxLength: 3 });
function neverTwiceInARow(options: WorldOptions, numRuns: number): void {
  let done = 0;
  fc.assert(
    fc.property(world(options), scopes, (drawn, partial) => {
      const whole: Step = {};
      const steps = [...partial.map((scope): Step => ({ scope })), whole];
      const result = createdTwice(drawn, steps);
      assert.equal(result.twice, []);
      if (result.done > 1) done += 1;
    }),
    runs(numRuns),
  );
  assert.ok(done > numRuns / 10, `of ${numRuns} only ${done} got further than one`);
}

it('with the state lost, any parts of it one after the other, and then the whole', () => {
  neverTwiceInARow({ ...WEAK, state: ['none'], names: false }, 4000);
});

it('with a state that is old, or knows a part, any parts one after the other, and then the whole', () => {
  neverTwiceInARow({ ...WEAK, sight: ['old', 'untold'], names: false }, 4000);
});

/** Their bindings and intents tell until when the same may be asked for, as an apply records it. */
function withDeadlines(drawn: World): World {
  if (drawn.state === null) return drawn;
  const entries = Object.entries(drawn.state.entries).map(([address, one]) => {
    const { executeAt } = one.spec;
    return [address, { ...one, notAfter: executeAt === null ? null : executeAt + 300 }] as const;
  });
  const intents = drawn.state.intents.map((one) => {
    const { executeAt } = one.spec;
    return { ...one, notAfter: executeAt === null ? null : executeAt + 300 };
  });
  return { ...drawn, state: { ...drawn.state, intents, entries: Object.fromEntries(entries) } };
}

const RAN: WorldOptions = { ...ALL, once: false, state: ['partial'], allMade: true, foreign: 1 };
it('what has run, left the file, and is put back within its deadline', () => {
  let back = 0;
  fc.assert(
    fc.property(world(RAN), parts, fc.boolean(), (plain, gone, vanishes) => {
      const drawn = withDeadlines(plain);
      const without: Step = {
        scope: { allowEmpty: true },
        file: (all) => all.filter(({ address }) => !gone.some((one) => one === address)),
      };
      const result = createdTwice(drawn, [without, {}], vanishes);
      assert.equal(result.twice, []);
      if (result.done === 2 && gone.length > 0) back += 1;
    }),
    runs(4000),
  );
  assert.ok(back > 200, `only ${back} times`);
});

it('what has run, and is said in other words', () => {
  let said = 0;
  const words = fc.constantFrom<'seconds' | 'params' | 'names'>('seconds', 'params', 'names');
  fc.assert(
    fc.property(
      world({ ...RAN, once: true }),
      words,
      fc.integer({ min: -60, max: 60 }),
      (drawn, word, seconds) => {
        const entries = drawn.state?.entries ?? {};
        const hasRun = ({ address }: DesiredBlock) => {
          const batch = drawn.observation.batches.find(({ id }) => entries[address]?.batchIds.includes(id));
          return batch?.tasks.some(
            ({ phase }) => phase === 'done' || phase === 'failed' || phase === 'running',
          );
        };
        const other = (all: Desired['blocks']) =>
          all.map((one): DesiredBlock => {
            if (hasRun(one) !== true) return one;
            said += 1;
            if (word === 'names') {
              const on = drawn.reach(one.targets);
              return on.length === 0 ? one : { ...one, targets: targets({ instances: [...on].sort() }) };
            }
            const { when } = one;
            if (when.kind !== 'at') return one;
            if (word === 'seconds')
              return { ...one, when: { kind: 'at', executeAt: when.executeAt + seconds } };
            return { ...one, params: [{ name: 'n', value: '1' }] };
          });
        assert.equal(createdTwice(drawn, [{ file: other }, { file: other }]).twice, []);
      },
    ),
    runs(4000),
  );
  assert.ok(said > 500, `only ${said} times`);
});

it.run();
