/**
 * What is asked besides the lists → an observation that knows it. Each thing is asked once, and what may be wrong once
 * more.
 *
 * Invariant: of each kind (batches, tasks, fleets, regions, histories) no more reads are begun than `mapInFlight`
 * allows, however much is asked; the kinds are read at the same time.
 */
import type { FleetApi } from '../api/port.ts';
import { templateNameOf } from '../api/task-name.ts';
import { isShownTooOld } from '../model/batch-phase.ts';
import { groupBy } from '../model/group.ts';
import type { Id } from '../model/ids.ts';
import type { Batch, Observation, ObservedBatch, ServerHistory, Task } from '../model/observed.ts';
import { withUnnamed } from '../model/shown.ts';
import { type Asked, TASKS_OF, type TaskLook } from '../plan/world/asked.ts';
import { spacedOut } from '../plan/world/target-servers.ts';
import { found } from './found.ts';
import { readHistory } from './history.ts';
import { isTornApart, lookAtInventory, merged } from './inventory.ts';
import { mapInFlight } from './map-in-flight.ts';

/** Looks at each thing once; what did not answer is not asked again. */
export class Looker {
  private readonly done = new Set<string>();
  private readonly api: FleetApi;
  private readonly known: Map<Id, Task[]>;

  constructor(api: FleetApi, listed: readonly Task[]) {
    this.api = api;
    this.known = groupBy(listed, (task) => task.batchId);
  }

  withKnownTasks(batch: Batch, templates: Observation['templates']): ObservedBatch {
    const tasks = this.known.get(batch.id) ?? [];
    return withUnnamed({ ...batch, tasks, templateName: templateNameOf(tasks, templates) }, tasks);
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
      mapInFlight(this.api, batchIds, async (id) => ({ id, batch: await found(this.api.getBatch(id)) })),
      this.closer(before, new Map(tasksOf)),
      lookAtInventory(this.api, before.inventory, { fleets, regions, homes }),
      mapInFlight(this.api, servers, async (id) => [id, await this.history(id)] as const),
    ]);
    const fresh = single.flatMap(({ batch }) => batch ?? []);
    const missing = [...before.missing, ...single.filter(({ batch }) => batch === null).map(({ id }) => id)];
    return {
      ...before,
      ghosts: this.ghostsOf(missing, before.templates),
      batches: [
        // Tasks that a history or a list has shown since are its own as well, whether it names them or not.
        ...closer.map((batch) => withUnnamed(batch, this.known.get(batch.id) ?? [])),
        ...fresh.map((batch) => this.withKnownTasks(batch, before.templates)),
      ],
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
    const answers = await mapInFlight(this.api, unsure, (id) => found(this.api.getBatch(id)));
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
  private async closer(
    { batches, templates }: Observation,
    looks: ReadonlyMap<Id, TaskLook>,
  ): Promise<readonly ObservedBatch[]> {
    if (looks.size === 0) return batches;
    const wanted = new Map<Id, readonly Id[]>();
    const byId = new Map<Id, Task>();
    for (const batch of batches) {
      const look = looks.get(batch.id);
      if (look === undefined) continue;
      wanted.set(batch.id, spacedOut(batch.taskIds, TASKS_OF[look]));
      for (const task of batch.tasks)
        if (look !== 'all' || !isShownTooOld(task, batch)) byId.set(task.id, task);
    }
    const unknown = [...wanted.values()].flatMap((ids) => ids.filter((id) => !byId.has(id)));
    for (const task of await mapInFlight(this.api, unknown, (id) => found(this.api.getTask(id))))
      if (task !== null) byId.set(task.id, task);
    return batches.map((batch) => {
      const tasks = wanted.get(batch.id)?.flatMap((id) => byId.get(id) ?? []);
      return tasks === undefined
        ? batch
        : { ...batch, tasks, templateName: templateNameOf(tasks, templates) };
    });
  }

  private async history(server: Id): Promise<ServerHistory | null> {
    const history = await readHistory(this.api, server);
    for (const task of history?.tasks ?? []) this.tell(task);
    return history;
  }
}
