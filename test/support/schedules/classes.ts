/**
 * All classes of trouble, by name. To add one, add it to the list of its file (`mischief`, `people`, `provider`,
 * `edits`) or to `MACHINE_CLASSES` and `FLAG_CLASSES` here: the soak then fails until it has really occurred. Where it
 * leaves no doubt behind, add it to `PLAIN`, too.
 */
import { EDITS } from './edits.ts';
import { MISCHIEF_CLASSES } from './mischief.ts';
import { PEOPLE } from './people.ts';
import { FORGETTING, RENAMING } from './provider.ts';

export const MACHINE_CLASSES = [
  'killed',
  'stopped by a signal',
  'the lock is removed, and another begins',
  'two appliers side by side',
  'the state is lost',
  'an older state is restored',
  'an address is let go of',
  'a batch is imported',
  'the clock is off by minutes',
  'the clock is off by an hour',
] as const;

export const FLAG_CLASSES = [
  '--target',
  '--exclude',
  '--replace',
  '--refresh=false',
  'a saved plan is applied later',
  'the approval takes minutes',
  '--assume-missing',
  'everything is destroyed',
] as const;

export const CLASSES: readonly string[] = [
  ...MISCHIEF_CLASSES,
  ...[PEOPLE, FORGETTING, RENAMING, EDITS].flatMap((deeds) => Object.keys(deeds)),
  ...MACHINE_CLASSES,
  ...FLAG_CLASSES,
];

/** With nothing but what leaves no doubt behind, whoever asks a person asks too much. */
export function leavesNoDoubt(occurred: ReadonlyMap<string, number>): boolean {
  // What has run is forgotten with it: where it is asked for again, nothing tells whether it was that.
  if (occurred.has('everything is destroyed')) return false;
  // Of two renames of one block the file may tell only the last.
  if ((occurred.get('a block is renamed, and the file says so') ?? 0) > 1) return false;
  return [...occurred.keys()].every((name) => PLAIN.has(name));
}

const PLAIN: ReadonlySet<string> = new Set([
  'POST throttled',
  'PUT throttled',
  'DELETE throttled',
  'read fails',
  'rows twice',
  'the time is changed',
  'the target is changed',
  'a block is removed',
  'a block is added',
  'a block is renamed, and the file says so',
  'a revision is raised',
  'a pause is changed',
  'two appliers side by side',
  ...FLAG_CLASSES,
]);
