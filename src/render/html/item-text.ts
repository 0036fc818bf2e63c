/** The words of a timeline: what an item is, in one sign, in a few words and in a sentence. */
import type { TimelineItem, TimelineLane } from '../../model/timeline.ts';
import { someBatchesText } from '../../model/words.ts';
import { runsOnText } from '../phrases.ts';
import { formatTime } from '../time.ts';

interface Look {
  readonly symbol: string;
  /** As the end of "…: will be created". */
  readonly words: string;
  readonly tone:
    | 'add'
    | 'remove'
    | 'change'
    | 'replaced'
    | 'adopt'
    | 'calm'
    | 'done'
    | 'bad'
    | 'past'
    | 'skipped'
    | 'frozen';
}

export function lookOf(item: TimelineItem): Look {
  if (item.isPast) return past(item);
  if (item.action === 'replace') return replaced(item);
  switch (item.kind) {
    case 'add':
      return { symbol: '+', words: 'will be created', tone: 'add' };
    case 'remove':
      return { symbol: '−', words: 'will be cancelled', tone: 'remove' };
    case 'missed':
      return { symbol: '!', words: 'is missed', tone: 'bad' };
    case 'skipped':
      return { symbol: '⊘', words: 'is skipped', tone: 'skipped' };
    case 'maybe-skipped':
      return { symbol: '?', words: 'may be skipped', tone: 'skipped' };
    case 'frozen':
      return { symbol: '✗', words: 'is refused in a freeze', tone: 'frozen' };
    case 'maybe-frozen':
      return { symbol: '?', words: 'may be refused in a freeze', tone: 'frozen' };
    default:
      return existing(item);
  }
}

/** What stands before its name where it is drawn: that it does not run is not to be guessed. */
export function shortWord({ kind }: TimelineItem): string {
  switch (kind) {
    case 'skipped':
      return 'skipped ';
    case 'maybe-skipped':
      return 'skipped? ';
    case 'frozen':
      return 'refused ';
    case 'maybe-frozen':
      return 'refused? ';
    default:
      return '';
  }
}

/** In place or to another time, it is one thing: what goes, and what comes for it. */
function replaced({ kind }: TimelineItem): Look {
  switch (kind) {
    case 'remove':
      return { symbol: '−', words: 'will be replaced', tone: 'replaced' };
    case 'move-from':
      return { symbol: '−', words: 'moves away from here', tone: 'replaced' };
    case 'move-to':
      return { symbol: '±', words: 'moves here', tone: 'change' };
    default:
      return { symbol: '±', words: 'will be made in its place', tone: 'change' };
  }
}

function existing({ action, phase, kind }: TimelineItem): Look {
  if (action === 'pause') return { symbol: '~', words: 'will be paused', tone: 'change' };
  if (action === 'resume') return { symbol: '~', words: 'will be resumed', tone: 'change' };
  if (action === 'adopt') return { symbol: '←', words: 'will be adopted', tone: 'adopt' };
  if (kind === 'scheduled') return { symbol: '·', words: 'is scheduled', tone: 'calm' };
  if (kind === 'running') return { symbol: '▸', words: 'is running', tone: 'change' };
  if (phase === 'failed') return { symbol: '✗', words: 'failed', tone: 'bad' };
  if (phase === 'unknown') return { symbol: '?', words: 'is gone', tone: 'bad' };
  if (phase === 'done') return { symbol: '✓', words: 'is done', tone: 'done' };
  return { symbol: '○', words: `is ${phase ?? 'over'}`, tone: 'done' };
}

/** Never in the tone of what is to be minded: nothing can be done about it. */
function past({ phase }: TimelineItem): Look {
  const look = (symbol: string, words: string): Look => ({ symbol, words, tone: 'past' });
  switch (phase) {
    case 'scheduled':
      return look('·', 'is an earlier run, still scheduled');
    case 'running':
      return look('▸', 'is an earlier run, still running');
    case 'failed':
      return look('✗', 'failed earlier');
    case 'done':
      return look('✓', 'ran earlier');
    case 'cancelled':
    case 'stopped':
      return look('○', `was ${phase} earlier`);
    default:
      return look('○', 'is an earlier run');
  }
}

/** The address; `batch 71` of what is over and nobody's, `nobody's batch 71` of what is not. */
export function nameOf({ address, batchIds, isPast }: TimelineItem): string {
  return address ?? (isPast ? someBatchesText(batchIds) : `unmanaged ${someBatchesText(batchIds)}`);
}

/** All there is to know, for those who do not see where it is. */
export function sentence(item: TimelineItem, timezone: string): string {
  const parts = [
    `${nameOf(item)} ${lookOf(item).words}`,
    `${formatTime(item.at, timezone)}`,
    ...(item.otherEnd === null
      ? []
      : [`${item.kind === 'move-from' ? 'to' : 'from'} ${formatTime(item.otherEnd, timezone)}`]),
    ...(item.until === null ? [] : [`until ${formatTime(item.until, timezone)}`]),
    ...(item.replacedBy === undefined ? [] : [`replaced by ${someBatchesText(item.replacedBy)}`]),
    ...(item.freeze === undefined ? [] : [`freeze ${item.freeze}`]),
    ...(item.template === null ? [] : [item.template]),
    ...(item.servers === null ? [] : [runsOnText(item.servers, item.batchIds.length)]),
  ];
  return parts.join(', ');
}

export function laneTitle({ kind, name, fleet }: Pick<TimelineLane, 'kind' | 'name' | 'fleet'>): string {
  switch (kind) {
    case 'instance':
      return `game server ${name}`;
    case 'fleet':
    case 'region':
      return `${kind} ${name}`;
    case 'instances':
      return fleet === undefined ? 'single game servers' : `game servers of fleet ${fleet}`;
    case 'labels':
      return 'by label';
    case 'earlier':
      return 'earlier runs of this file';
    case 'others':
      return 'elsewhere';
  }
}

/** `04:30`, for a label that is at its place. */
export function clockText(at: number, timezone: string): string {
  return formatTime(at, timezone).slice(11, 16);
}
