/**
 * Would the planner, with the state moved to another API, do or ask anything that it does not do or ask at the old one?
 * Only reads and plans: what a plan refuses must not be moved to, and what it would undo even less.
 *
 * Invariant: the planner alone judges; here its judgements are only compared.
 */
import type { FleetApi } from '../api/port.ts';
import type { Desired } from '../model/desired.ts';
import type { Change, Plan } from '../model/plan.ts';
import type { State } from '../model/state.ts';
import { survey } from '../observe/observe.ts';
import { planned } from '../plan/plan.ts';

export interface PlanningThere {
  readonly desired: Desired;
  readonly state: State;
  /** Unix seconds. */
  readonly now: () => number;
  /** Seconds. */
  readonly settle: number;
}

/** In words, the first thing that only the plan at `to` has; null: none. `from` null: it does not answer. */
export async function newInPlan(
  asking: PlanningThere,
  from: FleetApi | null,
  to: FleetApi,
): Promise<string | null> {
  // A destroy looks at all that is bound as at something that is about to be touched.
  for (const mode of ['normal', 'destroy'] as const) {
    const before = from === null ? null : await planAt(asking, from, mode);
    const after = await planAt(asking, to, mode);
    const known = before === null ? null : new Set(concernsOf(before, () => true).map(({ key }) => key));
    const isNew = (key: string) => known === null || !known.has(key);
    const concern = concernsOf(after, known === null ? isAlarming(asking.state, mode) : () => true).find(
      ({ key }) => isNew(key),
    );
    if (concern !== undefined) return concern.words;
  }
  return null;
}

async function planAt(
  { desired, state, now, settle }: PlanningThere,
  api: FleetApi,
  mode: 'normal' | 'destroy',
): Promise<Plan> {
  const options = { mode, settle, at: null };
  const scope = { allowEmpty: true };
  const moved = { ...state, api: api.origin };
  const { observation, thought } = await survey(api, { desired, state: moved, now, scope, options });
  const basis = { desired, state: moved, observation, now: observation.at, fleetformVersion: '' };
  return planned({ ...basis, api: api.origin, options: { ...options, scope, force: true } }, thought).plan;
}

interface Concern {
  readonly key: string;
  readonly words: string;
}

function concernsOf({ changes, diagnostics }: Plan, isCounted: (change: Change) => boolean): Concern[] {
  return [
    ...diagnostics.flatMap(({ severity, code, address = '', message }) =>
      // What must not be cancelled is no question of whose it is.
      severity === 'error' && code !== 'plan.prevented'
        ? [{ key: `${code} ${address}`, words: message }]
        : [],
    ),
    ...changes.flatMap((change) => {
      const { action, address, batchIds } = change;
      if (QUIET.has(action) || !isCounted(change)) return [];
      const batches = batchIds.length === 0 ? '' : ` (batch ${batchIds.join(', ')})`;
      return [{ key: `${action} ${address} ${batchIds.join(' ')}`, words: `${action} ${address}${batches}` }];
    }),
  ];
}

const QUIET: ReadonlySet<Change['action']> = new Set(['no-op', 'forget', 'missed']);

/** Without the old plan beside it: anything but a new run, and the cancels of a destroy. */
function isAlarming({ entries }: State, mode: 'normal' | 'destroy'): (change: Change) => boolean {
  return ({ action, address, before }) => {
    if (action === 'create') return Object.hasOwn(entries, address);
    return !(mode === 'destroy' && action === 'cancel' && before !== null);
  };
}
