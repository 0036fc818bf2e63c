/** Blocks that ask for the same run: two batches that the API could not tell apart, so nobody could say which is whose. */
import type { DesiredBlock, When } from '../model/desired.ts';
import type { Recurrence } from '../model/schedule.ts';
import { countBetween } from '../schedule/occurrences.ts';
import type { Placed } from './merge.ts';
import type { Problems } from './problems.ts';
import { quoted } from './quote.ts';

/** Two limits that are further apart than this have an occurrence between them. */
const YEAR = 366 * 86_400;

export function refuseTwins(
  blocks: readonly DesiredBlock[],
  places: ReadonlyMap<DesiredBlock, Placed>,
  problems: Problems,
): void {
  const alike = new Map<string, DesiredBlock[]>();
  for (const block of blocks) {
    const { template, when, targets, params } = block;
    const meaning = JSON.stringify([template, timeOf(when), targets, params]);
    const others = alike.get(meaning) ?? [];
    alike.set(meaning, others);
    const twin = others.find((other) => shareTime(other.when, when));
    const placed = places.get(block);
    if (twin === undefined) others.push(block);
    else if (placed !== undefined) tell(block, twin, placed, problems);
  }
}

/** What twins have in common. A schedule's limits and horizon only say which of its occurrences there are. */
function timeOf(when: When): unknown {
  if (when.kind === 'once') return null;
  if (when.kind === 'at') return when.executeAt;
  return [when.schedule.cron, when.schedule.timezone, when.offset];
}

/** Of two with the same `timeOf`. */
function shareTime(a: When, b: When): boolean {
  return a.kind !== 'schedule' || b.kind !== 'schedule' || shareOccurrence(a.schedule, b.schedule);
}

/** One may go on where the other ends. */
function shareOccurrence(a: Recurrence, b: Recurrence): boolean {
  const from = Math.max(a.from ?? Number.NEGATIVE_INFINITY, b.from ?? Number.NEGATIVE_INFINITY);
  const until = Math.min(a.until ?? Number.POSITIVE_INFINITY, b.until ?? Number.POSITIVE_INFINITY);
  if (from >= until) return false;
  if (until - from > YEAR) return true;
  return countBetween({ ...a, except: [...a.except, ...b.except] }, from, until) > 0;
}

function tell({ address, when }: DesiredBlock, twin: DesiredBlock, placed: Placed, problems: Problems): void {
  const { file, line, column } = twin.at.range;
  problems.error(placed.file, placed.key, {
    code: 'desired.twins',
    message: `batches ${quoted(address, 80)} and ${quoted(twin.address, 80)} (${file}:${line}:${column}) are the same: template, time, target and params`,
    hint: hintOf(when),
  });
}

function hintOf({ kind }: When): string {
  switch (kind) {
    case 'once':
      return 'Remove one of them; the API does not see `revision`. To run it again, give the remaining one a new `revision`.';
    case 'at':
      return 'Remove one of them, or give them different times.';
    case 'schedule':
      return 'Remove one of them, or let one end (`until`) before the other begins (`from`).';
  }
}
