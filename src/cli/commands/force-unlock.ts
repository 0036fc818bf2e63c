/** `fleetform force-unlock ID`: removes exactly that lock, and no other; one whose holder is alive only by --force. */
import { safeText } from '../../model/safe-text.ts';
import type { Session } from '../session.ts';
import { loadFileSettings, stateBackend } from '../workspace.ts';

export interface ForceUnlockFlags {
  readonly force?: boolean;
}

export async function forceUnlock(session: Session, id: string, flags: ForceUnlockFlags): Promise<number> {
  const desired = await loadFileSettings(session);
  const holder = await stateBackend(desired).forceUnlock(id, flags.force === true);
  if (session.flags.json === true) session.printJson(holder);
  else
    session.print(
      `Removed the lock of ${safeText(holder.who)} (process ${holder.pid}, since ${safeText(holder.since)}).\n`,
    );
  return 0;
}
