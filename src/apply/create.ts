/**
 * One create, exactly once.
 *
 * Invariants: the intent is in the state, with the moment of sending, before the POST goes out; whatever is answered
 * but the batch itself is looked into before it is believed; it is sent again only when its batch is certainly absent,
 * and never after its deadline; the binding is in the state before this function returns. The caller sends one create
 * of a turn at a time: so at most one of it is ever in doubt.
 */
import { ApiError } from '../api/errors.ts';
import { batchPhase } from '../model/batch-phase.ts';
import { compareIds, type Id } from '../model/ids.ts';
import type { Batch } from '../model/observed.ts';
import { boundEntry } from '../model/recorded.ts';
import type { Intent, State } from '../model/state.ts';
import { unended } from '../model/words.ts';
import { lookForMade, type Search } from '../observe/look-for-made.ts';
import { sentByOurClock, type Unsure } from '../plan/sameness/settle.ts';
import { laterOf } from '../plan/sameness/sight.ts';
import type { Edit } from '../state/edits.ts';
import {
  type ApplyContext,
  DONE,
  failed,
  INTERRUPTED,
  MOST_SENDS,
  NotSent,
  type StepResult,
} from './context.ts';
import { CONFIRMED, nextPause, pause, REFUSED_SETTLE } from './doubt.ts';
import type { Sending } from './sending.ts';

export interface CreateInput {
  readonly intent: Intent;
  /** Unix seconds: from then on it is too late; null: it never is. */
  readonly notAfter: number | null;
  /** The one of its turn that goes out when this one is bound: both are written down at once. */
  readonly next: Intent | undefined;
  readonly sending: Sending;
}

export async function createBatch(ctx: ApplyContext, input: CreateInput): Promise<StepResult> {
  const { intent, sending } = input;
  const counts = { sends: 0, throttles: 0 };
  for (;;) {
    await sending.room.free(ctx.stop);
    const result = await createOnce(ctx, input, counts).finally(() => sending.room.over(intent.id));
    if (result !== null) return result;
  }
}

/** null: it certainly is not there, and may be sent. */
async function createOnce(
  ctx: ApplyContext,
  input: CreateInput,
  counts: { sends: number; throttles: number },
): Promise<StepResult | null> {
  const { intent } = input;
  const answer = await send(ctx, input);
  if (answer.kind === 'no-room') return null;
  if (answer.kind === 'created') return bound(ctx, input, answer.batch);
  if (answer.kind === 'not-sent') return notCreated(ctx, intent, answer.result);
  const { error } = answer;
  const settled = await settle(ctx, input, answer);
  if (settled.kind === 'found') return bound(ctx, input, settled.batch);
  if (settled.kind === 'unclear') return unknown(intent, error, settled.candidates, settled.why);
  if (answer.kind === 'throttled') counts.throttles += 1;
  else counts.sends += 1;
  if (answer.kind === 'refused') return refused(error);
  if (counts.throttles >= MOST_THROTTLES) return refused(error);
  if (counts.sends >= MOST_SENDS) return notCreated(ctx, intent, { outcome: 'failed', error });
  return null;
}

/** What this apply had made before: a list without it is none that could show the new one. */
function madeSince(ctx: ApplyContext, since: number): Id[] {
  return Object.values(ctx.journal.current().entries).flatMap((entry) =>
    entry.createdAt >= since ? entry.batchIds : [],
  );
}

/** The client waits as told before the next request; so this is how often, not how long. */
const MOST_THROTTLES = 20;

type Answer =
  | { readonly kind: 'created'; readonly batch: Batch }
  | { readonly kind: 'not-sent'; readonly result: StepResult }
  | { readonly kind: 'no-room' }
  | Unanswered;

/** Thrown before a request goes out: it waits for room once more. */
class NoRoom extends Error {
  override readonly name = 'NoRoom';
}

/**
 * `unsent`: it certainly never reached the API. `throttled`, `refused`: it was turned away, which looks confirm.
 * `doubtful`: it may have been done, or be done yet.
 */
