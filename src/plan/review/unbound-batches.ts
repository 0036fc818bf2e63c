/** Batches that are bound to nothing → their place in a timeline: earlier runs of this file, and those of others. Pure. */
import { batchPhase, isLive } from '../../model/batch-phase.ts';
import type { Desired } from '../../model/desired.ts';
import type { Id } from '../../model/ids.ts';
import type { Inventory, Observation, ObservedBatch } from '../../model/observed.ts';
import type { Change } from '../../model/plan.ts';
import { entryOf, formerOwner } from '../../model/recorded.ts';
import type { Spec, State } from '../../model/state.ts';
import type { TimelineItem } from '../../model/timeline.ts';
import { aliasOf } from '../world/targets.ts';
import { onLanes } from './lane-tasks.ts';
import type { Lane, Placed } from './lanes.ts';
import { batchRun, kindOfPhase } from './timeline-items.ts';

interface Input {
  readonly changes: readonly Change[];
  readonly state: State | null;
  readonly observation: Observation;
  readonly aliases: Desired['aliases'];
  /** Unix seconds. */
  readonly now: number;
}

/** `told`: those that an entry, or a change, stands for. */
export function placeUnbound(told: ReadonlySet<Id>, input: Input): Placed[] {
  const earlier = earlierRuns(input);
  const ownerOf = formerOwner(input.state);
  return input.observation.batches
    .filter(({ id }) => !told.has(id))
    .flatMap((batch) => {
      const run = earlier.get(batch.id) ?? formerRun(batch, ownerOf(batch), input);
      const item = unbound(batch, run, input.now);
      return placeOne(batch, item, run, input);
    });
}

/** A run of this file that is not bound any more. */
interface EarlierRun {
  /** null: no longer whose. */
  readonly address: string | null;
  /** null: what it was is not recorded anywhere any more. */
  readonly spec: Spec | null;
  readonly replacedBy?: readonly Id[];
}

/** What goes on is nobody's, whoever owned it: it is to be minded. */
function formerRun(
  batch: ObservedBatch,
  address: string | null,
  { state, now }: Input,
): EarlierRun | undefined {
  if (address === null || isLive(batchPhase(batch, now))) return undefined;
  const replacedBy = entryOf(state, address)?.batchIds ?? [];
  return { address, spec: null, ...(replacedBy.length === 0 ? {} : { replacedBy }) };
}

/** The record keeps the digest of what it was alone: what has the same one says the rest. */
function earlierRuns({ changes, state }: Input): Map<Id, EarlierRun> {
  const earlier = new Map<Id, EarlierRun>();
  for (const { digest, batchIds } of state?.ran ?? []) {
    const again = changes.find((change) => 'digest' in change && change.digest === digest);
    const bound = Object.values(state?.entries ?? {}).find((entry) => entry.digest === digest);
    const spec = again?.after ?? bound?.spec ?? null;
    for (const id of batchIds) earlier.set(id, { address: again?.address ?? null, spec });
  }
  return earlier;
}

function unbound(batch: ObservedBatch, run: EarlierRun | undefined, now: number): TimelineItem {
  const phase = batchPhase(batch, now);
  return {
    kind: kindOfPhase(phase),
    run: batchRun([batch.id]),
    address: run?.address ?? null,
    isPast: run !== undefined || !isLive(phase),
    action: null,
    template: batch.templateName,
    batchIds: [batch.id],
    at: batch.executeAt ?? batch.createdAt ?? now,
    isOnce: batch.executeAt === null,
    until: batch.finishedAt,
    otherEnd: null,
    phase,
    servers: batch.numTasks,
    targetText: '',
    ...(run?.replacedBy === undefined ? {} : { replacedBy: run.replacedBy }),
  };
}

/** Once the tasks of a batch have left the list, only the record tells whose it was, and where. */
function placeOne(
  batch: ObservedBatch,
  item: TimelineItem,
  run: EarlierRun | undefined,
  input: Input,
): Placed[] {
  const { aliases, observation } = input;
  const byId = new Map([[batch.id, batch]]);
  if (run?.spec != null) return onLanes(item, run.spec, { aliases, inventory: observation.inventory, byId });
  const lane = laneOfStranger(batch, input);
  return [{ lane: run !== undefined && lane.kind === 'others' ? { kind: 'earlier', name: '' } : lane, item }];
}

/** By its tasks: the fleet or region that holds most of the game servers that were looked at. */
function laneOfStranger(batch: ObservedBatch, { observation, aliases }: Input): Lane {
  const entities = new Set(batch.tasks.map((task) => task.entityId));
  const holds = (all: Inventory['fleets']) =>
    Object.entries(all).find(([, ids]) => ids.filter((id) => entities.has(id)).length > entities.size / 2);
  const fleet = holds(observation.inventory.fleets);
  if (fleet !== undefined) return { kind: 'fleet', name: aliasOf(aliases.fleets, fleet[0]) };
  const region = holds(observation.inventory.regions);
  if (region !== undefined) return { kind: 'region', name: aliasOf(aliases.regions, region[0]) };
  return { kind: 'others', name: '' };
}
