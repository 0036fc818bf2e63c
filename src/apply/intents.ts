/**
 * The intents of an apply's creates, in order, each with what was in sight just before: written down before the
 * first POST, so that whatever is found later can be told from what was there already.
 */

import { compareIds, type Id } from '../model/ids.ts';
import { type Batch, isFullList, type Listed } from '../model/observed.ts';
import { partitionPoint } from '../model/partition-point.ts';
import type { CreateChange, ReplaceChange } from '../model/plan.ts';
import { ownedBatches } from '../model/recorded.ts';
import type { Intent } from '../model/state.ts';
import { lookForMade } from '../observe/look-for-made.ts';
import { type BatchList, laterOf, newestOf, reachesBack } from '../plan/sameness/sight.ts';
import { DOUBT_TOLERANCE, newTimeVerdict, ranAtOnce } from '../plan/sameness/times.ts';
import { type ApplyContext, failed, type StepResult } from './context.ts';
import { intentIds } from './intent-ids.ts';

export interface NewIntents {
  readonly intents: readonly Intent[];
  /** Creates that must not be sent: what they would make has turned up since the plan was made. */
  readonly appeared: ReadonlyMap<string, StepResult>;
  /** Of the batches that were there before all of them; null: none was. */
  readonly newestListed: Id | null;
}

export async function newIntents(
  ctx: ApplyContext,
  changes: readonly (CreateChange | ReplaceChange)[],
): Promise<NewIntents> {
  const listed = await ctx.api.listBatches();
  const { observation } = ctx;
  const recorded = ctx.journal.current();
  const owned = ownedBatches(recorded);
  const nextId = intentIds(
    ctx.newId,
    recorded.intents.map(({ id }) => id),
  );
  const planned = new Set(observation.batches.map((batch) => batch.id));
  const nearFresh = byTime(listed.filter((batch) => !planned.has(batch.id) && !owned.has(batch.id)));
  // This answer may be poorer than the one that the plan was made from.
  const newest = laterOf(newestOf(listed), observation.newestListed);
  const near = byTime([...listed, ...observation.batches]);
  const since = Math.floor(ctx.now());
  const isCutOff = !reachesBack(listOf(listed), { newest: observation.newestListed, ids: planned });
  const intents: Intent[] = [];
  const appeared = new Map<string, StepResult>();
  for (const change of changes) {
    const blank = blankIntent(nextId(), change, since);
    if (isCutOff) {
      appeared.set(change.address, CUT_OFF);
      continue;
    }
    if (nearFresh(blank.spec.executeAt).some((batch) => newTimeVerdict(blank, batch) !== 'no')) {
      const result = await hasAppeared(ctx, {
        ...blank,
        seen: [...planned],
        newest: observation.newestListed,
      });
      if (result !== null) {
        appeared.set(change.address, result);
        continue;
      }
    }
    const seen = near(blank.spec.executeAt).filter((batch) => newTimeVerdict(blank, batch) !== 'no');
    intents.push({ ...blank, seen: [...new Set(seen.map(({ id }) => id))], newest });
  }
  return { intents, appeared, newestListed: newestBatch(listed) };
}

function newestBatch(batches: readonly Batch[]): Id | null {
  const at = ({ createdAt }: Batch) => createdAt ?? 0;
  const [first, ...others] = batches;
  if (first === undefined) return null;
  return others.reduce((newest, one) => {
    const isNewer = at(one) === at(newest) ? compareIds(one.id, newest.id) > 0 : at(one) > at(newest);
    return isNewer ? one : newest;
  }, first).id;
}

/**
 * Of so many batches, those that `newTimeVerdict` may have anything but a no for, in their order: with thousands of creates
 * and as many batches, it cannot be asked about each pair.
 */
function byTime(batches: readonly Batch[]): (executeAt: number | null) => readonly Batch[] {
  const places = new Map(batches.map((batch, i) => [batch, i]));
  const atOnce = batches.filter(ranAtOnce);
  const timed = batches
    .filter((batch) => !ranAtOnce(batch))
    .sort((a, b) => (a.executeAt ?? 0) - (b.executeAt ?? 0));
  const from = (moment: number) => partitionPoint(timed, ({ executeAt }) => (executeAt ?? 0) < moment);
  return (executeAt) => {
    if (executeAt === null) return atOnce;
    const around = timed.slice(from(executeAt - DOUBT_TOLERANCE), from(executeAt + DOUBT_TOLERANCE + 1));
    return [...atOnce, ...around].sort((a, b) => places.get(a)! - places.get(b)!);
  };
}

/** What was planned on a list that lacked so much may have been planned without what was to be seen. */
const CUT_OFF = failed(
  'apply.appeared',
  'the list of batches has filled up since the plan was made: this batch may already have dropped out of it',
  'Plan again.',
);

function listOf(listed: Listed<Batch>): BatchList {
  return { batches: listed, isFull: isFullList(listed), newest: newestOf(listed) };
}

/** Is one of the batches that are new since the plan what this intent would make? null: certainly not. */
async function hasAppeared(ctx: ApplyContext, intent: Intent): Promise<StepResult | null> {
  const { api, journal, observation, machineNow: now } = ctx;
  const asIfSent = { ...intent, sentAt: intent.since };
  const search = {
    api,
    now,
    settle: 0,
    watched: () => 0,
    current: journal.current,
    before: observation,
    made: [],
  };
  const { sighting } = await lookForMade(search, asIfSent, null);
  if (sighting.verdict === 'absent') return null;
  const ids = sighting.verdict === 'found' ? [sighting.batch.id] : sighting.candidates;
  if (ids.length === 0) return null;
  const message = `batch ${ids.join(', ')} has appeared since the plan was made and may be this one`;
  return failed('apply.appeared', message, 'Plan again.');
}

/** As if nothing had been in sight. */
function blankIntent(id: string, change: CreateChange | ReplaceChange, since: number): Intent {
  const { address, after: spec, digest, preventCancel, servers, notAfter } = change;
  return {
    id,
    address,
    spec,
    digest,
    preventCancel,
    since,
    sentAt: null,
    notAfter,
    servers,
    seen: [],
    newest: null,
  };
}
