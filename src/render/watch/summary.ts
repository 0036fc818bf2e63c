/** What stays on a terminal of a live view that has ended: how all stands, and what to mind of it. Pure. */
import { safeText } from '../../model/safe-text.ts';
import { painter } from '../color.ts';
import { wrap } from '../display-width.ts';
import { counted } from '../phrases.ts';
import { phasesText } from '../status.ts';
import { formatDuration } from '../time.ts';
import type { Watched } from './frame.ts';
import type { WatchView } from './parts.ts';
import { failureLines, groupNameWidth, runLine } from './rows.ts';
import { type Run, runsOf } from './runs.ts';

export interface WatchEnd {
  /** Unix seconds. */
  readonly since: number;
  /** Before all had ended. */
  readonly isInterrupted: boolean;
}

const MOST_RUNS = 20;
/** What has ended by now says more. */
const MOST_NEXT = 5;
const MOST_REASONS = 3;

/** Ends with a line break; a line less than the window has, so that its beginning is not scrolled away by the prompt. */
export function watchSummary(
  { status, timeline }: Watched,
  { since, isInterrupted }: WatchEnd,
  view: WatchView,
): string {
  const paint = painter(view.color);
  const runs = runsOf(status, timeline);
  const next = runs.filter(({ group }) => group === 'next');
  const inOrder = [...runs.filter(({ group }) => group !== 'next'), ...next.slice(0, MOST_NEXT)];
  const time = formatDuration(view.now - since);
  const how = isInterrupted ? `stopped watching after ${time}` : `nothing runs any more, after ${time}`;
  const title = `${paint('bold', safeText(status.name, 80))} at ${safeText(status.api, 200)}: ${how}`;
  const head = wrap(title, view.width);
  const unmanaged =
    status.unmanaged.length === 0
      ? []
      : [counted(status.unmanaged.length, 'unmanaged batch', 'unmanaged batches')];
  const restOf = (shown: readonly Run[]) => {
    const left = runs.filter((run) => !shown.includes(run)).map(({ row }) => row);
    return left.length === 0 ? [] : wrap(`+${left.length} more: ${phasesText(left)}`, view.width);
  };
  const room = view.height - 1 - head.length - unmanaged.length;
  const linesOf = (shown: readonly Run[], reasons: number) => {
    return shown.flatMap((run) => [
      runLine(run, groupNameWidth(run.group, shown, view), view, paint),
      ...failureLines(run, reasons, view, paint),
    ]);
  };
  const fits = (shown: readonly Run[], reasons: number) =>
    linesOf(shown, reasons).length + restOf(shown).length <= room;
  // Rather a reason of all that failed than all reasons of some.
  let shown = inOrder.slice(0, MOST_RUNS);
  let reasons = MOST_REASONS;
  while (reasons > 1 && !fits(shown, reasons)) reasons -= 1;
  while (shown.length > 0 && !fits(shown, reasons)) shown = shown.slice(0, -1);
  const lines = [...head, ...linesOf(shown, reasons), ...restOf(shown)];
  if (runs.length === 0) lines.push('No batches to show.');
  return `${[...lines, ...unmanaged].join('\n')}\n`;
}
