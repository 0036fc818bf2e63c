/** `fleetform lock list`: who works on which state, and whether they show that they live. */
import { safeText } from '../../model/safe-text.ts';
import { renderLocks } from '../../render/history.ts';
import type { NamedLock, StateBackend } from '../../state/backend.ts';
import { loadFileSettings } from '../load-file.ts';
import { openStateOf } from '../open-state.ts';
import type { Session } from '../session.ts';

export async function list(session: Session): Promise<number> {
  const desired = await loadFileSettings(session);
  const backend = await openStateOf(session, desired, null);
  const locks = await locksOf(backend, desired.name).finally(() => backend.close());
  if (session.flags.json === true)
    session.printJson(locks.map(({ holder, ...lock }) => ({ ...lock, ...holder })));
  else if (locks.length === 0) session.print(`Nothing is locked (${safeText(backend.location)}).\n`);
  else session.print(renderLocks(locks));
  return 0;
}

async function locksOf(backend: StateBackend, name: string): Promise<readonly NamedLock[]> {
  if (backend.locks !== undefined) return backend.locks.list();
  const own = await backend.inspectLock();
  return own === null ? [] : [{ name, ...own }];
}
