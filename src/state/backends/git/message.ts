/** What a commit of the state says of itself: for `git log`, and for `state history`. */
import type { LockHolder } from '../../../lock/lock.ts';
import { safeText } from '../../../model/safe-text.ts';
import type { State } from '../../../model/state.ts';

export interface Said extends Pick<LockHolder, 'who' | 'operation' | 'job' | 'commit'> {
  readonly serial: number;
  readonly entries: number;
}

/** `commit`: that of the desired state, which the job or the checkout is at. */
export function messageFor(
  { who, operation, job }: LockHolder,
  commit: string | null,
  { name, serial, entries }: State,
): string {
  const trailers = [
    ['Who', who],
    ['Operation', operation],
    ['Serial', String(serial)],
    ['Entries', String(Object.keys(entries).length)],
    ['Job', job],
    ['Commit', commit],
  ].filter(([, value]) => value !== null);
  const lines = trailers.map(([key, value]) => `${key}: ${oneLine(value!)}`);
  return `${oneLine(operation)}: ${name}, serial ${serial}\n\n${lines.join('\n')}\n`;
}

/** null: it is none of ours, or not of a state. Foreign text: anyone who may push may have written it. */
export function saidIn(message: string): Said | null {
  const value = (key: string) => new RegExp(`^${key}: (.*)$`, 'm').exec(message)?.[1];
  const [serial, entries] = [Number(value('Serial')), Number(value('Entries') ?? 0)];
  if (!Number.isSafeInteger(serial)) return null;
  const shown = (key: string) => {
    const found = value(key);
    return found === undefined ? null : safeText(found, 300);
  };
  return {
    who: shown('Who') ?? 'unknown',
    operation: shown('Operation') ?? 'unknown',
    job: shown('Job'),
    commit: shown('Commit'),
    serial,
    entries: Number.isSafeInteger(entries) ? entries : 0,
  };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
