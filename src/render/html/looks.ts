/** What an item of a timeline is, in one sign, in a few words, and by its tone. */
import type { TimelineItem } from '../../model/timeline.ts';
import type { Sign } from './signs.ts';

export interface Look {
  readonly symbol: Sign;
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
      return { symbol: '⊗', words: 'is refused in a freeze', tone: 'frozen' };
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
  if (phase === 'unknown') return { symbol: '∅', words: 'is gone', tone: 'bad' };
  if (phase === 'done') return { symbol: '✓', words: 'is done', tone: 'done' };
  return { symbol: '○', words: `is ${phase ?? 'over'}`, tone: 'done' };
}

/** Never in the tone of what is to be minded: nothing can be done about it. */
function past({ phase }: TimelineItem): Look {
  const look = (symbol: Sign, words: string): Look => ({ symbol, words, tone: 'past' });
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
