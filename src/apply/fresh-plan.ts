/**
 * The plan that an apply works on: observed and made under the lock. What an earlier apply left in doubt gets the
 * patience first that its own could not give it.
 */
import { FleetformError } from '../model/errors.ts';
import type { Observation } from '../model/observed.ts';
import type { State } from '../model/state.ts';
import { survey } from '../observe/observe.ts';
import type { Reviewed } from '../plan/input.ts';
import { type Planned, planned } from '../plan/plan.ts';
import { bySending, type Settlement } from '../plan/sameness/settle.ts';
import { isPoorer } from '../plan/sameness/sight.ts';
import { CONFIRMED, nextPause, pause } from './doubt.ts';
import { InterruptedError } from './errors.ts';
import type { Applying } from './input.ts';

export interface FreshPlan extends Planned {
  readonly observation: Observation;
  /** The same, of what was reviewed only. */
  part(only: Reviewed): Planned;
}

/** Throws an `InterruptedError`, `apply.unsettled`, or an `ApiError` of the reads that it needs. */
export async function freshPlan(input: Applying, state: State | null): Promise<FreshPlan> {
  // Under the lock: since then nobody else has sent anything.
  const begun = input.now();
  const watched = () => Math.max(0, input.now() - begun);
  let made = await lookAndPlan(input, state, 0);
  const leftovers = state === null ? [] : bySending(state.intents).mayHaveBeenSent;
  if (leftovers.length === 0) return made;
  let agreeing = 1;
  /** In seconds of watching: when the look was that counts, and when nothing will be in doubt any more. */
  let looked = 0;
  let doubtEnds = 0;
  for (let looks = 0; ; looks += 1) {
    const { settlement, observation } = made;
    const waiting = worthWaitingFor(settlement, agreeing);
    if (waiting === null) return made;
    doubtEnds = Math.max(doubtEnds, looked + waiting.left);
    const ms = nextPause(looks, (looked + waiting.left - watched()) * 1000);
    const reason = 'looking for the batch of an earlier create that got no clear answer';
    input.emit({ type: 'waiting', address: waiting.address, reason, seconds: ms / 1000 });
    if (!(await pause(input, ms))) throw new InterruptedError();
    const seconds = watched();
    const next = await lookAndPlan(input, state, seconds);
    // A look that lacks what an earlier one showed counts for nothing.
    const countsForNothing =
      isPoorer(next.observation.newestListed, observation.newestListed) ||
      hasLost(settlement, next.settlement);
    if (countsForNothing) agreeing = 0;
    else {
      agreeing = isSame(settlement, next.settlement) ? agreeing + 1 : 1;
      made = next;
      looked = seconds;
    }
    // As long as looks agree, the few more that confirm them are waited for.
    const isOvertime = watched() > doubtEnds + LONGEST_OVERTIME;
    if (isOvertime && agreeing >= CONFIRMED) return made;
    if (isOvertime && agreeing <= 1) return contradicted(made);
  }
}

/** Looks contradict each other to the end: what they say is not there may be there. */
function contradicted(made: FreshPlan): FreshPlan {
  const sent = made.settlement.nothing.find((intent) => intent.sentAt !== null);
  if (sent === undefined) return made;
  throw new FleetformError(
    'apply.unsettled',
    `cannot tell whether an earlier apply created a batch for "${sent.address}": the API's answers contradict each other`,
    { hint: 'Nothing was done. Apply again in a moment.' },
  );
}

/** Seconds after the end of doubt: for lists that stay behind, or contradict each other. */
const LONGEST_OVERTIME = 15;

interface Waiting {
  readonly address: string;
  /** Seconds for which something is in doubt; negative: nothing is. */
  readonly left: number;
}

/** What looks again may still settle; null: nothing. */
function worthWaitingFor({ found, nothing, unclear }: Settlement, agreeing: number): Waiting | null {
  const open = unclear.find(({ why }) => why === 'doubt' || why === 'behind' || why === 'candidates');
  const left = Math.max(...unclear.map((one) => one.left));
  if (open !== undefined && (open.why !== 'candidates' || agreeing < CONFIRMED)) {
    return { address: open.intent.address, left };
  }
  // That something is not there takes several looks.
  const sent = nothing.find((intent) => intent.sentAt !== null);
  if (sent === undefined || agreeing >= CONFIRMED) return null;
  return { address: sent.address, left: found.length === 0 ? left : Number.NEGATIVE_INFINITY };
}

/** Intents for which an earlier look had something, and this one has nothing. */
function hasLost(before: Settlement, after: Settlement): boolean {
  const gone = new Set(after.nothing.map(({ id }) => id));
  return [
    ...before.found.map(({ intent }) => intent.id),
    ...before.unclear.filter(({ candidates }) => candidates.length > 0).map(({ intent }) => intent.id),
  ].some((id) => gone.has(id));
}

function isSame(a: Settlement, b: Settlement): boolean {
  const text = ({ found, nothing, unclear }: Settlement) =>
    JSON.stringify([
      found.map(({ intent, batch }) => [intent.id, batch.id]),
      nothing.map(({ id }) => id),
      unclear.map(({ intent, candidates }) => [intent.id, ...candidates]),
    ]);
  return text(a) === text(b);
}

async function lookAndPlan(input: Applying, state: State | null, watched: number): Promise<FreshPlan> {
  const { desired, api, fleetformVersion, now } = input;
  const options = { ...input.options, watched };
  const { observation, thought } = await survey(api, {
    desired,
    state,
    now,
    options,
    ...(options.scope && { scope: options.scope }),
  });
  const basis = { desired, state, observation, now: observation.at, fleetformVersion, api: api.origin };
  return {
    ...planned({ ...basis, options }, thought),
    observation,
    part: (only) => planned({ ...basis, options: { ...options, only } }, thought),
  };
}
