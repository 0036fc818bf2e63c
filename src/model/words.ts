/** Words that several folders use. */
import type { Id } from './ids.ts';
import { safeText } from './safe-text.ts';

/** One after the other, each ended like a sentence: what is quoted in them may end anyhow. */
export function sentences(...texts: readonly (string | undefined)[]): string {
  const said = texts.filter((text): text is string => text !== undefined && text !== '');
  return said.map((text) => (/[.!?…][)"'`]?$/.test(text) ? text : `${text}.`)).join(' ');
}

/** Without its full stop, to be gone on with in the same sentence. What is quoted at its end may have brought one. */
export function unended(text: string): string {
  return text.replace(/(?<!\.)\.$/, '');
}

/**
 * The words as they are typed into a shell; safe to print. What cannot be printed as it is (a line break, an invisible
 * character) is an escape in it, and not what a shell would need.
 */
export function shellText(words: readonly string[]): string {
  return words.map((word) => shellWord(safeText(word))).join(' ');
}

function shellWord(word: string): string {
  return /^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** `2026-12-01T03:00:00Z`: a time in a text that says no zone of its own. */
export function rfc3339(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** `batch 41`, `batches 41, 42`: all, for who has to name one of them. */
export function batchesText(ids: readonly Id[]): string {
  return `${ids.length === 1 ? 'batch' : 'batches'} ${ids.join(', ')}`;
}

/** `batch 41 was`, `batches 41, 42 were`. */
export function batchesWere(ids: readonly Id[]): string {
  return `${batchesText(ids)} ${ids.length === 1 ? 'was' : 'were'}`;
}

/** `batch 41`, `batches 41, 42 and 7 more`: for who only reads. Safe. */
export function someBatchesText(ids: readonly Id[]): string {
  return `${ids.length === 1 ? 'batch' : 'batches'} ${listText(ids)}`;
}

/** The first few of a list, and how many more there are. */
export function listText(items: readonly string[], shown = 3): string {
  // Counting one item takes as much room as naming it.
  const limit = items.length === shown + 1 ? shown + 1 : shown;
  const first = items
    .slice(0, limit)
    .map((item) => safeText(item, 80))
    .join(', ');
  return items.length <= limit ? first : `${first} and ${items.length - limit} more`;
}

/** As the file would write it: `1h30m`. To the second, as nothing there is shorter. */
export function durationText(exact: number): string {
  const seconds = Math.round(exact);
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ];
  return (
    parts
      .filter(([count]) => count !== 0)
      .map((part) => part.join(''))
      .join('') || '0s'
  );
}
