/** The versions of a state, and the locks of a place, on screen. */
import { holderText, type NamedLock, signText } from '../model/lock-holder.ts';
import { safeText } from '../model/safe-text.ts';
import type { StateVersion } from '../model/state.ts';
import { painter } from './color.ts';
import { type Room, tableLines } from './table.ts';
import { formatTime } from './time.ts';

export interface HistoryView extends Room {
  /** An IANA zone. */
  readonly timezone: string;
  readonly color: boolean;
}

/** The newest first; ends with a line break. */
export function renderHistory(
  versions: readonly StateVersion[],
  { timezone, color, ...room }: HistoryView,
): string {
  const paint = painter(color);
  const head = ['Serial', 'Written', 'By', 'For', 'Addresses', 'Commit', 'Job'].map((text) => ({
    text,
    style: 'bold' as const,
  }));
  const rows = versions.map(({ serial, at, who, operation, entries, commit, job }) => [
    { text: String(serial) },
    { text: formatTime(Math.floor(Date.parse(at) / 1000), timezone) },
    { text: safeText(who, 100) },
    { text: safeText(operation, 40) },
    { text: String(entries) },
    { text: commit === null ? '-' : safeText(commit.slice(0, 12), 12) },
    { text: job === null ? '-' : safeText(job, 300) },
  ]);
  return `${tableLines([head, ...rows], { ...room, paint, flexible: [6, 2] }).join('\n')}\n`;
}

/** Ends with a line break. */
export function renderLocks(locks: readonly NamedLock[]): string {
  const lines = locks.map(({ name, holder, silentSeconds }) => {
    const { operation, since, id } = holder;
    return `${safeText(name, 100)}  ${holderText(holder)}, for ${operation}, since ${since}; ${signText(silentSeconds)}\n  id ${id}\n`;
  });
  return lines.join('');
}
