/** The recorded state of the file in this folder, for the commands that need no API. */
import { resolveOrigin } from '../api/origin.ts';
import type { DesiredSettings } from '../model/desired.ts';
import type { State } from '../model/state.ts';
import type { StateBackend } from '../state/backend.ts';
import { checkBelongs } from '../state/belongs.ts';
import type { Session } from './session.ts';
import { loadFileSettings, stateBackend } from './workspace.ts';

export interface Recorded {
  readonly desired: DesiredSettings;
  readonly backend: StateBackend;
  /** Whose batches the file is about; nothing is sent there. */
  readonly api: string;
}

export async function openRecorded(session: Session): Promise<Recorded> {
  const desired = await loadFileSettings(session);
  const { origin } = resolveOrigin({
    ...(session.flags.apiUrl === undefined ? {} : { flag: session.flags.apiUrl }),
    env: session.world.env,
    file: desired.api,
    hasToken: false,
  });
  return { desired, api: origin, backend: stateBackend(desired) };
}

/** null: none exists. Throws `state.other-name` and `state.other-api`. */
export async function readRecorded({ desired, backend, api }: Recorded): Promise<State | null> {
  const state = await backend.read();
  checkBelongs(state, { name: desired.name, api }, backend.location);
  return state;
}
