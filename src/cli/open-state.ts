/** The settings of a file → the backend of its state, for whom it serves. Nothing is asked of the API. */
import type { DesiredSettings } from '../model/desired.ts';
import type { StateBackend } from '../state/backend.ts';
import { openState, type StatePlace } from '../state/open.ts';
import type { Session } from './session.ts';

/** `api`: as in `StatePlace`. */
export function statePlaceOf(
  { world, redactor, remark }: Session,
  settings: DesiredSettings,
  api: string | null,
): StatePlace {
  return { settings, api, env: world.env, know: redactor.know, tell: (text) => remark(`${text}\n`) };
}

export function openStateOf(
  session: Session,
  settings: DesiredSettings,
  api: string | null,
): Promise<StateBackend> {
  return openState(statePlaceOf(session, settings, api));
}