interface Unanswered {
  readonly kind: 'unsent' | 'throttled' | 'refused' | 'doubtful';
  readonly error: ApiError;
}

async function send(ctx: ApplyContext, { intent, notAfter, sending }: CreateInput): Promise<Answer> {
  try {
    // While it waits for its turn: in the place of a request, the write would keep others from being sent.
    if (!ctx.stop.aborted) await sending.mark(ctx, intent);
    const batch = await ctx.api.createBatch(intent.spec, async () => {
      if (notAfter !== null && ctx.now() >= notAfter) throw new NotSent(TOO_LATE);
      if (ctx.stop.aborted) throw new NotSent(INTERRUPTED);
      await sending.mark(ctx, intent);
      // Last: between it and the request nothing is waited for.
      await ctx.beforeSend();
      if (!sending.enter(ctx, intent.id)) throw new NoRoom();
    });
    return { kind: 'created', batch };
  } catch (error) {
    if (error instanceof NotSent) return { kind: 'not-sent', result: error.result };
    if (error instanceof NoRoom) return { kind: 'no-room' };
    if (!(error instanceof ApiError)) throw error;
    if (error.outcome === 'unclear') return { kind: 'doubtful', error };
    if (error.code === 'api.rate-limited') return { kind: 'throttled', error };
    return { kind: UNSENT.has(error.code) ? 'unsent' : 'refused', error };
  }
}

/** It never reached the API. */
const UNSENT: ReadonlySet<string> = new Set(['api.transport', 'api.interrupted']);

const TOO_LATE = failed(
  'apply.too-late',
  'its starting deadline passed before it could be sent: it was not created',
  'Give it another time, or a longer `startingDeadline`.',
);

type Settled =
  | { readonly kind: 'found'; readonly batch: Batch }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unclear'; readonly candidates: readonly Id[]; readonly why: string };

const ABSENT: Settled = { kind: 'absent' };

/** Looks until the batch is there, or until doubt is over and several looks in a row agree that it is not. */
async function settle(
  ctx: ApplyContext,
  { intent, sending }: CreateInput,
  { kind, error }: Unanswered,
): Promise<Settled> {
  const { address } = intent;
  if (kind === 'unsent') {
    await pause(ctx, nextPause(0, Number.POSITIVE_INFINITY));
    return ABSENT;
  }
  const settleSeconds = kind === 'doubtful' ? ctx.settle : Math.min(REFUSED_SETTLE, ctx.settle);
  const sentHere = sentByOurClock(ctx.journal.intent(intent.id) ?? intent);
  const search: Search = {
    api: ctx.api,
    now: ctx.machineNow,
    settle: settleSeconds,
    watched: () => ctx.machineNow() - sentHere,
    current: () => withNewer(ctx.journal.current(), intent, sending.follows(intent.id)),
    before: ctx.observation,
    made: madeSince(ctx, intent.since),
  };
  let ends = sentHere + settleSeconds;
  let newest: number | null = null;
  let candidates: readonly Id[] = [];
  let why: string = WHY.doubt;
  let agreeing = 0;
  let givesUpAt = Number.POSITIVE_INFINITY;
  for (let looks = 0; ; looks += 1) {
    const one = await lookOnce(search, intent, newest);
    // After a 429 the first look may come long after the end of doubt.
    if (looks === 0) givesUpAt = Math.max(ends, ctx.machineNow()) + LONGEST_OVERTIME;
    newest = laterOf(newest, one.newestListed);
    if (one.kind === 'found') return one;
    agreeing = one.kind === 'absent' ? agreeing + 1 : 0;
    // Where the list is of no use, a refusal is in doubt as long as any other answer.
    if (one.kind === 'absent' && one.isOverrun) ends = sentHere + ctx.settle;
    if (one.kind === 'unsure') {
      why = one.why;
      if (one.candidates.length > 0) candidates = one.candidates;
    }
    const msLeft = (ends - ctx.machineNow()) * 1000;
    if (msLeft <= 0 && agreeing >= CONFIRMED) {
      return candidates.length === 0 ? ABSENT : { kind: 'unclear', candidates, why: WHY.candidates };
    }
    if (ctx.machineNow() >= givesUpAt && agreeing === 0) return { kind: 'unclear', candidates, why };
    const ms = nextPause(looks, msLeft);
    ctx.emit({
      type: 'waiting',
      address,
      reason: `looking for its batch (${unended(error.message)})`,
      seconds: ms / 1000,
    });
    if (!(await pause(ctx, ms)))
      return { kind: 'unclear', candidates, why: 'interrupted before that was clear' };
  }
}

