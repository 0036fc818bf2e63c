/** What stays on a terminal of a live view that has ended: how all stands, and what to mind of it. Pure. */
import { safeText } from '../../model/safe-text.ts';
import { painter } from '../color.ts';
import { counted } from '../phrases.ts';
import { phasesText } from '../status.ts';
import { formatDuration } from '../time.ts';
import type { Watched } from './frame.ts';
import type { WatchView } from './parts.ts';
import { failureLines, runLine, runName } from './rows.ts';
import { runsOf } from './runs.ts';
import { nameWidthOf } from './timeline.ts';

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

/** Ends with a line break. */
export function watchSummary(
  { status, timeline }: Watched,
  { since, isInterrupted }: WatchEnd,
  view: Omit<WatchView, 'height'>,
): string {
  const paint = painter(view.color);
  const sized = { ...view, height: MOST_RUNS };
  const runs = runsOf(status, timeline);
  const next = runs.filter(({ group }) => group === 'next');
  const shown = [...runs.filter(({ group }) => group !== 'next'), ...next.slice(0, MOST_NEXT)].slice(
    0,
    MOST_RUNS,
  );
  const nameWidth = nameWidthOf(
    shown.map((run) => runName(run, Number.MAX_SAFE_INTEGER, sized)),
    view,
  );
  const time = formatDuration(view.now - since);
  const how = isInterrupted ? `stopped watching after ${time}` : `nothing runs any more, after ${time}`;
  const left = runs.filter((run) => !shown.includes(run)).map(({ row }) => row);
  const lines = [
    `${paint('bold', safeText(status.name, 80))} at ${safeText(status.api, 200)}: ${how}`,
    ...shown.flatMap((run) => [
      runLine(run, nameWidth, sized, paint),
      ...failureLines(run, MOST_REASONS, sized, paint),
    ]),
  ];
  if (runs.length === 0) lines.push('No batches to show.');
  if (left.length > 0) lines.push(`+${left.length} more: ${phasesText(left)}`);
  if (status.unmanaged.length > 0) {
    lines.push(counted(status.unmanaged.length, 'unmanaged batch', 'unmanaged batches'));
  }
  return `${lines.join('\n')}\n`;
}
