/** Blocks → the batches that are wanted. */
import type { DesiredBatch, DesiredBlock } from '../model/desired.ts';

export function wantedBatches(blocks: readonly DesiredBlock[]): DesiredBatch[] {
  return blocks.map(({ when, ...block }) => ({
    ...block,
    executeAt: when.kind === 'at' ? when.executeAt : null,
    revision: when.kind === 'once' ? when.revision : null,
    occurrence: null,
    isKept: false,
  }));
}
