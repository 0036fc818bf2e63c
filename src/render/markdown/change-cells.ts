/** What a cell of the changes' table says of one change, or of several together. Pure. */
import type { TaskCounts } from '../../model/batch-phase.ts';
import type { Action, Change, UnmanagedBatch } from '../../model/plan.ts';
import { ACTION_LOOKS } from '../actions.ts';
import { sumOfTasks } from '../group-attributes.ts';
import { counted, stoppableText } from '../phrases.ts';
import { timeText } from './times.ts';

export function actionText(action: Action): string {
  return `\`${ACTION_LOOKS[action].symbol}\` ${action}`;
}

/** null: the API doesn't tell. */
export function templateOf(change: Change): string | null {
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

export function whenText(change: Change, timezone: string): string {
  const executeAt = executeAtOf(change);
  if (executeAt !== null) return timeText(executeAt, timezone);
  return unmanagedOf(change) === null ? 'once, when applied' : 'once, when created';
}

/** Of what a cancel or a replace takes away; null: it takes nothing. */
export function tasksAtStake(change: Change): TaskCounts | null {
  return change.action === 'cancel' || change.action === 'replace' ? change.tasks : null;
}

function stoppableCell(tasks: TaskCounts): string {
  return stoppableText(tasks).replace(' can still be stopped', '');
}

/** In full, or `36 of 40`. */
export function stoppableOf(changes: readonly Change[], isFull: boolean): string {
  const all = changes.map(tasksAtStake).filter((tasks) => tasks !== null);
  if (all.length === 0) return '';
  const text = stoppableCell(all.reduce(sumOfTasks));
  return isFull ? text : text.replace(/:.*/, '');
}

/** Each batch is one task on each of its game servers; those of several batches may be the same, so only tasks add up. */
export function tasksOfAll(changes: readonly Change[]): string {
  const known = changes.map((change) => change.servers).filter((servers) => servers !== null);
  const unknown = changes.length - known.length;
  const tasks = known.reduce((total, servers) => total + servers, 0);
  if (unknown === 0) return String(tasks);
  return known.length === 0 ? 'unknown' : `${tasks}, unknown of ${counted(unknown, 'change')}`;
}

export function spanOfTime(changes: readonly Change[], timezone: string): string {
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
