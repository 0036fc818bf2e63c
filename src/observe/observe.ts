/**
 * client → Observation: three lists, then whatever the plan that is made of them asks for besides, until it asks for
 * nothing new. Reads only. Everything that can be asked at the same time is; the client bounds how much that is.
 */

import type { FleetApi } from '../api/port.ts';
import { templateNameOf } from '../api/task-name.ts';
import { batchPhase, finishedTasks, isLive, isShownTooOld } from '../model/batch-phase.ts';
import { groupBy } from '../model/group.ts';
import type { Id } from '../model/ids.ts';
import {
  type Batch,
  isFullList,
  LIST_LIMIT,
  type Listed,
  type Observation,
  type ObservedBatch,
  type ServerHistory,
  type Task,
} from '../model/observed.ts';
import type { PlanScope } from '../model/plan.ts';
import { ownedBatches } from '../model/recorded.ts';
import type { State } from '../model/state.ts';
import { type PlanAbout, type PlanOptions, questionsOf } from '../plan/plan.ts';
import { newestOf } from '../plan/sameness/sight.ts';
import { type Asked, SAMPLE } from '../plan/world/asked.ts';
import { spacedOut } from '../plan/world/world.ts';
import { found } from './found.ts';
import { readHistory } from './history.ts';
import { isTornApart, lookAtInventory, merged } from './inventory.ts';
import { newestTime } from './newest-time.ts';

export interface ObserveInput {
  readonly desired: PlanAbout['desired'];
  readonly state: State | null;
  /** Unix seconds, by this machine's clock. */
  readonly now: () => number;
  /** As the plan's: what is trusted need not be looked at, what is replaced must be. Default: the whole. */
  readonly scope?: Partial<PlanScope>;
  /** As the plan's. */
  readonly options?: Pick<PlanOptions, 'mode' | 'at' | 'settle'>;
}

/**
 * Milliseconds for all reads of one look together, waits and pages included. What an account with 10,000 game servers
 * and 10,000 live batches needs: 10,000 batches and the sample of each (24 tasks), 250,000 reads, which is an hour at
 * 10 in flight and 140 ms each; most looks trust nearly all of it and take seconds. Longer, and what was read first
 * is no picture of now any more.
 */
export const LONGEST_LOOK = 3_600_000;

/** More would be a plan that asks without end. */
const MOST_ROUNDS = 8;

/** Throws an `ApiError` when a call that the plan depends on fails; inventory and histories may fail without that. */
export async function observe(api: FleetApi, input: ObserveInput): Promise<Observation> {
  const { desired, state, options, scope } = input;
  return look(api, input.now, (observation) =>
    questionsOf({
      desired,
      state,
      observation,
      now: observation.at,
      options: { ...options, ...(scope && { scope }) },
    }),
  );
}

/** What is bound, and nothing else: for where nothing is planned. Throws as `observe` does. */
export async function observeBound(
  api: FleetApi,
  { state, now }: Pick<ObserveInput, 'state' | 'now'>,
): Promise<Observation> {
  const owned = ownedBatches(state);
  return look(api, now, ({ listed, missing, batches, at }) => {
    const known = new Set([...listed, ...missing, ...batches.map(({ id }) => id)]);
    const still = batches.filter((batch) => owned.has(batch.id) && standsStill(batch, at));
    return {
      ...NOTHING,
      batches: new Set([...owned].filter((id) => !known.has(id))),
      tasks: new Map(still.map(({ id }) => [id, 'all'])),
    };
  });
}

/** Nothing of it has ended, and only its tasks tell whether it waits for its time or is paused. */
function standsStill(batch: ObservedBatch, now: number): boolean {
  const isKnown = batch.tasks.length >= batch.taskIds.length;
  return finishedTasks(batch) === 0 && isLive(batchPhase(batch, now)) && !isKnown;
}

