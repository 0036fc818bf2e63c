/**
 * Progress for pipes, CI and logs: a line per event that matters. Long work says so at each tenth, by count and not
 * by time, so that the same run writes the same lines.
 */
import type { ApplyEvent } from '../model/apply-events.ts';
import { isLive } from '../model/batch-phase.ts';
import { safeText } from '../model/safe-text.ts';
import { someBatchesText } from '../model/words.ts';
import { type Paint, painter } from './color.ts';
import {
  addressText,
  completeText,
  DOING,
  type EventOf,
  failedText,
  troubleText,
  waitingText,
} from './event-text.ts';
import { counted, finishedCount } from './phrases.ts';

export interface PlainOptions {
  readonly color: boolean;
  /** Failures only. */
  readonly quiet: boolean;
}

/** An event → its lines, without line breaks; most repetitions give none. Remembers how far each batch was. */
export function plainLines(options: PlainOptions): (event: ApplyEvent) => string[] {
  const paint = painter(options.color);
  const tenths = new Map<string, number>();
  const phases = new Map<string, string>();
  const lines = (event: ApplyEvent): string[] => {
    switch (event.type) {
      case 'planned':
        return event.changes.length === 0 ? [] : [`${counted(event.changes.length, 'change')} to apply`];
      case 'start':
        return [`${addressText(event.address)}: ${DOING[event.action]}${aboutBatches(event.batchIds)}`];
      case 'progress':
        return progressLines(event, tenths);
      case 'waiting':
        return [
          event.address === undefined
            ? waitingText(event)
            : `${addressText(event.address)}: ${waitingText(event)}`,
        ];
      case 'complete':
        return [paint('green', `${addressText(event.address)}: ${completeText(event)}`)];
      case 'failed':
        return [paint('red', `${addressText(event.address)}: ${failedText(event)}`)];
      case 'skipped':
        return [paint('yellow', `${addressText(event.address)}: skipped: ${safeText(event.reason, 300)}`)];
      case 'batch':
        return batchLines(event, phases, tenths, paint);
      case 'note':
        return [safeText(event.message, 600)];
      case 'summary':
        // Part of the result, which the caller prints.
        return [];
    }
  };
  return options.quiet ? (event) => (event.type === 'failed' ? lines(event) : []) : lines;
}

function aboutBatches(ids: readonly string[]): string {
  return ids.length === 0 ? '' : ` (${someBatchesText(ids)})`;
}

function progressLines(event: EventOf<'progress'>, tenths: Map<string, number>): string[] {
  // That it is complete, or failed, comes next.
  if (event.done >= event.total) return [];
  if (!isNewTenth(`change ${event.address}`, event.done, event.total, tenths)) return [];
  const doing = event.note === undefined ? DOING[event.action] : safeText(event.note, 200);
  return [`${addressText(event.address)}: ${doing}, ${share(event.done, event.total)}`];
}

function batchLines(
  event: EventOf<'batch'>,
  phases: Map<string, string>,
  tenths: Map<string, number>,
  paint: Paint,
): string[] {
  const key = `batch ${event.batchId}`;
  const finished = finishedCount(event.counts);
  const isNewPhase = phases.get(key) !== event.phase;
  const isFurther = isNewTenth(key, finished, event.total, tenths);
  if (!isNewPhase && !(isFurther && isLive(event.phase))) return [];
  phases.set(key, event.phase);
  const name = `${addressText(event.address)} (${someBatchesText([event.batchId])})`;
  const text = `${name}: ${event.phase}, ${share(finished, event.total)}${troubleText(event.counts)}`;
  if (isLive(event.phase)) return [text];
  return [paint(event.phase === 'done' ? 'green' : 'red', text)];
}

/** `12/40 (30 %)`. */
function share(done: number, total: number): string {
  return total <= 0 ? `${done}/${total}` : `${done}/${total} (${Math.floor((done / total) * 100)} %)`;
}

/** Whether another tenth is through since the last line; the very beginning is no news. */
function isNewTenth(key: string, done: number, total: number, tenths: Map<string, number>): boolean {
  const tenth = total <= 0 ? 0 : Math.floor((done / total) * 10);
  if (tenth <= (tenths.get(key) ?? 0)) return false;
  tenths.set(key, tenth);
  return true;
}
