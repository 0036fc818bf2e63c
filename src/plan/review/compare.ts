/**
 * Does a plan that was reviewed still hold? Compared by what it would do, address by address. Counts that move on by
 * themselves (tasks done, servers of a fleet) don't make it stale, nor does anything that it would not touch. A
 * state that was written since does: what else was applied may be what the reviewer counted on.
 */
import { isDeepStrictEqual } from 'node:util';
import { parseOccurrence } from '../../model/addresses.ts';
import type { Change, Plan } from '../../model/plan.ts';
import { entryOf } from '../../model/recorded.ts';
import type { State } from '../../model/state.ts';
import { doneSince } from './done-since.ts';
import { isPartial } from './selection.ts';

/** What two plans made one after the other differ in, in words for people; empty: they do the same. */
export function planDifferences(before: Plan, after: Plan): string[] {
  const now = effects(after);
  const differences = textsOf(subjectDifferences(before, after));
  const known = effects(before);
  for (const [address, change] of now) {
    if (!known.has(address)) differences.push(nowToo(change));
  }
  return differences;
}

/** How far a saved plan still holds. */
export interface Staleness {
  /** What has changed since, but for what was done of the plan itself; both empty: it still holds. */
  readonly differences: readonly string[];
  /** How many of its changes have been done since, of how many. */
  readonly done: number;
  readonly total: number;
}

/** Does a saved plan still hold? `fresh` is the whole plan of now, `state` what is recorded now. */
export function staleness(reviewed: Plan, fresh: Plan, state: State | null): Staleness {
  const planned = subjectsOf(reviewed);
  const then = reviewed.state?.serial ?? null;
  const now = state?.serial ?? null;
  const isWritten = then !== now;
  const done = isWritten ? doneSince(reviewed, effects(fresh), fresh, state) : new Set<string>();
  const subjects = subjectDifferences(reviewed, fresh).filter(({ address }) => !done.has(address));
  const told = new Set(subjects.map(({ address }) => address));
  const all = isWritten ? bindingDifferences(reviewed, state, done) : [];
  const bindings = all.filter((one) => !isByTheHorizon(one, reviewed, fresh, planned));
  const rest = [...subjects, ...bindings.filter(({ address }) => !told.has(address))];
  // A pipeline made what its schedules named meanwhile: nothing that anybody has counted on.
  const isMovedOn = rest.length + done.size === 0 && bindings.length < all.length;
  const isAll = rest.length === 0 && planned.size > 0 && done.size === planned.size;
  const serials = `the state has been written since: ${serialText(then)} then, ${serialText(now)} now`;
  const differences = [...(isWritten && !isAll && !isMovedOn ? [serials] : []), ...textsOf(rest)];
  return { differences, done: done.size, total: planned.size };
}

/** An occurrence that the plan does nothing about was made since, or is over. */
function isByTheHorizon(
  { address }: Difference,
  reviewed: Plan,
  fresh: Plan,
  planned: ReadonlySet<string>,
): boolean {
  const parsed = parseOccurrence(address);
  if (parsed === null || planned.has(address)) return false;
  const then = reviewed.changes.find((change) => change.address === address);
  return then === undefined || (then.action === 'no-op' && parsed.at <= Date.parse(fresh.plannedAt) / 1000);
}

/** The addresses that a plan does something about. */
export function subjectsOf(plan: Plan): Set<string> {
  const forgotten = plan.changes.filter(({ action }) => action === 'forget');
  return new Set([
    ...effects(plan).keys(),
    ...plan.moves.map((move) => move.to),
    ...forgotten.map(({ address }) => address),
  ]);
}

/** What would be done now and was not reviewed: it is left alone. */
export function beyondReview(reviewed: Plan, fresh: Plan): string[] {
  const subjects = subjectsOf(reviewed);
  return [...effects(fresh).values()].filter(({ address }) => !subjects.has(address)).map(nowToo);
}

interface Difference {
  readonly address: string;
  readonly text: string;
}

