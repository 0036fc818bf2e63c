/**
 * `fleetform show [PLANFILE]`: a saved plan, or, without one, what the state remembers. Nothing is asked of the API.
 */

import { safeText } from '../../model/safe-text.ts';
import { describeTargets } from '../../plan/world/targets.ts';
import { renderState } from '../../render/state.ts';
import { loadFileSettings } from '../load-file.ts';
import { openStateOf } from '../open-state.ts';
import { type Session, usageError } from '../session.ts';
import { showPlans } from '../show-plans.ts';

export interface ShowFlags {
  readonly detailedExitcode?: boolean;
  readonly markdown?: string;
  readonly html?: string;
}

export async function show(
  session: Session,
  planFiles: readonly string[],
  flags: ShowFlags,
): Promise<number> {
  if (planFiles.length > 0) return showPlans(session, planFiles, flags);
  const [given] = [
    ['--detailed-exitcode', flags.detailedExitcode === true],
    ['--markdown', flags.markdown !== undefined],
    ['--html', flags.html !== undefined],
  ].filter(([, isGiven]) => isGiven);
  if (given !== undefined) {
    throw usageError(
      `${given[0]} needs a PLANFILE`,
      'Save a plan first: `fleetform plan --out PLANFILE`. Without one, show prints the recorded state.',
    );
  }
  return showState(session);
}

async function showState(session: Session): Promise<number> {
  const desired = await loadFileSettings(session);
  const backend = await openStateOf(session, desired, null);
  const state = await backend.read().finally(() => backend.close());
  if (session.flags.json === true) {
    session.printJson(state);
    return 0;
  }
  if (state === null) {
    session.print(
      `No state exists yet for ${desired.name}; the first apply creates it (${safeText(backend.location)}).\n`,
    );
    return 0;
  }
  const targets = Object.fromEntries(
    Object.entries(state.entries).map(([address, entry]) => [
      address,
      describeTargets(entry.spec, desired.aliases),
    ]),
  );
  const timezone = desired.timezone ?? session.localZone;
  const { width, mayCut, outColor: color } = session;
  session.print(renderState(state, { targets, timezone, width, mayCut, color }));
  return 0;
}
