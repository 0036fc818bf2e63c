/** A row of changes → its attributes: one change's own, or what holds for all of a group. */
import { blockOf } from '../model/addresses.ts';
import type { TaskCounts } from '../model/batch-phase.ts';
import { groupBy } from '../model/group.ts';
import type { Change } from '../model/plan.ts';
import { safeText } from '../model/safe-text.ts';
import type { Attribute, AttributeContext } from './attributes.ts';
import { changeAttributes } from './change-attributes.ts';
import { type ChangeRow, rowMoments } from './groups.ts';
import {
  clockBeside,
  firstWords,
  inZone,
  type Moment,
  occurrenceWords,
  type TimesView,
} from './occurrence-times.ts';
import { counted } from './phrases.ts';
import { saidTogether } from './said-together.ts';
import { shownTimes } from './shown-times.ts';
import { type Line, line } from './spans.ts';
import { isUtc } from './time.ts';

export function rowAttributes(row: ChangeRow, context: AttributeContext): Attribute[] {
  const [first, ...others] = row;
  if (others.length === 0) return changeAttributes(first, context);
  return changeAttributes(withAllTasks(row), context).map((attribute) => {
    switch (attribute.name) {
      case 'target':
        return { name: 'target', lines: targetLines(row, context), ...prose(context) };
      case 'time':
        return timeAttribute(row, context);
      case 'executeAt':
        return { name: 'executeAt', lines: movedTimes(row, context), ...prose(context) };
      case 'reason':
        return reasonOfAll(row, attribute, context);
      default:
        return attribute;
    }
  });
}

/** The zone whose clock a block's times are told on. */
export function zoneOf(
  address: string,
  { zones, timezone }: Pick<AttributeContext, 'zones' | 'timezone'>,
): string {
  return zones?.get(address) ?? zones?.get(blockOf(address)) ?? timezone;
}

/** `7 nights from 1 to 7 Dec, 04:30 Europe/Amsterdam (03:30 UTC)`, safe; the brackets: the clock of all else. */
export function rowTimes(
  row: ChangeRow,
  end: 'before' | 'after',
  context: Pick<AttributeContext, 'timezone' | 'now' | 'zones' | 'isListed'>,
  quote: (zone: string) => string = (zone) => safeText(zone, 60),
): string {
  const isListed = context.isListed === true;
  const view = { timezone: zoneOf(row[0].address, context), now: context.now, isListed };
  const moments = rowMoments(row, end);
  const words = inZone(occurrenceWords(moments, view), view.timezone, quote(view.timezone));
  // Told on the file's clock, it is the schedule's that stands beside it.
  const isOfFile = view.timezone === context.timezone;
  const other = isOfFile ? zoneOf(blockOf(row[0].address), context) : context.timezone;
  return words + besideText(moments, view, other, quote);
}

function besideText(
  moments: readonly Moment[],
  view: TimesView,
  timezone: string,
  quote: (zone: string) => string,
): string {
  const clock = clockBeside(moments, view, timezone);
  return clock === null ? '' : ` (${clock} ${isUtc(timezone) ? 'UTC' : quote(timezone)})`;
}

/** The tasks of all of them. */
export function sumOfTasks(a: TaskCounts, b: TaskCounts): TaskCounts {
  return {
    pending: a.pending + b.pending,
    running: a.running + b.running,
    paused: a.paused + b.paused,
    done: a.done + b.done,
    failed: a.failed + b.failed,
    cancelled: a.cancelled + b.cancelled,
    unknown: a.unknown + b.unknown,
  };
}

/** Targets that are listed one by one. */
const SHOWN = 5;

function withAllTasks(row: ChangeRow): Change {
  const [first] = row;
  if (!('tasks' in first)) return first;
  const all = row.map((change) => ('tasks' in change ? change.tasks : first.tasks));
  return { ...first, tasks: all.reduce(sumOfTasks) };
}

function targetLines(row: ChangeRow, context: AttributeContext): Line[] {
  const { isWhole, isListed } = context;
  const targets = [...groupBy(row, (change) => change.targetText)];
  const isAll = isWhole || isListed || targets.length === SHOWN + 1;
  const most = isAll ? targets.length : SHOWN;
  const times = isListed && targets.length > 1 ? rowTimes(row, endOf(row), context) : '';
  const lines = targets.slice(0, most).map(([target, changes]) => {
    const name = target === '' ? 'unknown' : safeText(target, isWhole ? undefined : 200);
    const own = times === '' ? '' : rowTimes(changes as [Change, ...Change[]], endOf(row), context);
    const when = own === times ? '' : `: ${own}`;
    return line(`${name} (${counted(changes.length, 'batch', 'batches')}, ${serversOf(changes)})${when}`);
  });
  const rest = targets.slice(most);
  const batches = rest.reduce((sum, [, changes]) => sum + changes.length, 0);
  return rest.length === 0
    ? lines
    : [...lines, line(`and ${rest.length} more targets (${counted(batches, 'batch', 'batches')})`, 'dim')];
}

/** The times that matter: those to come, or what is taken away. */
function endOf([first]: ChangeRow): 'before' | 'after' {
  return first.after === null ? 'before' : 'after';
}

/** `40 game servers each`: of a batch, as the same ones are reached again and again. */
function serversOf(changes: readonly Change[]): string {
  const known = changes.map((change) => change.servers).filter((servers) => servers !== null);
  if (known.length === 0) return 'game servers unknown';
  const [least, most] = known.reduce(
    ([min, max], servers) => [Math.min(min, servers), Math.max(max, servers)],
    [known[0]!, known[0]!],
  );
  const range = least === most ? counted(most, 'game server') : `${least} to ${most} game servers`;
  const unknown = changes.length - known.length;
  return `${range}${changes.length > 1 ? ' each' : ''}${unknown > 0 ? `, unknown of ${unknown}` : ''}`;
}

function timeAttribute(row: ChangeRow, context: AttributeContext): Attribute {
  const first = firstWords(rowMoments(row, endOf(row)), context.now);
  return { name: 'time', lines: [line(`${rowTimes(row, endOf(row), context)}, ${first}`)], isProse: true };
}

function movedTimes(row: ChangeRow, context: AttributeContext): Line[] {
  return [
    line(`- ${rowTimes(row, 'before', context)}`, 'red'),
    line(`+ ${rowTimes(row, 'after', context)}`, 'green'),
  ];
}

/** What tells all of them may take several lines. */
function prose({ isListed }: AttributeContext): { isProse?: true } {
  return isListed === true ? { isProse: true } : {};
}

/** Is the reason of one that of all? */
export function isSaidByAll(row: ChangeRow): boolean {
  return row.every((change) => change.reason === row[0].reason);
}

function reasonOfAll(row: ChangeRow, attribute: Attribute, { timezone }: AttributeContext): Attribute {
  if (isSaidByAll(row)) return attribute;
  const together = saidTogether(row.map(({ reason }) => reason));
  if (together === null) return ofTheFirst(attribute);
  return { ...attribute, lines: [line(safeText(shownTimes(together, timezone), 600))] };
}

function ofTheFirst(attribute: Attribute): Attribute {
  const [spans = [], ...more] = attribute.lines;
  return { ...attribute, lines: [[{ text: 'of the first: ' }, ...spans], ...more] };
}
