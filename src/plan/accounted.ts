/**
 * What a plan says of how far schedules are accounted for: the records that may go, and the marks that stay.
 *
 * Invariant: a plan of a part of a schedule says nothing of the whole, and moves no mark.
 */
import { isDeepStrictEqual } from 'node:util';
import { baseOf, isSelected } from '../model/addresses.ts';
import type { Change, PlanScope } from '../model/plan.ts';
import type { State } from '../model/state.ts';
import { marksAfter, pastOf } from '../schedule/marks.ts';
import type { PlanAbout, PlanInput, Reviewed } from './input.ts';
import type { Thought } from './think.ts';
import type { World } from './world/world.ts';

export interface Accounted {
  /** Occurrences that are over: whatever is written next, their records go with it. */
  readonly ended: readonly string[];
  /** How far each schedule is accounted for then; null: as before. */
  readonly marks: NonNullable<State['schedules']> | null;
}

/** `changes`: of the plan, as it was cut from the whole. */
export function accountedFor(input: PlanInput, thought: Thought, changes: readonly Change[]): Accounted {
  const { mode = 'normal', only } = input.options ?? {};
  const ended = mode === 'refresh-only' ? [] : endedOf(input, thought, only);
  const { world } = thought;
  return { ended, marks: marksOf(input, world, [...ended, ...world.passed], missedOf(changes)) };
}

/** Of what was past when a plan was reviewed, the review has told what was missed. */
function endedOf({ desired }: PlanAbout, { world, decided }: Thought, only: Reviewed | undefined): string[] {
  const ended = decided.ended.filter((address) => isWhole(world.scope, baseOf(address)));
  return only === undefined ? ended : pastOf(ended, desired.blocks, only.at);
}

/** Is the plan about all of that schedule? A part of one says nothing of how far it is accounted for. */
function isWhole(scope: PlanScope, base: string): boolean {
  const isInPart = (one: string) => one !== base && baseOf(one) === base;
  return isSelected(scope, base) && !scope.excludes.some(isInPart);
}

function missedOf(changes: readonly Change[]): string[] {
  return changes.flatMap(({ action, address }) => (action === 'missed' ? address : []));
}

/** What a plan is not about stays accounted for as it was. `over`: of that, what could no longer be made. */
function marksOf(
  { desired, options = {} }: PlanInput,
  world: World,
  over: readonly string[],
  missed: readonly string[],
) {
  const { mode = 'normal', only } = options;
  const before = world.state?.schedules ?? {};
  const isMeant = (address: string) => isWhole(world.scope, address);
  const now = only?.at ?? world.now;
  const settled = [...pastOf(over, desired.blocks, now), ...missed];
  const after =
    mode === 'destroy'
      ? Object.fromEntries(Object.entries(before).filter(([address]) => !isMeant(address)))
      : marksAfter(before, desired.blocks, settled, { now, isMeant });
  return isDeepStrictEqual(before, after) ? null : after;
}
