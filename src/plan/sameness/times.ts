/**
 * When is a time the same time? API nodes have clocks of their own, round, and put their own present for a time that
 * has passed: so only a time that is further off than a tolerance says no. Three questions:
 *
 * - `timeVerdict`: does this batch run when a desired one asks for?
 * - `newTimeVerdict`: may the POST of an intent have made this batch, by time and newness?
 * - `turnsOf`: which creates of one apply must go out one after the other?
 */
import type { DesiredBatch } from '../../model/desired.ts';
import { groupBy } from '../../model/group.ts';
import type { Batch } from '../../model/observed.ts';
import type { Intent, Spec } from '../../model/state.ts';

/** Seconds by which the API may have rounded or moved the time that it was told. */
export const TOLERANCE = 60;
/** The same for a create in doubt, and how far the clocks of two API nodes may be apart. Seconds. */
export const DOUBT_TOLERANCE = 300;
/** Seconds. Between "now" as the API stamps it on a batch's creation and on its start. */
const AT_ONCE = 300;
/** Seconds by which the API's clock may be ahead of ours. */
export const CLOCK_SKEW = 300;
/** Seconds. What is to run that soon takes turns with what is to run at once. */
const SOON = 3600;

/** Made to run at once, or with a time that had passed: the API then says its own present, or nothing. */
export function ranAtOnce({ executeAt, createdAt }: Pick<Batch, 'executeAt' | 'createdAt'>): boolean {
  if (executeAt === null || createdAt === null) return true;
  return Math.abs(executeAt - createdAt) <= AT_ONCE;
}

export type TimeVerdict = 'yes' | 'maybe' | 'no';

/** `lateness`: how late, in seconds, such a batch may have been made, with whatever time the API put then. */
export function timeVerdict(executeAt: number | null, batch: Batch, lateness: number): TimeVerdict {
  if (executeAt === null) return ranAtOnce(batch) ? 'yes' : 'no';
  if (batch.executeAt !== null && Math.abs(batch.executeAt - executeAt) <= TOLERANCE) return 'yes';
  if (!ranAtOnce(batch)) return 'no';
  const made = batch.createdAt ?? batch.executeAt;
  if (made === null) return 'maybe';
  return made >= executeAt - TOLERANCE && made <= executeAt + lateness + TOLERANCE ? 'maybe' : 'no';
}

/** By time and newness alone; template and targets are `compare`'s. */
export function newTimeVerdict(
  { spec: { executeAt }, seen, newest }: Pick<Intent, 'spec' | 'seen' | 'newest'>,
  batch: Batch,
): TimeVerdict {
  if (seen.includes(batch.id)) return 'no';
  if (newest !== null && batch.createdAt !== null && batch.createdAt <= newest - DOUBT_TOLERANCE) return 'no';
  if (executeAt === null) return atOnceVerdict(batch);
  const within = (seconds: number) =>
    batch.executeAt !== null && Math.abs(batch.executeAt - executeAt) <= seconds;
  const madeSince = (moment: number) => {
    const made = batch.createdAt ?? batch.executeAt;
    return ranAtOnce(batch) && (made === null || made >= moment);
  };
  if (within(TOLERANCE) || madeSince(executeAt - TOLERANCE)) return 'yes';
  return within(DOUBT_TOLERANCE) || madeSince(executeAt - DOUBT_TOLERANCE) ? 'maybe' : 'no';
}

/** A time of its own that lies minutes after its creation is hardly the API's "now". */
function atOnceVerdict(batch: Batch): TimeVerdict {
  if (!ranAtOnce(batch)) return 'no';
  const { executeAt, createdAt } = batch;
  const isNow = executeAt === null || createdAt === null || Math.abs(executeAt - createdAt) <= TOLERANCE;
  return isNow ? 'yes' : 'maybe';
}

/** Seconds between the time that was asked for and the one that the batch has. */
export function timeDistance(executeAt: number | null, batch: Batch): number {
  return executeAt === null || batch.executeAt === null ? 0 : Math.abs(batch.executeAt - executeAt);
}

