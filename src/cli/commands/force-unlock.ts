/** `fleetform force-unlock ID`: removes exactly that lock, and no other. */
import { localBackend } from '../../state/local.ts';
import type { Session } from '../session.ts';
import { loadFileSettings, stateFolder } from '../workspace.ts';

export async function forceUnlock(session: Session, id: string): Promise<number> {
  const desired = await loadFileSettings(session);
  const holder = await localBackend(stateFolder(desired), desired.name).forceUnlock(id);
  if (session.flags.json === true) session.printJson(holder);
  else session.print(`Removed the lock of ${holder.who} (process ${holder.pid}, since ${holder.since}).\n`);
  return 0;
}
