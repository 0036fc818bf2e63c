/** `fleetform force-unlock ID`: removes exactly that lock, and no other; one whose holder is alive only by --force. */
import { holderText } from '../../state/backend.ts';
import { loadFileSettings } from '../load-file.ts';
import { openStateOf } from '../open-state.ts';
import type { Session } from '../session.ts';

export interface ForceUnlockFlags {
  readonly force?: boolean;
}

export async function forceUnlock(session: Session, id: string, flags: ForceUnlockFlags): Promise<number> {
  const desired = await loadFileSettings(session);
  const backend = await openStateOf(session, desired, null);
  const holder = await backend.forceUnlock(id, flags.force === true).finally(() => backend.close());
  if (session.flags.json === true) session.printJson(holder);
  else session.print(`Removed the lock of ${holderText(holder)}, since ${holder.since}.\n`);
  return 0;
}
