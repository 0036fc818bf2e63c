/**
 * Observation → the live batches in the words of a file. What the API does not tell is told by the tasks: the template
 * by their name, the target by their game servers.
 *
 * Invariant: the target reaches exactly the game servers that the batch has, today; a fleet or region is named only
 * where all that it holds is in the batch. What cannot be told is left out, with the reason.
 */
import { batchPhase, isFinalTask, isFullyNamed, isLive } from '../../model/batch-phase.ts';
import type { Targets } from '../../model/desired.ts';
import { groupBy } from '../../model/group.ts';
import { compareIds, type Id } from '../../model/ids.ts';
import { LATEST } from '../../model/latest-time.ts';
import type { LeftOut, LeftOutCode, LiveBatch, LiveBatches } from '../../model/live-batch.ts';
import type { Home, Observation, ObservedBatch, Template } from '../../model/observed.ts';
import { safeText } from '../../model/safe-text.ts';
import { listText } from '../../model/words.ts';
import { taskNameOf } from '../world/templates.ts';

export interface LiveSelection {
  /** Ids; empty: every one. */
  readonly templates: ReadonlySet<Id>;
  /** A batch is of a fleet that one of its game servers is in; empty: every one. */
  readonly fleets: ReadonlySet<Id>;
  /** What other states have bound, with their names. */
  readonly owners?: ReadonlyMap<Id, string>;
}

/** What is looked at closely. */
export function liveIn({ batches, at }: Observation): ObservedBatch[] {
  return batches
    .filter((batch) => isLive(batchPhase(batch, at)))
    .sort((one, other) => compareIds(one.id, other.id));
}

export function liveBatches(observation: Observation, selection: LiveSelection): LiveBatches {
  const live = liveIn(observation);
  const places = placesOf(observation.inventory.homes ?? new Map());
  const described: LiveBatch[] = [];
  const leftOut: LeftOut[] = [];
  let unselected = 0;
  for (const batch of live) {
    const one = describe(batch, observation.templates, places, selection.owners);
    if (!isSelected(one, batch, selection, places)) unselected += 1;
    else if ('code' in one) leftOut.push(one);
    else described.push(one);
  }
  const alike = groupBy(described, (one) => meaningOf(one.template.id, one.executeAt, one.targets));
  return {
    batches: [...alike.values()].map(asOne),
    leftOut,
    ended: observation.batches.length - live.length,
    unselected,
  };
}

/** Equal text, equal run: what a block has to ask for to be this one. */
export function meaningOf(template: Id, executeAt: number | null, targets: Targets): string {
  const { fleets, regions, instances, labels } = targets;
  return JSON.stringify([template, executeAt, fleets, regions, instances, labels]);
}

function asOne(alike: readonly LiveBatch[]): LiveBatch {
  return {
    ...alike[0]!,
    ids: alike.flatMap(({ ids }) => ids).sort(compareIds),
    isPaused: alike.every(({ isPaused }) => isPaused),
  };
}

function isSelected(
  one: LiveBatch | LeftOut,
  batch: ObservedBatch,
  { templates, fleets }: LiveSelection,
  { homes }: Places,
): boolean {
  // Of what is left out, its template may be what is unknown: it is told rather than passed over.
  const isOfTemplate = templates.size === 0 || 'code' in one || templates.has(one.template.id);
  const isInFleet = ({ entityId }: { entityId: Id }) => fleets.has(homes.get(entityId)?.fleetId ?? '');
  return isOfTemplate && (fleets.size === 0 || batch.tasks.length === 0 || batch.tasks.some(isInFleet));
}

