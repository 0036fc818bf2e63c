/** The flags that say what is planned, as plan, apply and destroy share them → the options of a plan. */

import type { FleetApi } from '../api/port.ts';
import { parseDuration } from '../desired/duration.ts';
import { FleetformError } from '../model/errors.ts';
import type { PlanScope } from '../model/plan.ts';
import { DEFAULT_SETTLE } from '../plan/input.ts';
import { type Session, usageError } from './session.ts';

export interface PlanningFlags {
  readonly target?: readonly string[];
  readonly exclude?: readonly string[];
  readonly replace?: readonly string[];
  readonly refresh?: 'true' | 'false';
  readonly assumeMissing?: boolean;
  readonly allowEmpty?: boolean;
  readonly parallelism?: number;
  /** Seconds. */
  readonly settle?: number;
}

/** Seconds: the embedded one carries out what it answers, and nothing later. */
const SANDBOX_SETTLE = 1;

/**
 * Seconds for which a write without a clear answer is in doubt: the flag beats FLEETFORM_SETTLE. Throws `cli.settle`: the
 * environment is none of the command line, and what it keeps from being made is told as any other failure.
 */
export function settleOf(
  { world }: Session,
  flags: Pick<PlanningFlags, 'settle'>,
  { origin }: Pick<FleetApi, 'origin'>,
): number {
  const text = world.env.FLEETFORM_SETTLE;
  if (flags.settle !== undefined) return flags.settle;
  if (text === undefined || text === '') return origin === 'sandbox' ? SANDBOX_SETTLE : DEFAULT_SETTLE;
  const seconds = parseDuration(text);
  if (seconds !== undefined) return seconds;
  throw new FleetformError('cli.settle', `FLEETFORM_SETTLE is "${text}"`, {
    hint: 'It is a duration such as 30s or 2m.',
  });
}

export function scopeOf(flags: PlanningFlags): PlanScope {
  return {
    targets: flags.target ?? [],
    excludes: flags.exclude ?? [],
    replaces: flags.replace ?? [],
    refresh: flags.refresh !== 'false',
    assumeMissing: flags.assumeMissing === true,
    allowEmpty: flags.allowEmpty === true,
  };
}

/**
 * A saved plan is applied as it was reviewed: what part it is of cannot be changed any more. What it overrules has to
 * be said again, which `apply` checks.
 */
export function refusePlanning(flags: PlanningFlags): void {
  const given = [
    ['--target', flags.target !== undefined],
    ['--exclude', flags.exclude !== undefined],
    ['--refresh=false', flags.refresh === 'false'],
  ] as const;
  const names = given.filter(([, isGiven]) => isGiven).map(([name]) => name);
  if (names.length === 0) return;
  throw usageError(
    `${names.join(', ')}: a saved plan is applied as it was reviewed`,
    'Nothing was done. Plan again with these flags, or leave them out.',
  );
}
