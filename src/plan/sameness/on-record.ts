/**
 * What is on record when the question of sameness is asked: the entries after this plan's moves and what interrupted
 * applies are found to have made, what of those is unsettled, and how far the record is to be believed.
 *
 * Invariant: it is taken once, before any run is looked at, and no answer changes it.
 */
import { groupBy } from '../../model/group.ts';
import { compareText, type Id } from '../../model/ids.ts';
import type { Intent, StateEntry } from '../../model/state.ts';
import type { ResolvedBatch } from '../world/spec.ts';
import type { World } from '../world/world.ts';
import { Belief } from './belief.ts';
import { followNames, heldByUntold, type Names, NO_NAMES, renamed } from './names.ts';
import { Released } from './released.ts';
import { NOTHING_LEFT, type Settlement, settleIntents, type Unsettled, withSettlement } from './settle.ts';
import { batchListOf, type Known, knownBy } from './sight.ts';
import { isConfusable } from './times.ts';

export interface OnRecord {
  readonly settlement: Settlement;
  /** After this plan's moves and what was found. */
  readonly entries: ReadonlyMap<string, StateEntry>;
  readonly names: Names;
  /** Addresses whose record is in question → the address that asks for the same. */
  readonly held: ReadonlyMap<string, string>;
  /** null: there is no record. */
  readonly known: Known | null;
  readonly belief: Belief;
  readonly released: Released;
  /** By address: what an interrupted apply is found to have made. */
  readonly madeBy: ReadonlyMap<string, Intent>;
  /** By address. */
  readonly unsettled: ReadonlyMap<string, Unsettled>;
  /** By template. */
  readonly unsettledOf: ReadonlyMap<Id, readonly Unsettled[]>;
}

export function takeRecord(world: World): OnRecord {
  const { state } = world;
  const settlement = state === null ? NOTHING_LEFT : settleIntents(state, world);
  const settled = state === null ? null : withSettlement(state, settlement);
  const before = new Map(Object.entries(settled?.entries ?? {}).sort((a, b) => compareText(a[0], b[0])));
  const names = world.mode === 'normal' ? followNames(before, world) : NO_NAMES;
  const entries = renamed(before, names.moves);
  const held = new Map([...heldByUntold(entries, world), ...names.held]);
  const known = state === null ? null : knownBy(state);
  const belief = new Belief(world, batchListOf(world.observation), known);
  return {
    settlement,
    entries,
    names,
    held,
    known,
    belief,
    released: new Released(entries, world, (entry) => belief.notBelieved(entry) === null),
    madeBy: new Map(settlement.found.map(({ intent }) => [intent.address, intent])),
    unsettled: new Map([...settlement.unclear].reverse().map((one) => [one.intent.address, one])),
    unsettledOf: groupBy(settlement.unclear, ({ intent }) => intent.spec.template.id),
  };
}

/** Nothing of its kind is made while what an interrupted apply left may still turn up. */
export function unsettledLike(
  { spec }: ResolvedBatch,
  { unsettledOf }: OnRecord,
  world: World,
): Unsettled | undefined {
  if (world.scope.assumeMissing) return undefined;
  const mine = { spec, since: world.now };
  return unsettledOf.get(spec.template.id)?.find(({ intent }) => isConfusable(mine, intent));
}
