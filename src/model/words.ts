/** Words that more than one room says. */
import type { Id } from './ids.ts';

/** One after the other, each ended like a sentence: what is quoted in them may end anyhow. */
export function sentences(...texts: readonly (string | undefined)[]): string {
  const said = texts.filter((text): text is string => text !== undefined && text !== '');
  return said.map((text) => (/[.!?…][)"'`]?$/.test(text) ? text : `${text}.`)).join(' ');
}

/** `batch 41`, `batches 41, 42` */
export function batchesText(ids: readonly Id[]): string {
  return `${ids.length === 1 ? 'batch' : 'batches'} ${ids.join(', ')}`;
}
