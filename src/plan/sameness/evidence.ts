/**
 * What the tasks of an observed batch say about it: may it be what a spec asked for?
 *
 * A batch carries neither template nor targets. One of its tasks tells the template, the tasks' game servers, held
 * against today's inventory, tell the targets. `no` is only said on evidence; where there is none it is `unknown`.
 */
import { batchPhase } from '../../model/batch-phase.ts';
import type { Id } from '../../model/ids.ts';
import type { Batch, Inventory, ObservedBatch, Task } from '../../model/observed.ts';
import type { Spec } from '../../model/state.ts';

/** `likeness`: 0 to 1, how much the batch's game servers and the spec's are the same set; 0 when unknown. */
export interface Evidence {
  readonly verdict: 'yes' | 'no' | 'unknown';
  readonly likeness: number;
}

/** A share of the tasks seen that has to lie in the target; a fleet may have changed since the batch was made. */
const MOSTLY = 0.5;

const NO: Evidence = { verdict: 'no', likeness: 0 };
const UNKNOWN: Evidence = { verdict: 'unknown', likeness: 0 };

/**
 * Template and targets only; the time is the caller's to compare. `mayStillFill`: the batch is so new that the API
 * may not have given it its tasks yet.
 */
export function compare(
  spec: Spec,
  batch: ObservedBatch,
  inventory: Inventory,
  mayStillFill = false,
): Evidence {
  if (batch.templateName !== null && batch.templateName !== spec.template.name) return NO;
  const servers = targetServers(spec, inventory);
  if (batch.numTasks === 0) return emptyBatch(servers, mayStillFill);
  if (batch.templateName === null || batch.tasks.length === 0) return UNKNOWN;
  if (servers === null || hasEmptyPart(spec, inventory)) return UNKNOWN;
  const inside = batch.tasks.filter((task) => servers.has(task.entityId)).length;
  if (isExplicit(spec)) {
    if (inside < batch.tasks.length) return NO;
    const likeness = Math.min(batch.numTasks, servers.size) / Math.max(batch.numTasks, servers.size);
    return likeness >= MOSTLY ? { verdict: 'yes', likeness } : UNKNOWN;
  }
  const share = inside / batch.tasks.length;
  if (share < MOSTLY) return NO;
  const common = Math.min(share * batch.numTasks, servers.size);
  return { verdict: 'yes', likeness: common / (batch.numTasks + servers.size - common) };
}

/** The game servers that a spec reaches today; null: labels, or an inventory that didn't answer. */
export function targetServers(spec: Spec, inventory: Inventory): ReadonlySet<Id> | null {
  if (spec.labels.length > 0) return null;
  const servers = new Set<Id>(spec.instances);
  for (const part of partsOf(spec, inventory)) {
    if (part === undefined) return null;
    for (const id of part) servers.add(id);
  }
  return servers;
}

/**
 * Every task was cancelled, and certainly none had begun: whatever it was meant to be, it did nothing and never will.
 * Either all was over before its time, or every single task tells.
 */
export function cameToNothing(batch: ObservedBatch, now: number): boolean {
  if (batchPhase(batch, now) !== 'cancelled' || batch.numTasks === 0) return false;
  const start = batch.executeAt ?? batch.createdAt;
  if (batch.tasks.some((task) => hasBegun(task, start))) return false;
  return wasOverBeforeItsTime(batch, now) || batch.tasks.length >= batch.numTasks;
}

/** Of a batch that is over. Its tasks need not be looked at then. */
export function wasOverBeforeItsTime({ executeAt, finishedAt }: Batch, now: number): boolean {
  if (executeAt === null) return false;
  return (finishedAt !== null && finishedAt < executeAt) || executeAt > now + CLOCK_SKEW;
}

/** Seconds by which the API's clock may be ahead of ours. */
const CLOCK_SKEW = 300;

/**
 * A cancelled task that had already done some of its actions, or was active at all since its start, has touched its
 * game server. `start`: unix seconds; null: unknown.
 */
export function hasBegun(
  task: Pick<Task, 'phase' | 'currentActionIdx' | 'lastActivityAt'>,
  start: number | null,
): boolean {
  if (task.phase === 'running' || task.phase === 'done' || task.phase === 'failed') return true;
  if ((task.currentActionIdx ?? 0) > 0) return true;
  return task.lastActivityAt !== null && (start === null || task.lastActivityAt >= start);
}

/** A batch without tasks has no template to see; it restarts nothing, and only an empty target makes one. */
function emptyBatch(servers: ReadonlySet<Id> | null, mayStillFill: boolean): Evidence {
  if (servers === null) return UNKNOWN;
  if (servers.size === 0) return { verdict: 'yes', likeness: 1 };
  return mayStillFill ? UNKNOWN : NO;
}

/**
 * A fleet or region without a single game server has been emptied since, or the inventory is wrong: neither says
 * that a batch with tasks was not made from it.
 */
function hasEmptyPart(spec: Spec, inventory: Inventory): boolean {
  return partsOf(spec, inventory).some((part) => part?.length === 0);
}

/** Of each fleet and region today's game servers; undefined: the inventory didn't answer. */
function partsOf({ fleets, regions }: Spec, inventory: Inventory): (readonly Id[] | undefined)[] {
  return [...fleets.map((id) => inventory.fleets[id]), ...regions.map((id) => inventory.regions[id])];
}

/** A POST that names game servers one by one cannot reach any other. */
function isExplicit(spec: Spec): boolean {
  return spec.fleets.length + spec.regions.length + spec.labels.length === 0;
}
