/**
 * Batches that are owned, by an address that asks for something else now, or for nothing: what is recorded of them is
 * known exactly, so specs are compared, not evidence. While such a batch lives, nothing that may be the same run is
 * made; when it has run, what may be the same run is a question.
 */
import { parseOccurrence } from '../../model/addresses.ts';
import { isLive } from '../../model/batch-phase.ts';
import { groupBy } from '../../model/group.ts';
import { compareIds, compareText, type Id } from '../../model/ids.ts';
import type { Spec, StateEntry } from '../../model/state.ts';
import type { ResolvedBatch } from '../world/spec.ts';
import type { World } from '../world/world.ts';
import { compare, isExplicit, MOSTLY } from './evidence.ts';
import { isSameTime, TOLERANCE } from './times.ts';

/** What is in the way of a run that would be made. */
export interface InTheWay {
  /** Live: they have to be over to the last task first. */
  readonly live: readonly Id[];
  /** They have run, or are running out. */
  readonly ran: readonly { readonly address: string; readonly ids: readonly Id[] }[];
}

export class Released {
  private readonly byPlace: ReadonlyMap<string, readonly Recorded[]>;
  private readonly byKind: ReadonlyMap<string, readonly Recorded[]>;
  private readonly world: World;

  private readonly isGone: (entry: StateEntry) => boolean;

  /** `entries`: after all moves. `isGone`: of one that the API does not know, is that to be believed? */
  constructor(
    entries: ReadonlyMap<string, StateEntry>,
    world: World,
    isGone: (entry: StateEntry) => boolean,
  ) {
    const digests = new Map(world.runs.map((run) => [run.desired.address, run.digest]));
    this.world = world;
    this.isGone = isGone;
    const released = [...entries].filter(([address, entry]) => digests.get(address) !== entry.digest);
    const timed = released.flatMap((one) => {
      const [address, { spec }] = one;
      return timesOf(spec, parseOccurrence(address)?.at ?? null).map((at) => ({ one, spec: at }));
    });
    const places = timed.flatMap(({ one, spec }) => placesOf(spec).map((key) => ({ key, one })));
    const kinds = timed.map(({ one, spec }) => ({ key: `${timeOf(spec, 0)} ${kindOf(spec)}`, one }));
    this.byPlace = mapped(groupBy(places, ({ key }) => key));
    this.byKind = mapped(groupBy(kinds, ({ key }) => key));
  }

  /** Only those that could have a game server and a time in common with it: there may be thousands of others. */
  private candidates({ spec: asked, desired: { occurrence } }: ResolvedBatch): Set<Recorded> {
    const kind = kindOf(asked);
    const found = new Set<Recorded>();
    for (const spec of timesOf(asked, occurrence)) {
      for (const shift of spec.executeAt === null ? [0] : [-1, 0, 1]) {
        const time = timeOf(spec, shift);
        for (const place of placesOf(spec, shift))
          for (const one of this.byPlace.get(place) ?? []) found.add(one);
        for (const other of KINDS) {
          if (other === kind && kind !== 'mixed') continue;
          for (const one of this.byKind.get(`${time} ${other}`) ?? []) found.add(one);
        }
      }
    }
    return found;
  }

  inTheWayOf(run: ResolvedBatch): InTheWay {
    const { desired, spec } = run;
    const live: Id[] = [];
    const ran: { address: string; ids: readonly Id[] }[] = [];
    for (const [address, entry] of this.candidates(run)) {
      if (address === desired.address || !isOfSameTime(run, address, entry)) continue;
      const overlap = this.overlap(spec, entry.spec);
      if (overlap === 'none') continue;
      const { phase } = this.world.bound(entry);
      // One that is under way has begun what would be begun again, whatever a cancel leaves of it.
      const isUnderWay = phase === 'running' && this.isOneRun(run, address, entry, overlap);
      if (isUnderWay) ran.push({ address, ids: entry.batchIds });
      else if ((phase !== 'unknown' && isLive(phase)) || !this.isGone(entry)) live.push(...entry.batchIds);
      else if (phase === 'unknown' && !this.isPast(entry)) continue;
      else if (overlap === 'some' || phase === 'cancelled' || !isSameApartFromTime(spec, entry.spec))
        continue;
      else if (overlap === 'mostly' || this.hasReached(spec, entry))
        ran.push({ address, ids: entry.batchIds });
    }
    return { live: live.sort(compareIds), ran: ran.sort((a, b) => compareText(a.address, b.address)) };
  }

  /** Of a schedule, by what was asked for: the same run under another address. */
  private isOneRun(
    { desired: { occurrence }, spec }: ResolvedBatch,
    address: string,
    entry: StateEntry,
    overlap: ReturnType<Released['overlap']>,
  ): boolean {
    const isScheduled = occurrence !== null || parseOccurrence(address) !== null;
    return isScheduled && overlap === 'mostly' && isSameApartFromTime(spec, entry.spec);
  }

