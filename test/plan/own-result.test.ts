/** A plan against its own result is empty: what it asks for is done to a small model of API and state. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Id } from '../../src/model/ids.ts';
import type { ObservedBatch, TaskPhase } from '../../src/model/observed.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import { hasChanges, hasErrors } from '../../src/model/plan-summary.ts';
import type { Spec, StateEntry } from '../../src/model/state.ts';
import { renameAddresses } from '../../src/plan/sameness/moves.ts';
import { settleIntents, withSettlement } from '../../src/plan/sameness/settle.ts';
import { specDigest } from '../../src/plan/world/spec.ts';
import { entry, NOW, observedBatch, planOf, state, worldOf } from '../support/builders.ts';
import { runs, type World, type WorldOptions, world } from './worlds.ts';
import '../support/seed.ts';

const it = suite('own result');

const OPTIONS: WorldOptions = {
  overlap: false,
  inventory: ['exact'],
  state: ['none', 'partial', 'stale'],
  once: true,
  foreign: 2,
  edited: true,
  allSeen: true,
};

it('applied once, a plan leaves nothing to do; adopted batches are paused or made anew in a second one', () => {
  const seen = { applied: 0, second: 0 };
  fc.assert(
    fc.property(world(OPTIONS), (drawn) => {
      const first = planOf(drawn);
      if (hasErrors(first)) return;
      seen.applied += 1;
      const after = applied(drawn, first);
      const second = planOf(after);
      assert.not(hasErrors(second), JSON.stringify(second.diagnostics));
      const adopted = new Set(
        first.changes.filter(({ action }) => action === 'adopt').map((one) => one.address),
      );
      const left = second.changes.filter((change) => isEffective(change) && !adopted.has(change.address));
      assert.equal(left.map(describe), []);
      if (!hasChanges(second)) return;
      seen.second += 1;
      const third = planOf(applied(after, second));
      assert.equal(third.changes.filter(isEffective).map(describe), []);
    }),
    runs(4000),
  );
  assert.ok(seen.applied > 1000, `only ${seen.applied} plans had no errors`);
  assert.ok(seen.second < seen.applied / 4, `${seen.second} of ${seen.applied} took two`);
});

function isEffective({ action }: Change): boolean {
  return action !== 'no-op' && action !== 'missed' && action !== 'forget';
}

function describe({ action, address, reason }: Change): string {
  return `${action} ${address}: ${reason}`;
}

function applied(drawn: World, plan: Plan): World {
  const batches = new Map(drawn.observation.batches.map((batch) => [batch.id, batch]));
  const settled =
    drawn.state === null
      ? state()
      : withSettlement(
          drawn.state,
          settleIntents(
            drawn.state,
            worldOf({ desired: drawn.desired, state: drawn.state, observation: drawn.observation }),
          ),
        );
  const moved = renameAddresses(settled, new Map(plan.moves.map(({ from, to }) => [from, to])));
  const entries: Record<string, StateEntry> = { ...moved.entries };
  let next = 7000 + batches.size;
  const make = (address: string, spec: Spec, isPaused: boolean) => {
    const id = String(next++);
    const on = drawn.reach(spec);
    const phases: TaskPhase = isPaused ? 'paused' : 'pending';
    batches.set(
      id,
      observedBatch(id, {
        on,
        executeAt: spec.executeAt,
        createdAt: NOW,
        template: spec.template.name,
        phases,
      }),
    );
    entries[address] = entry([id], spec);
  };
  const each = (ids: readonly Id[], turn: (phase: TaskPhase) => TaskPhase) => {
    for (const id of ids) {
      const batch = batches.get(id);
      if (batch !== undefined) batches.set(id, turned(batch, turn));
    }
  };
  const isFinal = (phase: TaskPhase) => phase === 'cancelled' || phase === 'failed' || phase === 'done';
  for (const change of plan.changes) {
    const { action, address, batchIds } = change;
    if (action === 'cancel' || action === 'replace')
      each(batchIds, (phase) => (isFinal(phase) ? phase : 'cancelled'));
    if (action === 'pause') each(batchIds, (phase) => (isFinal(phase) ? phase : 'paused'));
    if (action === 'resume') each(batchIds, (phase) => (phase === 'paused' ? 'pending' : phase));
    if (action === 'cancel' || action === 'forget') delete entries[address];
    if (action === 'create' || action === 'replace') make(address, change.after, change.paused);
    if (action === 'adopt') {
      entries[address] = entry(batchIds, change.after, { digest: specDigest(change.after) });
      if (change.toggle === 'pause') each(batchIds, (phase) => (isFinal(phase) ? phase : 'paused'));
      if (change.toggle === 'resume') each(batchIds, (phase) => (phase === 'paused' ? 'pending' : phase));
    }
  }
  return {
    ...drawn,
    state: state(entries),
    observation: { ...drawn.observation, batches: [...batches.values()] },
  };
}

function turned(batch: ObservedBatch, turn: (phase: TaskPhase) => TaskPhase): ObservedBatch {
  const tasks = batch.tasks.map((task) => ({ ...task, phase: turn(task.phase) }));
  const count = (phase: TaskPhase) => tasks.filter((task) => task.phase === phase).length;
  return {
    ...batch,
    tasks,
    numTasksOk: count('done'),
    numTasksFailed: count('failed'),
    numTasksCancelled: count('cancelled'),
  };
}

it.run();