/** `since`: unix seconds, when the create is or was intended. */
export function turnOf({ template, executeAt }: Pick<Spec, 'template' | 'executeAt'>, since: number): string {
  const time = executeAt === null || executeAt <= since + SOON ? 'soon' : executeAt;
  return `${template.id}@${time}`;
}

/**
 * The creates of one apply, by turn: those of a turn go out one after the other, as a batch of one could be taken for
 * another's. That is so for the same template at the same time, and for times so near that the API may have rounded one
 * to the other, where both may reach the same game servers.
 */
export function turnsOf(intents: readonly Intent[]): Intent[][] {
  const timed = intents
    .flatMap((intent) => (intent.spec.executeAt === null ? [] : [{ intent, at: intent.spec.executeAt }]))
    .sort((a, b) => a.at - b.at);
  const joined = new Map<string, string>();
  const turnNow = (intent: Intent): string => {
    let turn = turnOf(intent.spec, intent.since);
    for (let next = joined.get(turn); next !== undefined; next = joined.get(turn)) turn = next;
    return turn;
  };
  for (let i = 1, from = 0; i < timed.length; i += 1) {
    const { intent, at } = timed[i]!;
    while (timed[from]!.at <= at - TOLERANCE) from += 1;
    for (let j = from; j < i; j += 1) {
      const before = timed[j]!;
      if (before.at === at || !isNear(before.intent.spec, intent.spec)) continue;
      const [one, other] = [turnNow(before.intent), turnNow(intent)];
      if (one !== other) joined.set(other, one);
    }
  }
  return [...groupBy(intents, turnNow).values()].map((turn) => [...turn]);
}

function isNear(a: Spec, b: Spec): boolean {
  return a.template.id === b.template.id && mayShareServers(a, b);
}

/** Fleets have no game server in common, nor have lists without a common one; of anything else nobody knows. */
function mayShareServers(a: Spec, b: Spec): boolean {
  const kind = kindOf(a);
  if (kind === null || kind !== kindOf(b)) return true;
  const ids = new Set(a[kind]);
  return b[kind].some((id) => ids.has(id));
}

/** The one kind of target that it names; null: several, or one that anything may be in. */
function kindOf({ fleets, regions, instances, labels }: Spec): 'fleets' | 'instances' | null {
  if (regions.length > 0 || labels.length > 0) return null;
  if (fleets.length > 0) return instances.length > 0 ? null : 'fleets';
  return instances.length > 0 ? 'instances' : null;
}

/**
 * May a batch of the one be taken for one of the other, whenever it is asked? Of what was intended at different
 * moments: by the turn of either moment, or because they ask for about the same time.
 */
export function isConfusable(
  a: { readonly spec: Pick<Spec, 'template' | 'executeAt'>; readonly since: number },
  b: { readonly spec: Pick<Spec, 'template' | 'executeAt'>; readonly since: number },
): boolean {
  if (a.spec.template.id !== b.spec.template.id) return false;
  const [x, y] = [a.spec.executeAt, b.spec.executeAt];
  if (x === y || (x !== null && y !== null && Math.abs(x - y) <= DOUBT_TOLERANCE)) return true;
  return [a.since, b.since].some((moment) => turnOf(a.spec, moment) === turnOf(b.spec, moment));
}

/** "Late by less than its starting deadline" still counts; a batch without a time is always due, what is kept never. */
export function isDue(
  { executeAt, startingDeadline, isKept }: Pick<DesiredBatch, 'executeAt' | 'startingDeadline' | 'isKept'>,
  now: number,
): boolean {
  if (isKept) return false;
  return executeAt === null || now - executeAt < startingDeadline;
}

type Timed = Pick<Spec, 'executeAt'>;

/** Asked for at the same time, or both once. */
export function isSameTime({ executeAt }: Timed, other: Timed): boolean {
  if (executeAt === null || other.executeAt === null) return executeAt === other.executeAt;
  return Math.abs(executeAt - other.executeAt) <= TOLERANCE;
}
