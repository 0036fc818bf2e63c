/** A spec's targets in words, with the file's aliases where it has them. */
import type { Desired, Targets } from '../model/desired.ts';

export function describeTargets(targets: Targets, aliases: Desired['aliases']): string {
  const name = (known: Readonly<Record<string, string>>, id: string) =>
    Object.entries(known).find(([, other]) => other === id)?.[0] ?? id;
  const count = targets.instances.length;
  return [
    ...targets.fleets.map((id) => `fleet ${name(aliases.fleets, id)}`),
    ...targets.regions.map((id) => `region ${name(aliases.regions, id)}`),
    ...(count === 0 ? [] : [count === 1 ? `instance ${targets.instances[0]}` : `${count} instances`]),
    ...targets.labels.map((label) => `label ${label.key}=${label.value}`),
  ].join(' + ');
}
