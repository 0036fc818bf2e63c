/** What a block is to a freeze, by the file alone. */
import type { FreezeSubject } from '../model/schedule.ts';
import type { Freezable } from './frozen-runs.ts';

/** `template`: both of its names, for who knows them. */
export function subjectOf(
  { targets: { fleets, regions, instances, labels }, template }: Freezable,
  known: FreezeSubject['template'] = {
    name: 'name' in template ? template.name : null,
    id: 'id' in template ? template.id : null,
  },
): FreezeSubject {
  return {
    fleets,
    regions,
    isWhole: {
      fleets: regions.length + instances.length === 0,
      regions: fleets.length + instances.length === 0,
    },
    isAnywhere: labels.length > 0,
    template: known,
  };
}
