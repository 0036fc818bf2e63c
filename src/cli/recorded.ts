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
  return { desired, api: apiOf(session, desired) };
}

/** Whose batches the file is about; nothing is sent there. */
export function apiOf({ flags, world }: Session, { api }: DesiredSettings): string {
  const { origin } = resolveOrigin({
    ...(flags.apiUrl === undefined ? {} : { flag: flags.apiUrl }),
    env: world.env,
    file: api,
    hasToken: false,
  });
  return origin;
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
