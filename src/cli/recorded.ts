/** The recorded state of the file in this folder, for the commands that need no API. */
import { resolveOrigin } from '../api/origin.ts';
import type { DesiredSettings } from '../model/desired.ts';
import type { State } from '../model/state.ts';
import type { StateBackend } from '../state/backend.ts';
import { loadFileSettings } from './load-file.ts';
import { openStateOf } from './open-state.ts';
import type { Session } from './session.ts';

export interface Recorded {
  readonly desired: DesiredSettings;
  readonly backend: StateBackend;
  /** Whose batches the file is about; nothing is sent there. */
  readonly api: string;
}

export async function settingsAndApi(session: Session): Promise<Pick<Recorded, 'desired' | 'api'>> {
  const desired = await loadFileSettings(session);
  const { origin } = resolveOrigin({
    ...(session.flags.apiUrl === undefined ? {} : { flag: session.flags.apiUrl }),
    env: session.world.env,
    file: desired.api,
    hasToken: false,
  });
  return { desired, api: origin };
}

/** `work` gets it open; it is closed afterwards. */
export async function withRecorded<T>(
  session: Session,
  work: (recorded: Recorded) => Promise<T>,
): Promise<T> {
  const { desired, api } = await settingsAndApi(session);
  const backend = await openStateOf(session, desired, api);
  try {
    return await work({ desired, api, backend });
  } finally {
    await backend.close();
  }
}

/** `state`: null: none exists yet. `location`: for people. */
export function readRecorded(
  session: Session,
): Promise<{ readonly desired: DesiredSettings; readonly state: State | null; readonly location: string }> {
  return withRecorded(session, async ({ desired, backend }) => ({
    desired,
    state: await backend.read(),
    location: backend.location,
  }));
}
