/** The schedules of a file, for whoever shows what they name. */
import type { DesiredBlock } from '../model/desired.ts';
import type { PlannedSchedule } from '../model/plan.ts';

/** In the file's order, each once, however many targets its block has. */
export function plannedSchedules(blocks: readonly DesiredBlock[]): PlannedSchedule[] {
  const schedules = new Map<string, PlannedSchedule>();
  for (const { block, when } of blocks) {
    if (when.kind !== 'schedule') continue;
    const { cron, timezone, horizon } = when.schedule;
    schedules.set(block, { block, cron, timezone, horizon });
  }
  return [...schedules.values()];
}
