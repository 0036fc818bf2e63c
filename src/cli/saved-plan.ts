/** A plan that was saved to a file → the plan, for `show` and `apply`. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { FleetformError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { parsePlan } from '../render/plan-json.ts';
import type { Session } from './session.ts';

/** Throws `plan.unreadable`, or what `parsePlan` throws. */
export async function readPlan(session: Session, file: string): Promise<Plan> {
  let text: string;
  try {
    text = await readFile(resolve(session.cwd, file), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new FleetformError('plan.unreadable', `the plan ${file} cannot be read (${code})`, {
      hint: 'Make one with `fleetform plan --out FILE`.',
    });
  }
  return parsePlan(text, file);
}
