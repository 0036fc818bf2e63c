/** `fleetform plan`: load, observe, plan, show. It reads only, and takes no lock. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { observe } from '../../observe/observe.ts';
import { hasChanges, hasErrors, plan as makePlan } from '../../plan/plan.ts';
import { planToJson } from '../../render/plan-json.ts';
import { checkBelongs } from '../../state/belongs.ts';
import { version } from '../../version.ts';
import { type Session, usageError } from '../session.ts';
import { showPlan } from '../show-plan.ts';
import { openWorkspace } from '../workspace.ts';

export interface PlanFlags {
  readonly out?: string;
  readonly detailedExitcode?: boolean;
  readonly destroy?: boolean;
  readonly concise?: boolean;
  readonly assumeMissing?: boolean;
  readonly allowEmpty?: boolean;
  readonly parallelism?: number;
}

export const CHANGES_EXIT = 2;

export async function plan(session: Session, flags: PlanFlags): Promise<number> {
  if (flags.out === '-' && session.flags.json === true) {
    throw usageError(
      '--out - and --json would both write to stdout',
      'Use one of them: they write the same.',
    );
  }
  const workspace = await openWorkspace(session, flags);
  try {
    const { desired, api, backend } = workspace;
    const state = await backend.read();
    checkBelongs(state, { name: desired.name, api: api.origin }, backend.location);
    const now = workspace.now();
    const made = makePlan({
      desired,
      state,
      observation: await observe(api, { desired, state, now }),
      now,
      fleetformVersion: version,
      api: api.origin,
      options: {
        mode: flags.destroy === true ? 'destroy' : 'normal',
        assumeMissing: flags.assumeMissing === true,
        allowEmpty: flags.allowEmpty === true,
      },
    });
    if (flags.out === '-') session.print(planToJson(made));
    else showPlan(session, made, { now, concise: flags.concise === true, aliases: desired.aliases });
    if (flags.out !== undefined && flags.out !== '-') {
      await writeFile(resolve(session.cwd, flags.out), planToJson(made));
      session.remark(`\nSaved to ${flags.out}. To do exactly this: fleetform apply ${flags.out}\n`);
    }
    if (hasErrors(made)) return 1;
    return flags.detailedExitcode === true && hasChanges(made) ? CHANGES_EXIT : 0;
  } finally {
    workspace.close();
  }
}
