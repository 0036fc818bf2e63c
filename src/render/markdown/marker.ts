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
  const name = slugOf(plan.name.slice(0, LONGEST));
  return `<!-- fleetform:${kindOf(plan)}:${name || '-'}:${originOf(plan)} -->`;
}

/**
 * Of several plans in one comment: `<!-- fleetform:plans:live-json-staging-json:3f0c5a1b9d2e -->`. By their files, in
 * whatever order: one that could not be planned may tell no name, and the comment stays the same. `files`: relative
 * to the working folder.
 */
export function plansMarker(files: readonly string[]): string {
  const sorted = [...files].sort();
  const slug = sorted
    .map((file) => slugOf(file))
    .join('-')
    .slice(0, LONGEST);
  const origin = createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 12);
  return `<!-- fleetform:plans:${slug || '-'}:${origin} -->`;
}

function slugOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9-]/g, '-');
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
