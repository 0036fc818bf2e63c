/**
 * One create, exactly once.
 *
 * Invariants: the intent is in the state before the POST goes out; a POST without a clear answer is settled by
 * looking for its batch, and sent again only when that is certainly absent; the binding is in the state before
 * this function returns. The caller sends one create of a turn at a time: so at most one of it is ever in doubt.
 */
import { ApiError } from '../api/errors.ts';
import { batchPhase } from '../model/batch-phase.ts';
import { compareIds, type Id } from '../model/ids.ts';
import type { Batch } from '../model/observed.ts';
import type { Intent, State } from '../model/state.ts';
import { lookForBatch } from '../observe/look-for-batch.ts';
import { bind, dropIntent } from '../state/transitions.ts';
import { type ApplyContext, DONE, failed, type StepResult } from './context.ts';

export async function createBatch(ctx: ApplyContext, intent: Intent): Promise<StepResult> {
  const made = boundSince(ctx.journal.current(), intent.since);
  for (let sends = 1, throttles = 0; ; sends += 1) {
    const answer = await send(ctx, intent);
    if (answer.kind === 'created') return bound(ctx, intent, answer.batch);
    if (answer.kind === 'refused') return notCreated(ctx, intent, answer.error);
    const { error } = answer;
    const settled = await settle(ctx, intent, answer, made);
    if (settled.kind === 'found') return bound(ctx, intent, settled);
    if (settled.kind === 'unclear') return unknown(intent, error, settled.candidates, settled.why);
    if (answer.kind === 'throttled') {
      sends -= 1;
      throttles += 1;
    }
    if (sends >= ctx.patience.sends || throttles >= MOST_THROTTLES || ctx.stop.aborted) {
      return notCreated(ctx, intent, error);
    }
  }
}

/** What this apply had made before: a list without it is none that could show the new one. */
function boundSince(state: State, since: number): Id[] {
  return Object.values(state.entries).flatMap((entry) => (entry.createdAt >= since ? entry.batchIds : []));
}

/** The client waits as told before the next request; so this is how often, not how long. */
const MOST_THROTTLES = 20;

type Answer =
  | { readonly kind: 'created'; readonly batch: Batch }
  | { readonly kind: 'refused'; readonly error: ApiError }
  | Unanswered;

/**
 * `unsent`: it certainly never reached the API. `throttled`: it was turned away, which a look confirms. `doubtful`:
 * it may have been done.
 */
interface Unanswered {
  readonly kind: 'unsent' | 'throttled' | 'doubtful';
  readonly error: ApiError;
}

async function send(ctx: ApplyContext, intent: Intent): Promise<Answer> {
  try {
    return { kind: 'created', batch: await ctx.api.createBatch(intent.spec) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.outcome === 'unclear') return { kind: 'doubtful', error };
    if (error.code === 'api.rate-limited') return { kind: 'throttled', error };
    return { kind: error.code === 'api.transport' ? 'unsent' : 'refused', error };
  }
}

/** `behind`: the list could not have shown it yet, so that its silence says nothing. */
type Settled =
  | { readonly kind: 'found'; readonly id: Id; readonly phase: string }
  | { readonly kind: 'absent' | 'behind' }
  | { readonly kind: 'unclear'; readonly candidates: readonly Id[]; readonly why: string };

const ABSENT: Settled = { kind: 'absent' };
const BEHIND: Settled = { kind: 'behind' };

