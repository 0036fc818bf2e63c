/**
 * What is known about a batch, compared with a spec: is it that run?
 *
 * A batch carries neither template nor targets. One of its tasks gives a name, the tasks' game servers show where it
 * ran. Game servers come and go, templates are renamed, an inventory lacks rows, tasks are filled in late: none of that
 * says no. `no` is only said on what cannot have changed since: another template's name, a game server that the
 * request could not have named, game servers that belong elsewhere and still live. `yes` takes the template and mostly
 * the same game servers, in both directions.
 */
import type { Id } from '../../model/ids.ts';
import type { Batch, ObservedBatch } from '../../model/observed.ts';
import type { Spec } from '../../model/state.ts';
import { type TemplateNames, templateVerdict } from '../world/templates.ts';

/** `likeness`: 0 to 1, how much the batch's game servers and the spec's are the same set; 0 when unknown. */
export interface Evidence {
  readonly verdict: 'yes' | 'maybe' | 'no';
  readonly likeness: number;
}

/** What the comparison may ask about the world. */
export interface Surroundings {
  /** Unix seconds. */
  readonly now: number;
  readonly names: TemplateNames;
  /** Today's game servers of a spec; null: nobody knows. */
  servers(spec: Spec): ReadonlySet<Id> | null;
  /** `elsewhere`: it lives, and belongs to nothing that the spec targets. `gone`: it may have belonged there. */
  whereabouts(server: Id, spec: Spec): 'elsewhere' | 'gone';
  /** One answer of the inventory may lack rows: asks for a second source of it. */
  confirmServers(spec: Spec): void;
}

/** More than this share has to be the same, of the batch's game servers and of the target's. */
export const MOSTLY = 0.5;
/** Of the larger of two looks at a target, so much has to be in a batch that was made between them. */
const NEARLY = 0.9;
/** Seconds after its creation in which a batch may still get its tasks. */
const FILLING = 300;

const NO: Evidence = { verdict: 'no', likeness: 0 };
const MAYBE: Evidence = { verdict: 'maybe', likeness: 0 };

/** Template and targets only; the time is the caller's to compare. */
export function compare(spec: Spec, batch: ObservedBatch, around: Surroundings): Evidence {
  const template = templateVerdict(spec.template.id, batch.tasks, around.names);
  if (template === 'no') return NO;
  const servers = compareServers(spec, batch, around);
  return template === 'maybe' && servers.verdict === 'yes' && batch.numTasks > 0
    ? { ...servers, verdict: 'maybe' }
    : servers;
}

function compareServers(spec: Spec, batch: ObservedBatch, around: Surroundings): Evidence {
  const { tasks } = batch;
  const servers = around.servers(spec);
  if (batch.numTasks === 0) return isEmptyForGood(batch, around.now) ? emptyBatch(servers) : MAYBE;
  if (tasks.length === 0) return MAYBE;
  if (isExplicit(spec)) return compareExplicit(new Set(spec.instances), batch);
  // Its game servers are asked for; until they are known, nothing is.
  if (servers === null) return MAYBE;
  const inside = tasks.filter((task) => servers.has(task.entityId)).length;
  const share = inside / tasks.length;
  if (share > MOSTLY) {
    const common = Math.min(share * batch.numTasks, servers.size);
    const likeness = common / (batch.numTasks + servers.size - common);
    around.confirmServers(spec);
    const strays = tasks.filter(({ entityId }) => !servers.has(entityId));
    const isAlso = strays.some(({ entityId }) => around.whereabouts(entityId, spec) === 'elsewhere');
    if (isAlso) return { verdict: 'maybe', likeness };
    return { verdict: common / servers.size > MOSTLY ? 'yes' : 'maybe', likeness };
  }
  const outside = tasks.filter((task) => !servers.has(task.entityId));
  const elsewhere = outside.filter((task) => around.whereabouts(task.entityId, spec) === 'elsewhere').length;
  return elsewhere / tasks.length > MOSTLY ? NO : MAYBE;
}

const ORDER = { no: 0, maybe: 1, yes: 2 } as const;

/**
 * The same for a batch that has just been made, by a create of which something is known: what its target held before
 * it was sent, or at least how many. A batch of another size is then not certainly its.
 */
export function compareNew(
  spec: Spec,
  batch: ObservedBatch,
  around: Surroundings,
  before: { readonly servers: ReadonlySet<Id> | null; readonly count: number | null },
): Evidence {
  const today = compare(spec, batch, around);
  const { servers } = before;
  const then = servers === null ? today : compare(spec, batch, { ...around, servers: () => servers });
  const best = ORDER[then.verdict] > ORDER[today.verdict] ? then : today;
  const sizes = [around.servers(spec)?.size, servers?.size ?? before.count ?? undefined].filter(
    (size) => size !== undefined,
  );
  // Where two looks differ, game servers came or went, or one of them lacks rows: only nearly all of them is the whole.
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const fits = batch.numTasks >= Math.max(least, NEARLY * most) && batch.numTasks <= most;
  return best.verdict === 'yes' && sizes.length > 0 && !fits ? { ...best, verdict: 'maybe' } : best;
}

/** A request that names game servers one by one cannot reach any other. */
function compareExplicit(named: ReadonlySet<Id>, batch: ObservedBatch): Evidence {
  if (batch.tasks.some((task) => !named.has(task.entityId)) || batch.numTasks > named.size) return NO;
  const likeness = batch.numTasks / named.size;
  return { verdict: likeness === 1 ? 'yes' : 'maybe', likeness };
}

/** It runs nothing, and only an empty target makes one. */
function emptyBatch(servers: ReadonlySet<Id> | null): Evidence {
  if (servers === null) return MAYBE;
  return servers.size === 0 ? { verdict: 'yes', likeness: 1 } : NO;
}

/** So shortly after it was made that it may only not have got its tasks yet. */
export function mayStillFill({ createdAt, finishedAt }: Batch, now: number): boolean {
  return finishedAt === null && (createdAt === null || createdAt > now - FILLING);
}

/** Its time has come and gone without a single task. */
function isEmptyForGood({ createdAt, executeAt, finishedAt }: Batch, now: number): boolean {
  return finishedAt !== null || Math.max(createdAt ?? now, executeAt ?? 0) <= now - FILLING;
}

export function isExplicit(spec: Pick<Spec, 'fleets' | 'regions' | 'labels'>): boolean {
  return spec.fleets.length + spec.regions.length + spec.labels.length === 0;
}
