/**
 * The hidden first line that a bot finds its own comment by: `<!-- fleetform:plan:live-ops:3f0c5a1b9d2e -->`.
 *
 * Invariant: the same for each plan of a kind, of one file at one API, and another one for every other: neither takes
 * the other's comment away. It holds nothing but lower-case letters, digits and dashes of what came from outside.
 */
import { createHash } from 'node:crypto';
import type { Plan } from '../../model/plan.ts';

type Marked = Pick<Plan, 'name' | 'api' | 'mode' | 'at' | 'scope'>;

export function marker(plan: Marked): string {
  const name = plan.name
    .slice(0, LONGEST)
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '-');
  return `<!-- fleetform:${kindOf(plan)}:${name || '-'}:${originOf(plan)} -->`;
}

const LONGEST = 64;

/** `plan`, `destroy`, `refresh-only`; of what cannot be applied, or is a part, another one: `plan-part`. */
function kindOf({ mode, at, scope }: Marked): string {
  const isPart = scope.targets.length + scope.excludes.length > 0;
  return [
    mode === 'normal' ? 'plan' : mode,
    ...(at === null ? [] : ['at']),
    ...(isPart ? ['part'] : []),
  ].join('-');
}

/** Whose it is, when names are cut or differ only in what is no letter; a part is told from other parts, too. */
function originOf({ name, api, scope }: Marked): string {
  const whose = JSON.stringify([name, api, [...scope.targets].sort(), [...scope.excludes].sort()]);
  return createHash('sha256').update(whose).digest('hex').slice(0, 12);
}
