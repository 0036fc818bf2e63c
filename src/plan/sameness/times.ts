/**
 * When is a time the same time? Three questions, from the narrowest to the widest:
 *
 * - `hasTimeOf`: does this batch run when a spec asks for? Exactly then; or, without a time, about when it was made.
 * - `mayBeNewBatchOf`: may the POST of an intent have made this batch? As above; or the API was told a time that had
 *   passed, and put its own present.
 * - `turnOf`: must two creates of one apply go out one after the other? So wide that no batch can be the new one of
 *   creates of two turns, as long as their template is seen and the apply takes less than `SOON` minus `AT_ONCE`.
 */
import type { Batch } from '../../model/observed.ts';
import type { Intent, Spec } from '../../model/state.ts';

/** Seconds. Between "now" as the API stamps it on a batch's creation and on its start. */
const AT_ONCE = 300;
/** Seconds. What is to run that soon takes turns with what is to run at once. */
const SOON = 3600;

/** A batch without a time of its own runs when it is made: the API may then say so, or say nothing. */
export function hasTimeOf(executeAt: number | null, batch: Batch): boolean {
  if (executeAt !== null) return batch.executeAt === executeAt;
  if (batch.executeAt === null || batch.createdAt === null) return true;
  return Math.abs(batch.executeAt - batch.createdAt) <= AT_ONCE;
}

/** By time and newness alone; template and targets are `compare`'s. */
export function mayBeNewBatchOf(
  { spec: { executeAt }, since, seen, newest }: Pick<Intent, 'spec' | 'since' | 'seen' | 'newest'>,
  batch: Batch,
): boolean {
  if (seen.includes(batch.id)) return false;
  if (newest !== null && batch.createdAt !== null && batch.createdAt < newest) return false;
  if (hasTimeOf(executeAt, batch)) return true;
  return executeAt !== null && executeAt <= since + AT_ONCE && hasTimeOf(null, batch);
}

/** `since`: unix seconds, when the create is or was intended. */
export function turnOf({ template, executeAt }: Pick<Spec, 'template' | 'executeAt'>, since: number): string {
  const time = executeAt === null || executeAt <= since + SOON ? 'soon' : executeAt;
  return `${template.id}@${time}`;
}