/** What was made since it was written down, and before it went out, is newer than what the state says that it follows. */
function withNewer(state: State, { id }: Intent, follows: Id | undefined): State {
  if (follows === undefined) return state;
  return { ...state, intents: state.intents.map((one) => (one.id === id ? { ...one, follows } : one)) };
}

/** Seconds after the end of doubt: for looks that fail, or that contradict each other. */
const LONGEST_OVERTIME = 10;

const WHY: Readonly<Record<Unsure, string>> = {
  candidates: 'one or more batches could be it, but the evidence is inconclusive',
  behind: 'the list of batches has been behind for too long',
  overrun: 'it may already have dropped out of the list',
  doubt: 'it may still take effect',
};

type Look = (
  | { readonly kind: 'found'; readonly batch: Batch }
  | { readonly kind: 'absent'; readonly isOverrun: boolean }
  | { readonly kind: 'unsure'; readonly candidates: readonly Id[]; readonly why: string }
) & { readonly newestListed: number | null };

async function lookOnce(search: Search, intent: Intent, newest: number | null): Promise<Look> {
  try {
    const { sighting, newestListed } = await lookForMade(search, intent, newest);
    if (sighting.verdict === 'found') return { kind: 'found', batch: sighting.batch, newestListed };
    if (sighting.verdict === 'absent') return { kind: 'absent', isOverrun: sighting.isOverrun, newestListed };
    return { kind: 'unsure', candidates: sighting.candidates, why: WHY[sighting.why], newestListed };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { kind: 'unsure', candidates: [], why: error.message, newestListed: null };
  }
}

async function bound(
  ctx: ApplyContext,
  { intent, next, sending }: CreateInput,
  batch: Batch,
): Promise<StepResult> {
  const phase = batchPhase(batch, ctx.now());
  const entry = boundEntry(intent, [batch], { createdAt: Math.floor(ctx.now()), phase });
  const goingOut: Edit[] = next === undefined ? [] : [sending.edit(ctx, [next], batch.id)];
  // Nobody sends anything after the last one of a turn.
  const when = next === undefined ? 'soon' : 'at-once';
  await ctx.journal.record([{ kind: 'bind', address: intent.address, entry }, ...goingOut], when);
  return DONE;
}

/**
 * The API said no, and nothing of it is to be seen. It is believed for now; but the intent stays until doubt is over, and
 * the next apply looks once more.
 */
function refused(error: ApiError): StepResult {
  return { outcome: 'failed', error };
}

/** It certainly is not there: nothing is in doubt any more. */
async function notCreated(ctx: ApplyContext, intent: Intent, result: StepResult): Promise<StepResult> {
  await ctx.journal.record({ kind: 'drop-intent', id: intent.id });
  return result;
}

/** The intent stays: the next apply settles it. */
function unknown(intent: Intent, error: ApiError, candidates: readonly Id[], why: string): StepResult {
  const ids = [...candidates].sort(compareIds);
  const named = ids.length === 0 ? '' : ` (candidates: ${ids.join(', ')})`;
  const result = failed(
    'apply.unknown',
    `${unended(error.message)}; cannot tell whether its batch exists: ${unended(why)}${named}`,
    ids.length === 0
      ? 'Apply again: it checks first and sends nothing twice.'
      : `Apply again, or bind the right one: \`fleetform import '${intent.address}' ${ids[0]}\`.`,
  );
  return result.outcome === 'failed' ? { ...result, outcome: 'unknown' } : result;
}
