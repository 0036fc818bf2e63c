/** Words that more than one room says. */
import type { Id } from './ids.ts';

/** `batch 41`, `batches 41, 42` */
export function batchesText(ids: readonly Id[]): string {
  return `${ids.length === 1 ? 'batch' : 'batches'} ${ids.join(', ')}`;
}
