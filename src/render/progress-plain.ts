/**
 * Progress for pipes, CI and logs: a line per event that matters. Long work says how far it is, at a tenth and at most
 * every ten seconds: where many changes are under way, each of them is a few lines, and short ones begin and end.
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
  /** Milliseconds, of any clock that goes on evenly. */
  readonly now: () => number;
}

/** An event → its lines, without line breaks; most repetitions give none. Remembers how far each batch was. */
export function plainLines(options: PlainOptions): (event: ApplyEvent) => string[] {
  const paint = painter(options.color);
  const steps = stepsOf(options.now);
  const phases = new Map<string, string>();
  const lines = (event: ApplyEvent): string[] => {
    switch (event.type) {
      case 'planned':
        return event.changes.length === 0 ? [] : [`${counted(event.changes.length, 'change')} to apply`];
      case 'start':
        steps.begin(changeKey(event.address));
        return [`${addressText(event.address)}: ${DOING[event.action]}${aboutBatches(event.batchIds)}`];
      case 'progress':
        return progressLines(event, steps);
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
        return batchLines(event, phases, steps, paint);
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

function progressLines(event: EventOf<'progress'>, steps: Steps): string[] {
  // That it is complete, or failed, comes next.
  if (event.done >= event.total) return [];
  if (!steps.isNext(changeKey(event.address), event.done, event.total)) return [];
  const doing = event.note === undefined ? DOING[event.action] : safeText(event.note, 200);
  return [`${addressText(event.address)}: ${doing}, ${share(event.done, event.total)}`];
}

function batchLines(
  event: EventOf<'batch'>,
  phases: Map<string, string>,
  steps: Steps,
  paint: Paint,
): string[] {
  const key = `batch ${event.batchId}`;
  const finished = finishedCount(event.counts);
  const isNewPhase = phases.get(key) !== event.phase;
  if (isNewPhase) steps.begin(key, finished, event.total);
  else if (!isLive(event.phase) || !steps.isNext(key, finished, event.total)) return [];
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

function changeKey(address: string): string {
  return `change ${address}`;
}

interface Steps {
  /** A line of it is written whatever the time. */
  begin(key: string, done?: number, total?: number): void;
  /** Whether another tenth is through since its last line, and that is long enough ago. The very beginning is no news. */
  isNext(key: string, done: number, total: number): boolean;
}

/** Milliseconds between two lines that only say how far something is. */
const PAUSE = 10_000;

function stepsOf(now: () => number): Steps {
  const last = new Map<string, { readonly tenth: number; readonly at: number }>();
  const begin: Steps['begin'] = (key, done = 0, total = 0) => {
    last.set(key, { tenth: tenthOf(done, total), at: now() });
  };
  return {
    begin,
    isNext(key, done, total) {
      const before = last.get(key);
      if (before === undefined) begin(key);
      const { tenth, at } = before ?? { tenth: 0, at: now() };
      if (tenthOf(done, total) <= tenth || now() - at < PAUSE) return false;
      begin(key, done, total);
      return true;
    },
  };
}

function tenthOf(done: number, total: number): number {
  return total <= 0 ? 0 : Math.floor((done / total) * 10);
}
