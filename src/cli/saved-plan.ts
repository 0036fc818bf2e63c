/** A plan that was saved to a file → the plan, for `show` and `apply`. */
import { resolve } from 'node:path';
import { readNamed } from '../files/read-file.ts';
import { FleetformError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { parsePlan } from '../render/plan-json.ts';
import type { Session } from './session.ts';

/** Throws `plan.unreadable`, or what `parsePlan` throws. */
export async function readPlan(session: Session, file: string): Promise<Plan> {
  const text = readNamed(resolve(session.cwd, file), (why) => {
    throw new FleetformError('plan.unreadable', `the plan ${file} ${why}`, {
      hint: 'Make one with `fleetform plan --out FILE`.',
    });
  });
  return parsePlan(text, file);
}
