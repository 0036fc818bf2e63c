/** How each action of a plan is shown, wherever it is shown. */
import type { Action, Change } from '../model/plan.ts';
import { someBatchesText } from '../model/words.ts';
import type { Style } from './color.ts';

export interface ActionLook {
  readonly symbol: string;
  readonly style: Style;
  /** Follows the address: `will be created`. */
  readonly verb: string;
}

export const ACTION_LOOKS: Readonly<Record<Action, ActionLook>> = {
  create: { symbol: '+', style: 'green', verb: 'will be created' },
  cancel: { symbol: '-', style: 'red', verb: 'will be cancelled' },
  replace: { symbol: '-/+', style: 'yellow', verb: 'will be replaced' },
  pause: { symbol: '~', style: 'yellow', verb: 'will be paused' },
  resume: { symbol: '~', style: 'yellow', verb: 'will be resumed' },
  adopt: { symbol: '<-', style: 'cyan', verb: 'will be adopted' },
  missed: { symbol: '!', style: 'yellow', verb: 'is missed: too late to be created' },
  forget: { symbol: '', style: 'dim', verb: 'will be forgotten' },
  'no-op': { symbol: '', style: 'dim', verb: 'is unchanged' },
};

/** `will be created`, of many: `are unchanged`. */
export function verbOf(action: Action, count: number): string {
  const { verb } = ACTION_LOOKS[action];
  return count === 1 ? verb : verb.replace(/^is /, 'are ');
}

/** `batch 41`, `after batch 41`; empty without any. */
export function concernedBatches(changes: readonly Change[]): string {
  const ids = batchesOf(changes);
  if (ids.length === 0) return '';
  return changes[0]!.action === 'create' ? `after ${someBatchesText(ids)}` : someBatchesText(ids);
}

/** Each once: those that something is done to; of a create, those that it comes after. */
export function batchesOf(changes: readonly Change[]): string[] {
  return [...new Set(changes.flatMap((one) => (one.action === 'create' ? one.follows : one.batchIds)))];
}