function describe(
  batch: ObservedBatch,
  templates: readonly Template[],
  places: Places,
  owners: LiveSelection['owners'],
): LiveBatch | LeftOut {
  const out = (code: LeftOutCode, reason: string): LeftOut => ({ id: batch.id, code, reason });
  const owner = owners?.get(batch.id);
  if (owner !== undefined)
    return out('owned', `it is bound in the state of "${safeText(owner, 80)}" already`);
  const { tasks, numTasks } = batch;
  if (numTasks === 0 && tasks.length === 0)
    return out('no-tasks', 'it has no tasks, and only they tell its template and its game servers');
  if (!isFullyNamed(batch) || tasks.length < Math.max(numTasks, batch.taskIds.length))
    return out('unread-tasks', `only ${tasks.length} of its ${numTasks} tasks can be read`);
  const name = taskNameOf(tasks);
  if (name === null)
    return out(
      'unknown-template',
      tasks.every((task) => task.name === '')
        ? 'its tasks have an empty name, and only the name tells the template'
        : 'its tasks do not share one name, which tells the template',
    );
  const named = templates.filter((template) => template.name === name);
  const [template] = named;
  const shown = `"${safeText(name, 80)}"`;
  if (template === undefined)
    return out('unknown-template', `its tasks are named ${shown}, which is no template's name today`);
  if (named.length > 1) {
    const ids = named.map(({ id }) => id).join(', ');
    return out('ambiguous-template', `${named.length} templates are named ${shown} (ids ${ids})`);
  }
  const params = template.requiredParams;
  if (params !== null && params.length > 0)
    return out(
      'params',
      `template ${shown} requires params (${listText(params)}), which the API does not return`,
    );
  const executeAt = timeOf(batch);
  if (executeAt !== null && executeAt > LATEST)
    return out('time', 'its time lies beyond what a file can say');
  const servers = [...new Set(tasks.map(({ entityId }) => entityId))].sort(compareIds);
  const open = tasks.filter((task) => !isFinalTask(task));
  return {
    ids: [batch.id],
    template: { id: template.id, name: template.name },
    targets: targetsOf(servers, places),
    executeAt,
    isPaused: open.length > 0 && open.every(({ phase }) => phase === 'paused'),
    servers: servers.length,
    gone: places.homes.size === 0 ? 0 : servers.filter((id) => !places.homes.has(id)).length,
    mayHaveParams: params === null,
  };
}

/** Where the batch says none, its tasks may. */
function timeOf({ executeAt, tasks }: ObservedBatch): number | null {
  const times = new Set(tasks.map((task) => task.executeAt));
  return executeAt ?? (times.size === 1 ? ([...times][0] ?? null) : null);
}

interface Places {
  readonly homes: ReadonlyMap<Id, Home>;
  /** How many game servers each of them has. */
  readonly fleets: ReadonlyMap<Id, number>;
  readonly regions: ReadonlyMap<Id, number>;
}

function placesOf(homes: ReadonlyMap<Id, Home>): Places {
  const by = (key: keyof Home) => {
    const members = new Map<Id, number>();
    for (const { [key]: place } of homes.values())
      if (place !== null) members.set(place, (members.get(place) ?? 0) + 1);
    return members;
  };
  return { homes, fleets: by('fleetId'), regions: by('regionId') };
}

/**
 * One POST names one fleet, one region and any game servers, which add up. Of the ways to say the same, that with the
 * fewest ids, then the fewest kinds; and what stays the same as members come and go (game servers) before a fleet, a
 * fleet before a region.
 */
function targetsOf(servers: readonly Id[], places: Places): Targets {
  const fleets = wholeOf('fleets', servers, places);
  const regions = wholeOf('regions', servers, places);
  const shared = new Map<string, number>();
  for (const server of servers) {
    const { fleetId, regionId } = places.homes.get(server) ?? NOWHERE;
    const pair = `${fleetId} ${regionId}`;
    shared.set(pair, (shared.get(pair) ?? 0) + 1);
  }
  let best: Way = { fleet: null, region: null, ids: servers.length, kinds: 1 };
  for (const [region, inRegion] of regions) {
    for (const [fleet, inFleet] of fleets) {
      const left = servers.length - inFleet - inRegion + (shared.get(`${fleet} ${region}`) ?? 0);
      const named = (fleet === null ? 0 : 1) + (region === null ? 0 : 1);
      if (named === 0) continue;
      const way = { fleet, region, ids: named + left, kinds: named + Math.min(1, left) };
      if (way.ids < best.ids || (way.ids === best.ids && way.kinds < best.kinds)) best = way;
    }
  }
  const { fleet, region } = best;
  return {
    fleets: fleet === null ? [] : [fleet],
    regions: region === null ? [] : [region],
    instances: servers.filter((id) => {
      const { fleetId, regionId } = places.homes.get(id) ?? NOWHERE;
      return !(fleet !== null && fleetId === fleet) && !(region !== null && regionId === region);
    }),
    labels: [],
  };
}

interface Way {
  readonly fleet: Id | null;
  readonly region: Id | null;
  readonly ids: number;
  readonly kinds: number;
}

const NOWHERE: Home = { fleetId: null, regionId: null };

/** Those of which every game server is in the batch, with how many that are; first: none of them. */
function wholeOf(
  kind: 'fleets' | 'regions',
  servers: readonly Id[],
  { homes, ...members }: Places,
): [Id | null, number][] {
  const near = new Map<Id, number>();
  for (const server of servers) {
    const place = homes.get(server)?.[kind === 'fleets' ? 'fleetId' : 'regionId'] ?? null;
    if (place !== null) near.set(place, (near.get(place) ?? 0) + 1);
  }
  const whole = [...near].filter(([id, count]) => members[kind].get(id) === count);
  return [[null, 0], ...whole.sort(([one], [other]) => compareIds(one, other))];
}
