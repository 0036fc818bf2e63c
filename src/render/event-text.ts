/** Events of apply and wait → safe words, the same for plain lines and for a terminal's rows. */
import type { ApplyEvent } from '../model/apply-events.ts';
import type { TaskCounts } from '../model/batch-phase.ts';
import type { Action } from '../model/plan.ts';
import { safeText } from '../model/safe-text.ts';
import { sentences, someBatchesText, unended } from '../model/words.ts';
import { formatDuration } from './time.ts';

export type EventOf<Type extends ApplyEvent['type']> = Extract<ApplyEvent, { type: Type }>;

/** `creating`, `cancelled`, … */
export const DOING: Readonly<Record<Action, string>> = {
  create: 'creating',
  cancel: 'cancelling',
  replace: 'replacing',
  pause: 'pausing',
  resume: 'resuming',
  adopt: 'adopting',
  forget: 'forgetting',
  missed: 'missed',
  'no-op': 'unchanged',
};

const DONE: Readonly<Record<Action, string>> = {
  create: 'created',
  cancel: 'cancelled',
  replace: 'replaced',
  pause: 'paused',
  resume: 'resumed',
  adopt: 'adopted',
  forget: 'forgotten',
  missed: 'missed',
  'no-op': 'unchanged',
};

export function addressText(address: string): string {
  return safeText(address, 200);
}

/** `created, batch 41, after 3 s`. */
export function completeText(event: EventOf<'complete'>): string {
  const about = event.batchIds.length === 0 ? '' : `, ${someBatchesText(event.batchIds)}`;
  // The clock has whole seconds: one of them may be no time at all.
  const time = event.seconds < 2 ? '' : `, after ${formatDuration(event.seconds)}`;
  return `${DONE[event.action]}${about}${time}`;
}

export function failedText(event: EventOf<'failed'>): string {
  const { message, hint } = event.error;
  const text = safeText(message, 600);
  const said = event.unknown ? `unknown: ${unended(text)} (it may have happened anyway)` : `failed: ${text}`;
  return hint === undefined ? said : sentences(said, safeText(hint, 300));
}

export function waitingText(event: EventOf<'waiting'>): string {
  return `waiting ${formatDuration(event.seconds)}: ${safeText(event.reason, 300)}`;
}

/** `, 1 failed, 2 cancelled`; empty where nothing went wrong. */
export function troubleText(counts: TaskCounts): string {
  const parts: string[] = [];
  if (counts.failed > 0) parts.push(`${counts.failed} failed`);
  if (counts.cancelled > 0) parts.push(`${counts.cancelled} cancelled`);
  if (counts.paused > 0) parts.push(`${counts.paused} paused`);
  return parts.map((part) => `, ${part}`).join('');
}
