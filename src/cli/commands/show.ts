/**
 * `fleetform show [PLANFILE]`: a saved plan, or, without one, what the state remembers. Nothing is asked of the API.
 */

import { planDigest } from '../../model/plan-text.ts';
import { safeText } from '../../model/safe-text.ts';
import { describeTargets } from '../../plan/world/targets.ts';
import { renderState } from '../../render/state.ts';
import { loadFileSettings } from '../load-file.ts';
import { openStateOf } from '../open-state.ts';
import { planExitCode } from '../plan-exit.ts';
import { readPlan } from '../saved-plan.ts';
import { type Session, usageError } from '../session.ts';
import { showPlan } from '../show-plan.ts';

export interface ShowFlags {
  readonly detailedExitcode?: boolean;
}

export async function show(
  session: Session,
  planFile: string | undefined,
  flags: ShowFlags,
): Promise<number> {
  if (planFile === undefined) {
    if (flags.detailedExitcode === true) throw usageError('--detailed-exitcode needs a PLANFILE');
    return showState(session);
  }
  const plan = await readPlan(session, planFile);
  showPlan(session, plan, { now: Date.parse(plan.at ?? plan.plannedAt) / 1000 });
  if (session.flags.json !== true && session.flags.quiet !== true)
    session.print(`\nPlan ${planDigest(plan)}\n`);
  return planExitCode(plan, flags);
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
  session.print(renderState(state, { targets, timezone, width: session.width, color: session.outColor }));
  return 0;
}
