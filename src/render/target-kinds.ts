/**
 * Targets → how many there are of each kind: `2 fleets, 88 sets of 2 game servers`. Pure.
 *
 * Invariant: what a file lists as `instances` is called game servers, one by one or in sets, and nothing else.
 */
import { groupBy } from '../model/group.ts';
import { safeText } from '../model/safe-text.ts';
import { counted } from './phrases.ts';

/** `texts`: a target each, as its batch tells it; the only one of its kind is told as it is. */
export function targetKinds(texts: readonly string[]): string {
  const kinds = groupBy(texts, kindOf);
  return [...merged(kinds)].map(([kind, of]) => kindText(kind, of)).join(', ');
}

/** How many game servers the target names itself, one by one; null: it is not told by them alone. */
export function serversNamed(target: string): number | null {
  if (/^game server \d+$/.test(target)) return 1;
  const several = /^(\d+) game servers$/.exec(target)?.[1];
  return several === undefined ? null : Number(several);
}

const SET = 'set of game servers';
const SINGLE = 'game server';

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^fleet \S+$/, 'fleet'],
  [/^region \S+$/, 'region'],
  [/^game server \d+$/, SINGLE],
  [/^\d+ game servers$/, SET],
  [/^labels /, 'set of labels'],
  [/^$/, 'unknown target'],
];

function kindOf(target: string): string {
  return KINDS.find(([pattern]) => pattern.test(target))?.[1] ?? 'combined target';
}

/** Beside sets, a single one is a set, too. */
function merged(kinds: ReadonlyMap<string, readonly string[]>): Map<string, readonly string[]> {
  const [singles, sets] = [kinds.get(SINGLE), kinds.get(SET)];
  if (singles === undefined || sets === undefined) return new Map(kinds);
  return new Map(
    [...kinds].flatMap(([kind, of]) =>
      kind === SINGLE ? [] : [[kind, kind === SET ? [...singles, ...sets] : of] as const],
    ),
  );
}

function kindText(kind: string, of: readonly string[]): string {
  const [only = ''] = of;
  if (of.length === 1) return only === '' ? 'unknown' : safeText(only, 200);
  const plural = kind.startsWith('set ') ? kind.replace('set', 'sets') : `${kind}s`;
  return kind === SET ? setsText(of) : counted(of.length, kind, plural);
}

/** `3 sets of 1 or 2 game servers`. */
function setsText(of: readonly string[]): string {
  const sizes = of.map((target) => serversNamed(target) ?? 0).sort((a, b) => a - b);
  const [least, most] = [sizes[0]!, sizes.at(-1)!];
  const from = least === most ? '' : `${least} ${most - least === 1 ? 'or' : 'to'} `;
  return `${of.length} sets of ${from}${counted(most, 'game server')}`;
}
