/** flags and environment → the desired state. Invariant: what is for the API or the state is not loaded for it. */
import { type LoadOptions, loadDesired, loadSettings } from '../desired/load.ts';
import type { Desired, DesiredSettings } from '../model/desired.ts';
import { boundYoung } from './heap.ts';
import { inNoHurry } from './in-no-hurry.ts';
import type { Session } from './session.ts';
import { beforeAnything } from './signals.ts';

export function loadFile(session: Session): Promise<Desired> {
  return load(session, loadDesired);
}

/** For what is about the recorded state alone: see `loadSettings`. */
export function loadFileSettings(session: Session): Promise<DesiredSettings> {
  return load(session, loadSettings);
}

async function load<D>(session: Session, read: (options: LoadOptions) => Promise<D>): Promise<D> {
  const pace = inNoHurry();
  try {
    const onRead = (characters: number) => {
      boundYoung(characters);
      pace.expect(characters);
    };
    return await beforeAnything(() => read({ ...loadOptions(session), onRead }));
  } finally {
    pace.end();
  }
}

function loadOptions({ cwd, flags, world }: Session): LoadOptions {
  return {
    cwd,
    env: world.env,
    ...(flags.file === undefined ? {} : { files: [...flags.file] }),
    ...(flags.var === undefined ? {} : { vars: { ...flags.var } }),
  };
}
