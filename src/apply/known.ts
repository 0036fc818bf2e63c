/** What a plan lets the state know before anything is called. */
import { isDeepStrictEqual } from 'node:util';
import { parseOccurrence } from '../model/addresses.ts';
import type { Id } from '../model/ids.ts';
import type { AdoptChange, Change, Plan, ReplaceChange } from '../model/plan.ts';
import { hasChanges } from '../model/plan-summary.ts';
import { boundEntry } from '../model/recorded.ts';
import type { Intent, KnownSight, StateEntry } from '../model/state.ts';
import type { Planned } from '../plan/plan.ts';
import { entryOfFound } from '../plan/sameness/settle.ts';
import { isOverForGood } from '../plan/world/over.ts';
import type { Edit } from '../state/edits.ts';
import type { ApplyContext } from './context.ts';
import { seenIn } from './seen.ts';

/**
 * Everything that needs no call: settled intents, moved addresses, adoptions, what is forgotten or has ended, what is about to be
 * replaced, what is remembered of a batch that stays, and how far the record knows what exists. Where nothing is done,
 * phases are not worth a write: a new serial would make saved plans stale.
 */
export function knownEdits({ plan, settlement, sight, ended, marks }: Planned, ctx: ApplyContext): Edit[] {
  const isWorthIt = hasChanges(plan);
  const edits = [
    ...settlementEdits(settlement, ctx.journal.intents()),
    ...moveEdits(plan),
    ...plan.changes.flatMap((change) => changeEdits(change, isWorthIt, ctx)),
  ];
  // What was told as missed is not told again.
  const hasMissed = plan.changes.some(({ action, address }) => action === 'missed' && isOccurrence(address));
  const isWritten =
    isWorthIt || hasMissed || edits.some(({ kind }) => kind !== 'note' && kind !== 'replacing');
  if (!isWritten) return edits;
  const gone = ended.map((address): Edit => ({ kind: 'unbind', address }));
  return [...edits, ...gone, { kind: 'sight', sight: without(sight, plan) }, ...markEdits(marks)];
}

function markEdits(marks: Planned['marks']): Edit[] {
  return marks === null ? [] : [{ kind: 'schedules', marks }];
}

function isOccurrence(address: string): boolean {
  return parseOccurrence(address) !== null;
}

/** What is bound by this very write is in question no more. */
function without({ unsure, ...sight }: KnownSight, { changes }: Plan): KnownSight {
  const bound = new Set(changes.flatMap((change) => (change.action === 'adopt' ? change.digest : [])));
  const left = unsure?.filter((one) => !bound.has(one)) ?? [];
  return left.length === 0 ? sight : { ...sight, unsure: left };
}

/** Under the addresses that they were recorded with: the moves come after. */
function settlementEdits({ found, nothing }: Planned['settlement'], recorded: readonly Intent[]): Edit[] {
  const addresses = new Map(recorded.map(({ id, address }) => [id, address]));
  return [
    ...found.map(({ intent, batch }): Edit => {
      const address = addresses.get(intent.id) ?? intent.address;
      return { kind: 'bind', address, entry: entryOfFound(intent, batch) };
    }),
    ...nothing.map(({ id }): Edit => ({ kind: 'drop-intent', id })),
  ];
}

function moveEdits({ moves }: Plan): Edit[] {
  if (moves.length === 0) return [];
  return [{ kind: 'rename', names: new Map(moves.map(({ from, to }) => [from, to])) }];
}

function changeEdits(change: Change, isWorthIt: boolean, ctx: ApplyContext): Edit[] {
  const { address } = change;
  switch (change.action) {
    case 'adopt':
      return [{ kind: 'bind', address, entry: adopted(change, ctx) }];
    case 'forget':
      return [{ kind: 'unbind', address, isDone: true }];
    case 'replace':
      return [{ kind: 'replacing', address, mark: isToRunAgain(change) ? true : 'unless-run' }];
    case 'pause':
    case 'resume':
      return [{ kind: 'note', address, fields: { preventCancel: change.preventCancel } }];
    case 'no-op': {
      const { phase, batchIds, preventCancel } = change;
      // What was seen of a batch is worth more than that it cannot be seen any more.
      const isNews = isWorthIt && phase !== 'unknown';
      return [
        { kind: 'replacing', address, mark: null },
        {
          kind: 'note',
          address,
          fields: isNews ? { phase, preventCancel, ...endOf(batchIds, ctx) } : { preventCancel },
        },
      ];
    }
    default:
      return [];
  }
}

/** Of what is not in sight nothing is news. */
function endOf(batchIds: readonly Id[], { observation, now }: ApplyContext): { isOver?: boolean } {
  const seen = batchIds.flatMap((id) => seenIn(observation.batches, id) ?? []);
  return seen.length < batchIds.length ? {} : { isOver: isOverForGood(batchIds, seen, now()) };
}

function adopted(change: AdoptChange, ctx: ApplyContext): StateEntry {
  const { batches, ghosts } = ctx.observation;
  const seen = change.batchIds.flatMap((id) => seenIn(batches, id) ?? seenIn(ghosts, id) ?? []);
  const { after: spec, batchIds, phase } = change;
  // Of what has run, and is not known any more, the ids are still worth keeping.
  return { ...boundEntry({ ...change, spec }, seen, { createdAt: Math.floor(ctx.now()), phase }), batchIds };
}

/** The very same, and it had begun: whoever replaces that wants it to run once more. */
function isToRunAgain({ before, after, phase }: ReplaceChange): boolean {
  return phase !== 'scheduled' && isDeepStrictEqual(before, after);
}