/** The three lists, and what `ask` wants to know besides of what has been seen so far. Throws as `observe` does. */
export async function look(
  client: FleetApi,
  now: () => number,
  ask: (observation: Observation) => Asked,
  longest = LONGEST_LOOK,
): Promise<Observation> {
  const api = client.within(longest);
  const [templates, first, tasks] = await Promise.all([
    api.listTemplates(),
    api.listBatches(),
    api.listTasks(),
  ]);
  const listed = await untilItHas(api, first, tasks);
  const ahead = clockAhead(api, now(), newestTime(listed, tasks));
  const looker = new Looker(api, tasks);
  // One answer may lack a row: what the list of tasks tells of counts as well.
  const seen = new Set(listed.map(({ id }) => id));
  const untold = [...new Set(tasks.map(({ batchId }) => batchId))].filter((id) => !seen.has(id));
  let observation: Observation = {
    templates,
    batches: listed.map((batch) => looker.withKnownTasks(batch, templates)),
    listed: listed.map(({ id }) => id),
    batchListFull: isFullList(listed),
    newestListed: newestOf(listed),
    ghosts: [],
    missing: [],
    inventory: { fleets: {}, regions: {}, homes: null, unavailable: null },
    histories: {},
    tasks: 0,
    at: Math.floor(now() + ahead),
    clockAhead: ahead,
  };
  let more: Asked | null = isFullList(listed) ? null : { ...NOTHING, batches: new Set(untold) };
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const asked = ask(observation);
    const next =
      (await looker.look(observation, more === null ? asked : both(asked, more))) ??
      (await looker.contradiction(observation));
    more = null;
    if (next === null) break;
    observation = next;
  }
  const total = observation.batches.reduce((sum, batch) => sum + batch.tasks.length, 0);
  return { ...observation, tasks: total };
}

/** One answer may lack rows. Where the list of tasks tells of batches that it lacks, it is asked for once more. */
async function untilItHas(
  api: FleetApi,
  listed: Listed<Batch>,
  tasks: readonly Task[],
): Promise<Listed<Batch>> {
  const ids = new Set(listed.map(({ id }) => id));
  if (isFullList(listed) || tasks.every(({ batchId }) => ids.has(batchId))) return listed;
  const again = await api.listBatches();
  const both = [...again, ...listed.filter(({ id }) => !again.some((batch) => batch.id === id))];
  return Object.assign(both, { isFull: isFullList(again) || both.length >= LIST_LIMIT });
}

/**
 * By the Date of the answers; where there is none, or it contradicts them, by the newest time in them: that has
 * certainly passed.
 */
function clockAhead(api: FleetApi, now: number, newest: number | null): number {
  const ahead = api.clock()?.ahead ?? 0;
  return newest !== null && newest > now + ahead + NODES_APART ? newest - now : ahead;
}

/** Seconds by which the clocks of two API nodes may differ. */
const NODES_APART = 300;

const NOTHING: Asked = {
  batches: new Set(),
  tasks: new Map(),
  fleets: new Set(),
  regions: new Set(),
  homes: false,
  histories: new Set(),
};

function both(a: Asked, b: Asked): Asked {
  return { ...a, batches: new Set([...a.batches, ...b.batches]) };
}

/** Looks at each thing once; what did not answer is not asked again. */
class Looker {
  private readonly done = new Set<string>();
  private readonly api: FleetApi;
  private readonly known: Map<Id, Task[]>;

  constructor(api: FleetApi, listed: readonly Task[]) {
    this.api = api;
    this.known = groupBy(listed, (task) => task.batchId);
  }

  withKnownTasks(batch: Batch, templates: Observation['templates']): ObservedBatch {
    const tasks = this.known.get(batch.id) ?? [];
    return { ...batch, tasks, templateName: templateNameOf(tasks, templates) };
  }

  /** null: nothing new was asked. */
  async look(before: Observation, asked: Asked): Promise<Observation | null> {
    const isNew = (what: string) => !this.done.has(what) && this.done.add(what) !== undefined;
    const batchIds = [...asked.batches].filter((id) => isNew(`batch ${id}`));
    const tasksOf = [...asked.tasks].filter(([id, look]) => isNew(`tasks ${id} ${look}`));
    const homes = asked.homes && isNew('homes');
    const fleets = [...asked.fleets].filter((id) => isNew(`fleet ${id}`));
    const regions = [...asked.regions].filter((id) => isNew(`region ${id}`));
    const servers = [...asked.histories].filter((id) => isNew(`history ${id}`));
    if (batchIds.length + tasksOf.length + fleets.length + regions.length + servers.length === 0 && !homes) {
      return null;
    }
    const [single, closer, inventory, histories] = await Promise.all([
      Promise.all(batchIds.map(async (id) => ({ id, batch: await found(this.api.getBatch(id)) }))),
      this.closer(before, new Map(tasksOf)),
      lookAtInventory(this.api, before.inventory, { fleets, regions, homes }),
      Promise.all(servers.map(async (id) => [id, await this.history(id)] as const)),
    ]);
    const fresh = single.flatMap(({ batch }) => batch ?? []);
    const missing = [...before.missing, ...single.filter(({ batch }) => batch === null).map(({ id }) => id)];
    return {
      ...before,
      ghosts: this.ghostsOf(missing, before.templates),
      batches: [...closer, ...fresh.map((batch) => this.withKnownTasks(batch, before.templates))],
      missing,
      inventory,
      histories: { ...before.histories, ...Object.fromEntries(histories) },
    };
  }