/** Looks until the batch is there, or until patience ends with a look that says it is not. */
async function settle(
  ctx: ApplyContext,
  intent: Intent,
  { kind, error }: Unanswered,
  made: readonly Id[],
): Promise<Settled> {
  const { address } = intent;
  if (kind === 'unsent') {
    await ctx.sleep(ctx.patience.looks[0] ?? 0);
    return ABSENT;
  }
  const looks: Settled[] = [];
  for (const pause of [0, ...ctx.patience.looks]) {
    if (pause > 0) {
      ctx.emit({
        type: 'waiting',
        address,
        reason: `looking for its batch (${error.message})`,
        seconds: pause / 1000,
      });
      await ctx.sleep(pause);
    }
    const now = await look(ctx, intent, made);
    if (now.kind === 'found') return now;
    looks.push(now);
    if (kind === 'throttled' && now.kind === 'absent' && !looks.some(hasCandidates)) return ABSENT;
  }
  return verdictOf(looks);
}

/**
 * So many of the last looks in a row have to say that it is absent: one answer may be wrong. Fewer do where the list
 * was known to be behind, and has caught up since.
 */
const CONFIRMED = 3;
const CONFIRMED_SINCE = 2;

function verdictOf(looks: readonly Settled[]): Settled {
  const inTime = looks.filter((one) => one.kind !== 'behind');
  const isConfirmed =
    looks.slice(-CONFIRMED_SINCE).every((one) => one.kind === 'absent') &&
    inTime.slice(-CONFIRMED).every((one) => one.kind === 'absent');
  if (isConfirmed && !looks.some(hasCandidates)) return ABSENT;
  const doubts = looks.filter((one) => one.kind === 'unclear');
  return doubts.findLast(hasCandidates) ?? doubts.at(-1) ?? TOO_LATE;
}

const TOO_LATE: Settled = {
  kind: 'unclear',
  candidates: [],
  why: 'the list of batches has been behind for too long',
};

function hasCandidates(one: Settled): boolean {
  return one.kind === 'unclear' && one.candidates.length > 0;
}

async function look(ctx: ApplyContext, intent: Intent, made: readonly Id[]): Promise<Settled> {
  try {
    const { journal, observation } = ctx;
    const { match, sight } = await lookForBatch(ctx.api, intent, journal.current, observation, made);
    if (match.verdict === 'found') {
      return { kind: 'found', id: match.batch.id, phase: batchPhase(match.batch, ctx.now()) };
    }
    if (match.verdict === 'unclear') {
      return { kind: 'unclear', candidates: match.candidates, why: 'several could be it' };
    }
    if (sight === 'behind') return BEHIND;
    return sight === 'overrun'
      ? { kind: 'unclear', candidates: [], why: 'it may be out of the lists already' }
      : ABSENT;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { kind: 'unclear', candidates: [], why: error.message };
  }
}

async function bound(
  ctx: ApplyContext,
  intent: Intent,
  batch: Batch | { readonly id: Id; readonly phase: string },
): Promise<StepResult> {
  const phase = 'phase' in batch ? batch.phase : batchPhase(batch, ctx.now());
  const { address, spec, digest, preventCancel } = intent;
  await ctx.journal.record((state) =>
    bind(state, { address, batchIds: [batch.id], spec, digest, preventCancel, phase, createdAt: ctx.now() }),
  );
  return DONE;
}

/** It certainly is not there: nothing is in doubt any more. */
async function notCreated(ctx: ApplyContext, intent: Intent, error: ApiError): Promise<StepResult> {
  await ctx.journal.record((state) => dropIntent(state, intent.id));
  return { outcome: 'failed', error };
}

/** The intent stays: the next apply settles it. */
function unknown(intent: Intent, error: ApiError, candidates: readonly Id[], why: string): StepResult {
  const ids = [...candidates].sort(compareIds);
  const named = ids.length === 0 ? '' : ` Candidates: ${ids.join(', ')}.`;
  const result = failed(
    'apply.unknown',
    `${error.message}; whether its batch exists cannot be told: ${why}.${named}`,
    ids.length === 0
      ? 'Apply again: it looks first, and sends nothing twice.'
      : `Apply again, or bind the right one: \`fleetform import '${intent.address}' ${ids[0]}\`.`,
  );
  return result.outcome === 'failed' ? { ...result, outcome: 'unknown' } : result;
}
