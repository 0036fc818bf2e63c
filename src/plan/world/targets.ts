/** A spec's targets in words, with the file's aliases where it has them. */
import type { Desired, Targets } from '../../model/desired.ts';
import type { Id } from '../../model/ids.ts';

export function describeTargets(targets: Targets, aliases: Desired['aliases']): string {
  const count = targets.instances.length;
  const pairs = targets.labels.map((label) => `${label.key}=${label.value}`);
  return [
    ...targets.fleets.map((id) => `fleet ${aliasOf(aliases.fleets, id)}`),
    ...targets.regions.map((id) => `region ${aliasOf(aliases.regions, id)}`),
    ...(count === 0 ? [] : [count === 1 ? `game server ${targets.instances[0]}` : `${count} game servers`]),
    ...(pairs.length === 0 ? [] : [`labels ${pairs.join(', ')}`]),
  ].join(' + ');
}

/** The id itself where the file has no alias for it. */
export function aliasOf(known: Readonly<Record<string, Id>>, id: Id): string {
  return Object.entries(known).find(([, other]) => other === id)?.[0] ?? id;
}
