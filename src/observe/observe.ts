/**
 * client → Observation: the lists, then what `plan/looks.ts` says has to be looked at more closely.
 * Reads only. Everything that can be asked at the same time is; the client bounds how much that is.
 */
import { ApiError } from '../api/errors.ts';
import type { FleetApi } from '../api/port.ts';
import type { Desired } from '../model/desired.ts';
import type { Id } from '../model/ids.ts';
import { type Inventory, isFullList, type Observation } from '../model/observed.ts';
import type { PlanScope } from '../model/plan.ts';
import type { State } from '../model/state.ts';
import { inventoryLooks, taskLooks, unlistedBatches } from '../plan/looks.ts';
import { WHOLE } from '../plan/review/selection.ts';
import { moveEntries } from '../plan/sameness/moves.ts';
import { newestOf } from '../plan/sameness/sight.ts';
import { found } from './found.ts';
import { withTasks } from './tasks.ts';

export interface ObserveInput {
  readonly desired: Pick<Desired, 'batches' | 'claims' | 'moved'>;
  readonly state: State | null;
  /** Unix seconds. */
  readonly now: number;
  /** As the plan's: what is trusted need not be looked at, what is replaced must be. Default: the whole. */
  readonly scope?: Partial<PlanScope>;
  /** Look for drift, too: at every bound batch that is not simply done. */
  readonly isDrift?: boolean;
}

/** Throws an `ApiError` when a call that the plan depends on fails; the inventory may fail without that. */
export async function observe(api: FleetApi, input: ObserveInput): Promise<Observation> {
  const [templates, listed, tasks] = await Promise.all([
    api.listTemplates(),
    api.listBatches(),
    api.listTasks(),
  ]);
  const scope = { ...WHOLE, ...input.scope };
  const state = input.state === null ? null : moveEntries(input.state, input.desired.moved).state;
  const hidden = scope.refresh ? unlistedBatches(state, listed) : [];
  const unlisted = await Promise.all(
    hidden.map(async (id) => ({ id, batch: await found(api.getBatch(id)) })),
  );
  const missing = unlisted.filter(({ batch }) => batch === null).map(({ id }) => id);
  const batches = [...listed, ...unlisted.flatMap(({ batch }) => batch ?? [])];
  const scene = { ...input, state, scope, isDrift: input.isDrift ?? false, templates, batches };
  const [observed, inventory] = await Promise.all([
    withTasks(api, batches, tasks, taskLooks(scene), templates),
    lookAtInventory(api, inventoryLooks(scene)),
  ]);
  return {
    templates,
    batches: observed,
    batchListFull: isFullList(listed),
    newestListed: newestOf(listed),
    missing,
    inventory,
    tasks: observed.reduce((sum, batch) => sum + batch.tasks.length, 0),
  };
}

async function lookAtInventory(
  api: FleetApi,
  looks: { readonly fleets: readonly Id[]; readonly regions: readonly Id[] },
): Promise<Inventory> {
  const reasons = new Set<string>();
  const list = async (ids: readonly Id[], filter: (id: Id) => { fleetId?: Id; regionId?: Id }) => {
    const answers = await Promise.all(
      ids.map(async (id) => {
        try {
          return { id, servers: (await api.listInstances(filter(id))).map((instance) => instance.id) };
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          reasons.add(error.message);
          return null;
        }
      }),
    );
    return Object.fromEntries(answers.filter((one) => one !== null).map(({ id, servers }) => [id, servers]));
  };
  const [fleets, regions] = await Promise.all([
    list(looks.fleets, (fleetId) => ({ fleetId })),
    list(looks.regions, (regionId) => ({ regionId })),
  ]);
  return { fleets, regions, unavailable: reasons.size === 0 ? null : [...reasons].join('; ') };
}
