/**
 * Which game servers a spec's targets are, and what these tell: of where they live, and of their last tasks. What
 * nobody has looked up yet is noted in `asked`; until it is known the answer is null, or empty, and never a no.
 */
import type { Targets } from '../../model/desired.ts';
import { compareIds, type Id } from '../../model/ids.ts';
import type { Observation, ObservedBatch, ServerHistory } from '../../model/observed.ts';
import type { Spec } from '../../model/state.ts';
import type { Questions } from './asked.ts';
import { type InventoryView, isHalfKnown, isHomeOf } from './inventory.ts';

/** Of one game server of a target. */
export interface TargetHistory extends ServerHistory {
  readonly server: Id;
}

export interface TargetServers {
  /** The game servers that a spec reaches today; null: labels, or an inventory that didn't answer. */
  servers(spec: Spec): ReadonlySet<Id> | null;
  /** As far as something has asked for them already; null: nothing has. */
  membersInSight(kind: 'fleets' | 'regions', id: Id): readonly Id[] | null;
  whereabouts(server: Id, spec: Spec): 'elsewhere' | 'gone';
  confirmServers(spec: Spec): void;
  /** The last tasks of some of a spec's game servers; empty: nothing can be said. */
  histories(spec: Spec): readonly TargetHistory[];
}

interface Sources {
  readonly observation: Observation;
  readonly inventory: InventoryView;
  readonly byId: ReadonlyMap<Id, ObservedBatch>;
  readonly missing: ReadonlySet<Id>;
  readonly asked: Questions;
}

export function targetServers({ observation, inventory, byId, missing, asked }: Sources): TargetServers {
  const servers = memoByTargets((spec: Targets) => {
    if (spec.labels.length > 0) return null;
    const all = new Set<Id>(spec.instances);
    let isKnown = true;
    const add = (kind: 'fleets' | 'regions', id: Id) => {
      const members = inventory.members(kind, id);
      for (const server of members ?? []) all.add(server);
      if (members !== undefined) return;
      asked[kind].add(id);
      isKnown = false;
    };
    for (const id of spec.fleets) add('fleets', id);
    for (const id of spec.regions) add('regions', id);
    return isKnown ? all : null;
  });
  return {
    servers,
    membersInSight: (kind, id) => inventory.members(kind, id) ?? null,
    whereabouts(server, spec) {
      const home = inventory.home(server);
      if (home === undefined || (observation.inventory.homes === null && isHalfKnown(spec, home))) {
        asked.homes = true;
        return 'gone';
      }
      return home === null || spec.labels.length > 0 || isHomeOf(spec, home) ? 'gone' : 'elsewhere';
    },
    confirmServers(spec) {
      if (observation.inventory.homes === null && spec.fleets.length + spec.regions.length > 0)
        asked.homes = true;
    },
    histories(spec) {
      const known: TargetHistory[] = [];
      for (const server of spacedOut([...(servers(spec) ?? spec.instances)].sort(compareIds), WITNESSES)) {
        const history = observation.histories[server];
        if (history === undefined) asked.histories.add(server);
        if (history === undefined || history === null) continue;
        known.push({ ...history, server });
        for (const { batchId, executeAt } of history.tasks) {
          const isOther = spec.executeAt !== null && executeAt !== null && executeAt < spec.executeAt - EARLY;
          if (!isOther && !byId.has(batchId) && !missing.has(batchId)) asked.batches.add(batchId);
        }
      }
      return known;
    },
  };
}

/** Seconds: what runs that much earlier than a spec asks for is not its batch. */
const EARLY = 300;

/** Game servers of a target whose last tasks are looked at. */
const WITNESSES = 3;

export function spacedOut<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]!);
}

/** The same answer for the same targets, without working it out again: a schedule's occurrences all have the same. */
function memoByTargets<T>(work: (targets: Targets) => T): (targets: Targets) => T {
  const known = new Map<Targets, T>();
  const byTargets = new Map<string, T>();
  return (spec) => {
    if (known.has(spec)) return known.get(spec)!;
    const { fleets, regions, instances, labels } = spec;
    const key = JSON.stringify([fleets, regions, instances, labels.length]);
    if (!byTargets.has(key)) byTargets.set(key, work(spec));
    const answer = byTargets.get(key)!;
    known.set(spec, answer);
    return answer;
  };
}
