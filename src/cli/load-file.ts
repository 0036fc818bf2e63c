/** flags and environment → the desired state. Invariant: what is for the API or the state is not loaded for it. */
import { foldersUp } from '../desired/find.ts';
import { type LoadOptions, loadDesired, loadSettings } from '../desired/load.ts';
import type { Desired, DesiredSettings } from '../model/desired.ts';
import { FleetformError } from '../model/errors.ts';
import { safeText } from '../model/safe-text.ts';
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
  } catch (error) {
    throw await withCutImport(error, session);
  } finally {
    pace.end();
  }
}

/** No file is there yet where an import was killed: it is to be run again. */
async function withCutImport(error: unknown, { cwd }: Session): Promise<unknown> {
  if (!(error instanceof FleetformError) || error.code !== 'desired.not-found') return error;
  const { cutImportIn } = await import('./import-mark.ts');
  const file = foldersUp(cwd)
    .map(cutImportIn)
    .find((one) => one !== null);
  if (file === undefined) return error;
  return new FleetformError(error.code, error.message, {
    hint: `\`fleetform import --all\` was cut off here before it wrote ${safeText(file, 100)}: run it again, as before.`,
  });
}

function loadOptions({ cwd, flags, world }: Session): LoadOptions {
  return {
    cwd,
    env: world.env,
    varsFlag: '--var',
    ...(flags.file === undefined ? {} : { files: [...flags.file] }),
    ...(flags.var === undefined ? {} : { vars: { ...flags.var } }),
  };
}
