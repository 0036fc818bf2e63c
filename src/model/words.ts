/** Words that more than one room says. */
import type { Id } from './ids.ts';

/** One after the other, each ended like a sentence: what is quoted in them may end anyhow. */
export function sentences(...texts: readonly (string | undefined)[]): string {
  const said = texts.filter((text): text is string => text !== undefined && text !== '');
  return said.map((text) => (/[.!?…][)"'`]?$/.test(text) ? text : `${text}.`)).join(' ');
}

/** `2026-12-01T03:00:00Z`: a time in a text that says no zone of its own. */
export function rfc3339(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** `batch 41`, `batches 41, 42` */
export function batchesText(ids: readonly Id[]): string {
  return `${ids.length === 1 ? 'batch' : 'batches'} ${ids.join(', ')}`;
}
