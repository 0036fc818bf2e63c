/**
 * What a state of many years may let go of: state + file + now → what goes, what stays and why. Pure.
 *
 * Invariant: nothing goes that could keep a run from being made a second time. So only what no block names, what is
 * recorded as over for good, and what is older than any lateness that the file allows; never an intent, a question
 * (`sight`), or a replace that was begun; and never what has no time, as nothing but its record tells that it has run.
 */
import { blockOf, covers, parseOccurrence } from '../model/addresses.ts';
import type { Desired } from '../model/desired.ts';
import type { KnownSight, ScheduleMark, State, StateEntry } from '../model/state.ts';
import { knownBy } from '../plan/sameness/sight.ts';
import { DOUBT_TOLERANCE } from '../plan/sameness/times.ts';
import { isKnownOver } from '../plan/world/over.ts';
import type { Edit } from '../state/edits.ts';
import { edited } from '../state/ledger.ts';

type File = Pick<Desired, 'blocks' | 'moved'>;

export interface Prune {
  /** Addresses. */
  readonly entries: readonly string[];
  /** Addresses of schedules whose marks go. */
  readonly schedules: readonly string[];
  /** How many of what addresses had before. */
  readonly ran: number;
  /** No block names them, and they stay all the same. */
  readonly kept: readonly { readonly address: string; readonly why: string }[];
  /** Unix seconds: what is younger stays. */
  readonly before: number;
}

/** `now`: unix seconds; `olderThan`: seconds. */
export function pruneOf(state: State, file: File, now: number, olderThan: number): Prune {
  const before = now - Math.max(olderThan, longestLateness(file));
  const isNamed = namedBy(file);
  const entries: string[] = [];
  const kept: { address: string; why: string }[] = [];
  for (const [address, entry] of Object.entries(state.entries)) {
    if (isNamed(address)) continue;
    const why = whyKept(address, entry, { state, before });
    if (why === null) entries.push(address);
    else kept.push({ address, why });
  }
  const staying = new Set(kept.flatMap(({ address }) => parseOccurrence(address)?.base ?? []));
  const schedules: string[] = [];
  for (const [address, { through }] of Object.entries(state.schedules ?? {})) {
    if (isNamed(address)) continue;
    if (through < before && !staying.has(address)) schedules.push(address);
    else kept.push({ address, why: through < before ? 'its occurrences are on record' : YOUNG });
  }
  return {
    entries,
    schedules,
    ran: (state.ran ?? []).filter((one) => one.notAfter < before).length,
    kept,
    before,
  };
}

export function isEmpty({ entries, schedules, ran }: Prune): boolean {
  return entries.length + schedules.length + ran === 0;
}

/** The very same state where nothing goes. */
export function pruned(state: State, prune: Prune): State {
  if (isEmpty(prune)) return state;
  const going = new Set(prune.schedules);
  const marks: Record<string, ScheduleMark> = Object.fromEntries(
    Object.entries(state.schedules ?? {}).filter(([address]) => !going.has(address)),
  );
  const sight = sightOnItsOwn(state, prune);
  const edits: Edit[] = [
    ...prune.entries.map((address): Edit => ({ kind: 'unbind', address })),
    ...(going.size === 0 ? [] : [{ kind: 'schedules', marks } as const]),
    ...(sight === null ? [] : [{ kind: 'sight', sight } as const]),
  ];
  const { ran: _, former: __, ...rest } = edited(state, edits);
  const ran = (state.ran ?? []).filter(({ notAfter }) => notAfter >= prune.before);
  const former = (state.former ?? []).filter(
    ({ createdAt }) => createdAt === null || createdAt >= prune.before,
  );
  return {
    ...rest,
    ...(ran.length === 0 ? {} : { ran }),
    ...(former.length === 0 ? {} : { former }),
  };
}

const YOUNG = 'it is not old enough';

interface Asking {
  readonly state: State;
  readonly before: number;
}

function whyKept(address: string, entry: StateEntry, { state, before }: Asking): string | null {
  const { spec, createdAt, replacing, notAfter = null } = entry;
  const occurrence = parseOccurrence(address)?.at ?? null;
  if (state.intents.some((intent) => intent.address === address)) return 'a create of it is in doubt';
  if (replacing !== undefined) return 'a replace of it was begun';
  // Nothing else would tell that it has run, however long ago, should its block come back.
  if (spec.executeAt === null) return 'it has no time: its record alone keeps it from running again';
  if (!isKnownOver(entry)) return 'it is not recorded as over for good';
  if (Math.max(createdAt, spec.executeAt, occurrence ?? 0, notAfter ?? 0) >= before) return YOUNG;
  return null;
}

/** Seconds: what has been late for longer than that, no block of the file makes any more. */
function longestLateness({ blocks }: File): number {
  let longest = 0;
  for (const { startingDeadline, when } of blocks) {
    longest = Math.max(longest, startingDeadline + (when.kind === 'schedule' ? when.offset : 0));
  }
  return longest;
}

/** A block's name counts for all that it ever had; so do both ends of a move. */
function namedBy({ blocks, moved }: File): (address: string) => boolean {
  const names = new Set(blocks.map(({ block }) => block));
  return (address) =>
    names.has(blockOf(address)) ||
    moved.some(({ from, to }) => [from, to].some((end) => covers(end, address) || blockOf(end) === address));
}

/** How far the record knows what exists, without the help of the entries that go: it must not seem to know less. */
function sightOnItsOwn(state: State, { entries }: Prune): KnownSight | null {
  const known = knownBy(state);
  if (known === null || entries.length === 0) return null;
  const { newest } = known;
  const isNear = (at: number | null) => at === null || newest === null || at > newest - DOUBT_TOLERANCE;
  const ids = entries.flatMap((address) => {
    const { batchIds = [], stamps = {} } = state.entries[address] ?? {};
    return batchIds.filter((id) => isNear(stamps[id]?.createdAt ?? null));
  });
  const own = state.sight ?? { newest, ids: [...known.ids] };
  return { ...own, newest, ids: [...new Set([...own.ids, ...ids])] };
}