function textsOf(differences: readonly Difference[]): string[] {
  return differences.map(({ text }) => text);
}

function subjectDifferences(before: Plan, after: Plan): Difference[] {
  const now = effects(after);
  const differences: Difference[] = [];
  const tell = (address: string, text: string) => differences.push({ address, text: `${address}: ${text}` });
  for (const [address, then] of effects(before)) {
    const change = now.get(address);
    if (change === undefined) tell(address, `was to ${verb(then)}, now there is nothing to do`);
    else if (change.action !== then.action) {
      tell(address, `was to ${verb(then)}, now it would ${verb(change)} (${change.reason})`);
    } else if (!isDeepStrictEqual(essence(then), essence(change))) {
      tell(address, `${changedPart(then, change)} changed since`);
    }
  }
  const moves = new Map(after.moves.map(({ from, to }) => [to, from]));
  for (const { from, to } of before.moves) {
    if (moves.get(to) !== from) tell(to, `was to take over from ${from}, but no longer would`);
  }
  return differences;
}

function effects(plan: Plan): Map<string, Change> {
  return new Map(
    plan.changes
      .filter(({ action }) => action !== 'no-op' && action !== 'missed' && action !== 'forget')
      .map((change) => [change.address, change]),
  );
}

/** What the state binds otherwise than when the plan was made, and not because the plan was done. */
function bindingDifferences(reviewed: Plan, state: State | null, done: ReadonlySet<string>): Difference[] {
  const named = (ids: readonly string[]) => (ids.length === 0 ? 'no batch' : `batch ${ids.join(', ')}`);
  const moved = new Map(reviewed.moves.map(({ from, to }) => [to, from]));
  const known = new Set<string>();
  const differences: Difference[] = [];
  for (const change of reviewed.changes) {
    const address = moved.get(change.address) ?? change.address;
    known.add(address);
    if (done.has(change.address)) {
      known.add(change.address);
      continue;
    }
    const then = boundThen(change);
    const now = entryOf(state, address)?.batchIds ?? [];
    if (then === null || isDeepStrictEqual(then, now)) continue;
    differences.push({ address, text: `${address}: bound to ${named(now)} now, to ${named(then)} then` });
  }
  // A part of a plan says nothing of the rest.
  const others = isPartial(reviewed.scope) ? [] : Object.entries(state?.entries ?? {});
  for (const [address, { batchIds }] of others) {
    if (known.has(address)) continue;
    differences.push({ address, text: `${address}: bound to ${named(batchIds)} since` });
  }
  return differences;
}

/** null: the plan doesn't tell. */
function boundThen(change: Change): readonly string[] | null {
  if (change.action === 'missed' || (change.action === 'cancel' && change.before === null)) return null;
  if (change.action === 'create') return change.follows;
  return change.action === 'adopt' ? [] : change.batchIds;
}

function serialText(serial: number | null): string {
  return serial === null ? 'none' : `serial ${serial}`;
}

function essence(change: Change) {
  const { action, batchIds, before, after } = change;
  const toggle = 'toggle' in change ? change.toggle : null;
  return { action, batchIds, before, after, toggle, ...('follows' in change ? makingOf(change) : {}) };
}

function makingOf({ paused, follows, awaits, notAfter }: Extract<Change, { readonly follows: unknown }>) {
  return { paused, follows, awaits, notAfter };
}

function changedPart(then: Change, now: Change): string {
  if (!isDeepStrictEqual(then.batchIds, now.batchIds)) {
    return `its batch (${then.batchIds.join(', ') || 'none'} -> ${now.batchIds.join(', ') || 'none'})`;
  }
  return isDeepStrictEqual(then.before, now.before) ? 'what it asks for' : 'what it was before';
}

function nowToo(change: Change): string {
  return `${change.address}: now it would ${verb(change)} (${change.reason})`;
}

function verb(change: Change): string {
  return change.batchIds.length === 0
    ? change.action
    : `${change.action} batch ${change.batchIds.join(', ')}`;
}
