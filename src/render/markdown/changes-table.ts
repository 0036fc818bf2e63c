/**
 * The changes as a table, at one of three resolutions: a row per change, per action and block, or per action.
 *
 * Invariant: at each of them every change counts in exactly one row, so that the rows add up to the plan's summary.
 */
import { blockOf } from '../../model/addresses.ts';
import type { TaskCounts } from '../../model/batch-phase.ts';
import type { Action, Change, UnmanagedBatch } from '../../model/plan.ts';
import { ACTION_LOOKS } from '../actions.ts';
import { counted, stoppableText } from '../phrases.ts';
import { cellCode, LONGEST_NAME } from './escape.ts';
import { table } from './fit.ts';
import { timeText } from './times.ts';

/** What takes away or fails comes first; the plan's own order within. Forgotten and unchanged ones are no rows. */
const ORDER: readonly Action[] = ['cancel', 'replace', 'missed', 'pause', 'resume', 'create', 'adopt'];

export function tabledChanges(changes: readonly Change[]): Change[] {
  return ORDER.flatMap((action) => changes.filter((change) => change.action === action));
}

export function changeRows(changes: readonly Change[], timezone: string): string {
  const hasStoppable = changes.some((change) => tasksAtStake(change) !== null);
  const rows = changes.map((change) => {
    const tasks = tasksAtStake(change);
    const template = templateOf(change);
    return [
      actionText(change.action),
      cellCode(change.address, LONGEST_NAME),
      template === null ? 'unknown' : cellCode(template, LONGEST_NAME),
      change.targetText === '' ? 'unknown' : cellCode(change.targetText, LONGEST_NAME),
      whenText(change, timezone),
      change.servers === null ? 'unknown' : String(change.servers),
      ...(hasStoppable ? [tasks === null ? '' : stoppableCell(tasks)] : []),
    ];
  });
  const head = ['Action', 'Address', 'Template', 'Target', 'Time', 'Game servers'];
  return table(hasStoppable ? [...head, STOPPABLE] : head, rows, [5]);
}

/** `nightly[fleet:eu]` and `nightly[fleet:us]` are one row if the same is done to them. */
export function blockRows(changes: readonly Change[], timezone: string): string {
  const groups = grouped(changes, (change) => `${change.action} ${blockOf(change.address)}`);
  const rows = groups.map(([first, group]) => [
    actionText(first.action),
    cellCode(blockOf(first.address)),
    String(group.length),
    spanOfTime(group, timezone),
    serversOf(group),
    stoppableOf(group, true),
  ]);
  return table(['Action', 'Block', 'Changes', 'Time', 'Game servers', STOPPABLE], rows, [2, 4]);
}

/** One row per action, naming the first addresses. */
export function actionRows(changes: readonly Change[], named: number): string {
  const rows = grouped(changes, (change) => change.action).map(([first, group]) => [
    actionText(first.action),
    String(group.length),
    serversOf(group),
    stoppableOf(group, false),
    ...(named > 0 ? [firstAddresses(group, named)] : []),
  ]);
  const head = ['Action', 'Changes', 'Game servers', STOPPABLE];
  return table(named > 0 ? [...head, 'Addresses'] : head, rows, [1, 2]);
}

const STOPPABLE = 'Can still be stopped';

function grouped(changes: readonly Change[], key: (change: Change) => string): [Change, Change[]][] {
  const groups = new Map<string, [Change, Change[]]>();
  for (const change of changes) {
    const group = groups.get(key(change));
    if (group === undefined) groups.set(key(change), [change, [change]]);
    else group[1].push(change);
  }
  return [...groups.values()];
}

function actionText(action: Action): string {
  return `\`${ACTION_LOOKS[action].symbol}\` ${action}`;
}

/** null: the API doesn't tell. */
function templateOf(change: Change): string | null {
  const spec = change.after ?? change.before;
  return spec === null ? (unmanagedOf(change)?.template ?? null) : spec.template.name;
}

/** null: it has none. */
function executeAtOf(change: Change): number | null {
  const known = change.after ?? change.before ?? unmanagedOf(change);
  return known?.executeAt ?? null;
}

function unmanagedOf(change: Change): UnmanagedBatch | null {
  return change.action === 'cancel' ? change.unmanaged : null;
}

function whenText(change: Change, timezone: string): string {
  const executeAt = executeAtOf(change);
  if (executeAt !== null) return timeText(executeAt, timezone);
  return unmanagedOf(change) === null ? 'once, when applied' : 'once, when created';
}

/** Of what a cancel or a replace takes away; null: it takes nothing. */
function tasksAtStake(change: Change): TaskCounts | null {
  return change.action === 'cancel' || change.action === 'replace' ? change.tasks : null;
}

function stoppableCell(tasks: TaskCounts): string {
  return stoppableText(tasks).replace(' can still be stopped', '');
}

/** In full, or `36 of 40`. */
function stoppableOf(changes: readonly Change[], isFull: boolean): string {
  const all = changes.map(tasksAtStake).filter((tasks) => tasks !== null);
  if (all.length === 0) return '';
  const text = stoppableCell(all.reduce(sumOfTasks));
  return isFull ? text : text.replace(/:.*/, '');
}

function sumOfTasks(a: TaskCounts, b: TaskCounts): TaskCounts {
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

function serversOf(changes: readonly Change[]): string {
  const known = changes.map((change) => change.servers).filter((servers) => servers !== null);
  const unknown = changes.length - known.length;
  const sum = known.reduce((total, servers) => total + servers, 0);
  if (unknown === 0) return String(sum);
  return known.length === 0 ? 'unknown' : `${sum}, unknown of ${counted(unknown, 'change')}`;
}

function spanOfTime(changes: readonly Change[], timezone: string): string {
  const times = changes.map(executeAtOf).filter((time) => time !== null);
  const [first, ...others] = times;
  if (first === undefined) return whenText(changes[0]!, timezone);
  const [from, to] = others.reduce(
    ([min, max], time) => [Math.min(min, time), Math.max(max, time)],
    [first, first],
  );
  const rest = times.length < changes.length ? ', others without a time' : '';
  return `${timeText(from, timezone)}${from === to ? '' : ` to ${timeText(to, timezone)}`}${rest}`;
}

function firstAddresses(changes: readonly Change[], named: number): string {
  const shown = changes.slice(0, named).map((change) => cellCode(change.address, 64));
  const rest = changes.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