  /** By what was asked for, in both directions: mostly the same game servers? */
  isMostlySame(spec: Spec, other: Spec): 'yes' | 'no' | 'unknown' {
    const both = [this.overlap(spec, other), this.overlap(other, spec)];
    if (both.every((one) => one === 'mostly')) return 'yes';
    return both.includes('unknown') ? 'unknown' : 'no';
  }

  /** Where nobody knows what was asked for, what is seen of the batches has to say no. */
  private hasReached(spec: Spec, { batchIds }: StateEntry): boolean {
    const batches = batchIds.flatMap((id) => this.world.byId.get(id) ?? []);
    return !batches.every((batch) => {
      this.world.wantTasks(batch, 'sample');
      return compare(spec, batch, this.world).verdict === 'no';
    });
  }

  private isPast({ spec }: StateEntry): boolean {
    return spec.executeAt === null || spec.executeAt <= this.world.now;
  }

  /** How many of the game servers of the one the other reaches; `unknown`: labels, or no inventory. */
  private overlap(spec: Spec, other: Spec): 'none' | 'some' | 'mostly' | 'unknown' {
    if (isSameTarget(spec, other)) return 'mostly';
    if (isOtherTarget(spec, other)) return 'none';
    const [servers, others] = [this.world.servers(spec), this.world.servers(other)];
    if (servers === null || others === null) return 'unknown';
    const common = [...servers].filter((id) => others.has(id)).length;
    if (common > servers.size * MOSTLY) return 'mostly';
    return common > 0 ? 'some' : 'none';
  }
}

type Recorded = readonly [string, StateEntry];

const KINDS = ['fleets', 'regions', 'instances', 'mixed'] as const;

function kindOf(spec: Spec): (typeof KINDS)[number] {
  const present = (['fleets', 'regions', 'instances'] as const).filter((kind) => spec[kind].length > 0);
  return present.length === 1 && spec.labels.length === 0 ? present[0]! : 'mixed';
}

/** Template and time, in steps of the tolerance: what differs by less is in the same step or the next one. */
function timeOf({ template, executeAt }: Spec, shift: number): string {
  return `${template.id}@${executeAt === null ? 'once' : Math.floor(executeAt / TOLERANCE) + shift}`;
}

function placesOf(spec: Spec, shift = 0): string[] {
  const time = timeOf(spec, shift);
  return (['fleets', 'regions', 'instances'] as const).flatMap((kind) =>
    spec[kind].map((id) => `${time} ${kind} ${id}`),
  );
}

function mapped(groups: Map<string, { readonly one: Recorded }[]>): Map<string, Recorded[]> {
  return new Map([...groups].map(([key, items]) => [key, items.map(({ one }) => one)]));
}

/** What a schedule names is one moment, wherever a spread has moved the run; another batch's is its time. */
function isOfSameTime(
  { desired: { occurrence }, spec }: ResolvedBatch,
  address: string,
  entry: StateEntry,
): boolean {
  if (isSameTime(spec, entry.spec)) return true;
  const [mine, other] = [occurrence ?? spec.executeAt, namedFor(address, entry.spec)];
  const isScheduled = occurrence !== null || parseOccurrence(address) !== null;
  return isScheduled && isSameTime({ executeAt: mine }, { executeAt: other });
}

function namedFor(address: string, { executeAt }: Spec): number | null {
  return parseOccurrence(address)?.at ?? executeAt;
}

/** At its time, and at the moment that its schedule names. */
function timesOf(spec: Spec, occurrence: number | null): Spec[] {
  return occurrence === null || occurrence === spec.executeAt
    ? [spec]
    : [spec, { ...spec, executeAt: occurrence }];
}

/** By what was asked for, targets apart: of what runs once, other params or another revision are another run. */
export function isSameRunBySpec(spec: Spec, other: Spec): boolean {
  return isSameTime(spec, other) && isSameApartFromTime(spec, other);
}

function isSameApartFromTime(spec: Spec, other: Spec): boolean {
  if (spec.template.id !== other.template.id) return false;
  if (spec.executeAt !== null) return true;
  return spec.revision === other.revision && JSON.stringify(spec.params) === JSON.stringify(other.params);
}

function isSameTarget(a: Spec, b: Spec): boolean {
  const of = ({ fleets, regions, instances, labels }: Spec) =>
    JSON.stringify([fleets, regions, instances, labels]);
  return of(a) === of(b);
}

/** A game server is of one fleet and one region: so other fleets, or other named game servers, have none in common. */
function isOtherTarget(a: Spec, b: Spec): boolean {
  const isOnly = (kind: 'fleets' | 'regions', { fleets, regions, instances, labels }: Spec) =>
    instances.length + labels.length === 0 && (kind === 'fleets' ? regions : fleets).length === 0;
  const haveNone = (x: readonly Id[], y: readonly Id[]) => !x.some((id) => y.includes(id));
  if (isExplicit(a) && isExplicit(b)) return haveNone(a.instances, b.instances);
  return (['fleets', 'regions'] as const).some(
    (kind) => isOnly(kind, a) && isOnly(kind, b) && haveNone(a[kind], b[kind]),
  );
}
