/** What the tests of never twice draw from: all that may keep a batch from being told. */
import fc from 'fast-check';
import type { WorldOptions } from './worlds.ts';

export const ALL: WorldOptions = {
  overlap: true,
  inventory: ['exact', 'none', 'partial'],
  state: ['none', 'partial'],
  once: true,
  foreign: 3,
};

/** All that may keep a batch from being told, at once. */
export const WEAK: WorldOptions = {
  ...ALL,
  inventory: ['exact', 'none', 'partial', 'drifted'],
  state: ['none', 'partial', 'stale'],
  edited: true,
  names: true,
  sight: ['old', 'current', 'untold'],
  weak: ['none', 'unfilled', 'restamped', 'replaced'],
  templates: ['plain', 'shared', 'renamed'],
};

/** Of the blocks, some. */
export const parts = fc.uniqueArray(fc.constantFrom('b0', 'b1', 'b2', 'b3'), { maxLength: 2 });
