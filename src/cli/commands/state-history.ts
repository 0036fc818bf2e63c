/** `fleetform state history`: who wrote the state, when, and from which commit, as far back as its place keeps it. */
import { safeText } from '../../model/safe-text.ts';
import { renderHistory } from '../../render/history.ts';
import { withRecorded } from '../recorded.ts';
import type { Session } from '../session.ts';
import { historyOf } from '../state-history.ts';

export interface HistoryFlags {
  /** How many at most. */
  readonly limit: number;
}

export async function history(session: Session, { limit }: HistoryFlags): Promise<number> {
  return withRecorded(session, async ({ desired, backend }) => {
    const versions = await historyOf(backend).versions(limit);
    if (session.flags.json === true) session.printJson(versions);
    else if (versions.length === 0) {
      session.print(`No state exists yet for ${desired.name} (${safeText(backend.location)}).\n`);
    } else {
      const timezone = desired.timezone ?? session.localZone;
      const { width, mayCut, outColor: color } = session;
      session.print(renderHistory(versions, { timezone, width, mayCut, color }));
    }
    return 0;
  });
}
