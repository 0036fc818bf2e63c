/** A plan that was saved to a file → the plan, for `show` and `apply`. */
import { resolve } from 'node:path';
import { readNamed } from '../files/read-stream.ts';
import { FleetformError } from '../model/errors.ts';
import type { FailedPlan } from '../model/failed-plan.ts';
import type { Plan } from '../model/plan.ts';
import { planDigest } from '../model/plan-text.ts';
import { safeText } from '../model/safe-text.ts';
import { parsePlan, parseSaved } from '../plan/plan-json.ts';
import { type Session, usageError } from './session.ts';
import { beforeAnything } from './signals.ts';

/** Throws `plan.unreadable`, or what `parsePlan` throws. */
export async function readPlan(session: Session, file: string): Promise<Plan> {
  return parsePlan(await textOf(session, file), file);
}

/** The same, for `show`: what is left of a plan that failed, too. Throws `plan.unreadable`, or as `parseSaved`. */
export async function readSaved(session: Session, file: string): Promise<Plan | FailedPlan> {
  return parseSaved(await textOf(session, file), file);
}

function textOf(session: Session, file: string): Promise<string> {
  return beforeAnything(() =>
    readNamed(resolve(session.cwd, file), (why) => {
      throw new FleetformError('plan.unreadable', `the plan ${file} ${why}`, {
        hint: 'Make one with `fleetform plan --out FILE`. Of an address, `fleetform state show ADDRESS` tells what is recorded, and `fleetform plan --target ADDRESS` what would be done.',
      });
    }),
  );
}

/** Throws `cli.usage` for what is no digest, and `apply.other-digest` for a plan with another one. */
export function checkDigest(plan: Plan, expected: string): void {
  if (!/^(?:sha256:)?[0-9a-f]{64}$/.test(expected)) {
    throw usageError(
      `--expect ${safeText(expected, 100)} is not a digest`,
      'It is `sha256:` and 64 hex digits, as the comment and the page of the plan show it.',
    );
  }
  const digest = planDigest(plan);
  if (digest.endsWith(expected)) return;
  throw new FleetformError('apply.other-digest', `this plan is ${digest}, not the expected one`, {
    hint: 'Nothing was done. It is not the plan that was reviewed.',
  });
}
