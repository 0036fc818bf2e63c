/**
 * World → sameness → decisions: all of a plan that costs time, and all that has questions. `observe/` reads what it
 * asks and thinks again; `plan.ts` cuts the plan from what came of it.
 *
 * Invariant: the whole is decided, whatever the selection leaves out, and whatever was reviewed: one batch is evidence
 * about another.
 */
import { isSelected } from '../model/addresses.ts';
import type { State } from '../model/state.ts';
import { type Decided, decide } from './decide/decide.ts';
import { DEFAULT_SETTLE, type PlanAbout, type PlanInput, type PlanOptions } from './input.ts';
import { type Collision, findCollisions } from './review/collisions.ts';
import { findDrift } from './review/drift.ts';
import { WHOLE } from './review/selection.ts';
import { moveEntries } from './sameness/moves.ts';
import { findSameness, type Sameness } from './sameness/sameness.ts';
import type { Asked } from './world/asked.ts';
import { createWorld, type World } from './world/world.ts';

/** All that a plan takes that costs time, and all that has questions. */
export interface Thought {
  /** With what is still to be asked. */
  readonly world: World;
  readonly moved: ReturnType<typeof moveEntries>;
  readonly sameness: Sameness;
  readonly decided: Decided;
  /** Of all that the selection leaves in. */
  readonly collisions: readonly Collision[];
}

type ThoughtInput = PlanAbout & Pick<PlanInput, 'state' | 'observation' | 'now' | 'options'>;

const NO_STATE: State = { version: 1, lineage: '', serial: 0, name: '', api: '', entries: {}, intents: [] };
const NOTHING: Decided = { changes: [], unmanaged: [], diagnostics: [], ended: [] };

/** The same for what was reviewed only and for the whole, forced or not. */
export function think(input: ThoughtInput): Thought {
  const { desired, observation } = input;
  const { mode = 'normal', at = null, settle = DEFAULT_SETTLE, watched = 0, scope } = input.options ?? {};
  const moved = moveEntries(input.state ?? NO_STATE, mode === 'destroy' ? [] : desired.moved);
  const world = createWorld({
    desired,
    state: input.state === null ? null : at === null ? moved.state : withoutMarks(moved.state),
    observation,
    now: at ?? input.now,
    settle,
    watched,
    mode,
    scope: { ...WHOLE, ...scope },
  });
  const sameness = findSameness(world);
  const decided = mode === 'refresh-only' ? NOTHING : decide(world, sameness);
  if (mode === 'refresh-only') driftOf(world);
  const collisions = collisionsOf({ world, sameness, decided }, scope && { scope });
  return { world, moved, sameness, decided, collisions };
}

/** What a plan would have to know besides what is observed: `observe/` looks, and asks again. */
export function questionsOf(input: ThoughtInput): Asked {
  return think(input).world.asked;
}

export function collisionsOf(
  { world, sameness, decided }: Pick<Thought, 'world' | 'sameness' | 'decided'>,
  options: PlanOptions | undefined,
): Collision[] {
  return findCollisions(decided, sameness.twins, world, meantBy(options));
}

/** What is left in by the selection, and has been reviewed. */
export function meantBy({ scope, only }: PlanOptions = {}): (address: string) => boolean {
  const whole = { ...WHOLE, ...scope };
  return (address) => isSelected(whole, address) && (only?.addresses.has(address) ?? true);
}

/** Until then others will have applied: nothing is missed that is not too late today. */
function withoutMarks({ schedules: _, ...state }: State): State {
  return state;
}

export function driftOf(world: World) {
  const paused = new Set(world.wanted.flatMap(({ address, paused }) => (paused === true ? [address] : [])));
  return findDrift(world, (address) => paused.has(address));
}
