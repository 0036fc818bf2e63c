/** The signs of a page: each stands for one thing, on its cards, its timeline and in its legend. */
import type { Action } from '../../model/plan.ts';

/** In the order of the legend. */
export const SIGNS = {
  '+': 'new',
  '±': 'replacement',
  '−': 'goes away',
  '~': 'paused or resumed',
  '←': 'adopted',
  '!': 'missed',
  '·': 'scheduled',
  '▸': 'running',
  '✓': 'done',
  '✗': 'failed',
  '○': 'over',
  '∅': 'gone',
  '⊘': 'skipped',
  '⊗': 'refused',
  '?': 'may be skipped or refused',
} as const;

export type Sign = keyof typeof SIGNS;

export const ACTION_SIGNS: Readonly<Record<Action, Sign | ''>> = {
  create: '+',
  replace: '±',
  cancel: '−',
  pause: '~',
  resume: '~',
  adopt: '←',
  missed: '!',
  forget: '',
  'no-op': '',
};