  /** One answer is no proof: what may be wrong is asked for once more. null: it says the same. */
  async contradiction(before: Observation): Promise<Observation | null> {
    return (await this.missingAgain(before)) ?? (await this.inventoryAgain(before));
  }

  /** Two answers of the inventory that differ: one of them lacks rows, or both do. */
  private async inventoryAgain(before: Observation): Promise<Observation | null> {
    const { inventory } = before;
    const isNew = (kind: 'fleet' | 'region', id: Id) =>
      isTornApart(inventory, kind, id) && !this.done.has(`again ${kind} ${id}`);
    const fleets = Object.keys(inventory.fleets).filter((id) => isNew('fleet', id));
    const regions = Object.keys(inventory.regions).filter((id) => isNew('region', id));
    if (fleets.length + regions.length === 0) return null;
    for (const id of fleets) this.done.add(`again fleet ${id}`);
    for (const id of regions) this.done.add(`again region ${id}`);
    const again = await lookAtInventory(this.api, inventory, { fleets, regions, homes: true });
    return { ...before, inventory: merged(inventory, again) };
  }

  /** What the API did not know. */
  private async missingAgain(before: Observation): Promise<Observation | null> {
    const unsure = before.missing.filter((id) => !this.done.has(`again ${id}`));
    for (const id of unsure) this.done.add(`again ${id}`);
    const answers = await Promise.all(unsure.map((id) => found(this.api.getBatch(id))));
    const known = answers.filter((batch) => batch !== null);
    if (known.length === 0) return null;
    const ids = new Set(known.map(({ id }) => id));
    return {
      ...before,
      batches: [...before.batches, ...known.map((batch) => this.withKnownTasks(batch, before.templates))],
      missing: before.missing.filter((id) => !ids.has(id)),
      ghosts: before.ghosts.filter(({ id }) => !ids.has(id)),
    };
  }

  private tell(task: Task): void {
    const known = this.known.get(task.batchId);
    if (known === undefined) this.known.set(task.batchId, [task]);
    else if (!known.some(({ id }) => id === task.id)) known.push(task);
  }

  /** Nobody knows when they were made: not after the time of their tasks. */
  private ghostsOf(missing: readonly Id[], templates: Observation['templates']): ObservedBatch[] {
    return missing.flatMap((id) => {
      const tasks = this.known.get(id);
      if (tasks === undefined) return [];
      const executeAt = tasks[0]?.executeAt ?? null;
      const count = (phase: Task['phase']) => tasks.filter((task) => task.phase === phase).length;
      const ghost = {
        id,
        createdAt: executeAt,
        executeAt,
        finishedAt: null,
        numTasks: tasks.length,
        numTasksOk: count('done'),
        numTasksFailed: count('failed'),
        numTasksCancelled: count('cancelled'),
        taskIds: tasks.map((task) => task.id),
        tasks,
        templateName: templateNameOf(tasks, templates),
      };
      return [ghost];
    });
  }

  /** The listed tasks alone would be a lopsided sample: they are the last ones of the batch. */
  private closer(
    { batches, templates }: Observation,
    looks: ReadonlyMap<Id, 'sample' | 'all'>,
  ): Promise<ObservedBatch[]> {
    return Promise.all(
      batches.map(async (batch) => {
        const look = looks.get(batch.id);
        if (look === undefined) return batch;
        const known = batch.tasks.filter((task) => look === 'sample' || !isShownTooOld(task, batch));
        const byId = new Map(known.map((task) => [task.id, task]));
        const ids = look === 'all' ? batch.taskIds : spacedOut(batch.taskIds, SAMPLE);
        const read = await Promise.all(
          ids.map(async (id) => byId.get(id) ?? (await found(this.api.getTask(id)))),
        );
        const tasks = read.filter((task) => task !== null);
        return { ...batch, tasks, templateName: templateNameOf(tasks, templates) };
      }),
    );
  }

  private async history(server: Id): Promise<ServerHistory | null> {
    const history = await readHistory(this.api, server);
    for (const task of history?.tasks ?? []) this.tell(task);
    return history;
  }
}
