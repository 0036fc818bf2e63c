/** Calendars to look at: with everything in them, and in zones whose clock changes. */
import type { Calendar } from '../../src/model/calendar.ts';
import type { DesiredBlock } from '../../src/model/desired.ts';
import type { Freeze } from '../../src/model/schedule.ts';
import { calendarOf } from '../../src/schedule/calendar.ts';
import {
  AMS,
  blockOf,
  DEPLOY,
  desired,
  desiredBatch,
  desiredFreeze,
  EU,
  onFleet,
  scheduledBlock,
  server,
  targets,
  US,
} from '../support/builders.ts';

/** `2026-12-01T03:30Z` → unix seconds. */
export function at(text: string): number {
  return Date.parse(text) / 1000;
}

export const FINALS: Freeze = {
  ...{ name: 'finals', fleets: [EU], from: at('2026-12-12'), to: at('2026-12-14') },
};
export const WEEKENDS: Freeze = {
  ...{ name: 'weekends', cron: '0 18 * * 5', timezone: 'Europe/Amsterdam', duration: 60 * 3600 },
  templates: [{ name: DEPLOY.name }],
};

export function blocks(): DesiredBlock[] {
  const night = (fields = {}) => ({ block: 'nightly-restart', ...fields });
  const hotfix = { template: { name: DEPLOY.name }, executeAt: at('2026-12-12T19:00Z') };
  return [
    scheduledBlock('nightly-restart[fleet:eu]', {}, night()),
    scheduledBlock('nightly-restart[fleet:us]', {}, night({ targets: onFleet(US), targetText: 'fleet us' })),
    scheduledBlock(
      'logs',
      { cron: '0 22 * * 1-5', timezone: 'America/New_York' },
      { template: { id: '3' }, targets: targets({ instances: [server(301)] }), targetText: '1 instance' },
    ),
    blockOf(desiredBatch('hotfix', hotfix)),
    blockOf(
      desiredBatch('cleanup', {
        executeAt: null,
        targets: targets({ regions: [AMS] }),
        targetText: 'region ams',
      }),
    ),
  ];
}

export function calendar(
  of: readonly DesiredBlock[] = blocks(),
  freezes: readonly Freeze[] = [FINALS, WEEKENDS],
  from = '2026-12-10',
  days = 7,
): Calendar {
  const file = desired([], { blocks: of, freezes: freezes.map(desiredFreeze) });
  return calendarOf(file, at(from), at(from) + days * 86_400);
}
