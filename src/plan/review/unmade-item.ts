/** An item of the timeline of which no batch is known: a run that is yet to be made, or that a freeze keeps from it. */
import type { TimelineItem } from '../../model/timeline.ts';

type Told = Pick<TimelineItem, 'kind' | 'run' | 'address' | 'template' | 'at' | 'targetText' | 'freeze'>;

export function unmadeItem(told: Told): TimelineItem {
  return {
    ...{ isPast: false, action: null, batchIds: [], until: null, otherEnd: null, phase: null, servers: null },
    isOnce: false,
    ...told,
  };
}
