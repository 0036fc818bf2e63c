/** The aliases that a saved plan keeps: of fleets and regions that a change takes or brings, so that it reads as it did. */
import type { Desired } from '../../model/desired.ts';
import type { Change, Plan } from '../../model/plan.ts';

type Aliases = NonNullable<Plan['aliases']>;

/** undefined: nothing names any. Of several aliases of one id, the last, as everywhere. */
export function namedTargets(changes: readonly Change[], aliases: Desired['aliases']): Aliases | undefined {
  const fleets = picked(aliases.fleets, idsIn(changes, 'fleets'));
  const regions = picked(aliases.regions, idsIn(changes, 'regions'));
  return Object.keys(fleets).length + Object.keys(regions).length === 0 ? undefined : { fleets, regions };
}

function idsIn(changes: readonly Change[], kind: keyof Aliases): Set<string> {
  return new Set(
    changes.flatMap(({ before, after }) => {
      if (before === null || after === null) return [];
      const isSame = JSON.stringify(before[kind]) === JSON.stringify(after[kind]);
      return isSame ? [] : [...before[kind], ...after[kind]];
    }),
  );
}

function picked(
  aliases: Readonly<Record<string, string>>,
  wanted: ReadonlySet<string>,
): Record<string, string> {
  const names = new Map(Object.entries(aliases).map(([alias, id]) => [id, alias]));
  return Object.fromEntries(
    [...names].filter(([id]) => wanted.has(id)).map(([id, alias]) => [alias, id] as const),
  );
}
