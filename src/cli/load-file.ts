/** flags and environment → the desired state. Invariant: what is for the API or the state is not loaded for it. */
import { type LoadOptions, loadDesired, loadSettings } from '../desired/load.ts';
import type { Desired, DesiredSettings } from '../model/desired.ts';
import type { Session } from './session.ts';
import { beforeAnything } from './signals.ts';

export function loadFile(session: Session): Promise<Desired> {
  return beforeAnything(() => loadDesired(loadOptions(session)));
}

/** For what is about the recorded state alone: see `loadSettings`. */
export function loadFileSettings(session: Session): Promise<DesiredSettings> {
  return beforeAnything(() => loadSettings(loadOptions(session)));
}

function loadOptions({ cwd, flags, world }: Session): LoadOptions {
  return {
    cwd,
    env: world.env,
    ...(flags.file === undefined ? {} : { files: [...flags.file] }),
    ...(flags.var === undefined ? {} : { vars: { ...flags.var } }),
  };
}
