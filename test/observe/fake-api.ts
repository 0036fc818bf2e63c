/** A `FleetApi` that answers from plain lists, writes down what it was asked, and refuses to write. */
import { ApiError } from '../../src/api/errors.ts';
import type { FleetApi } from '../../src/api/port.ts';
import type { Id } from '../../src/model/ids.ts';
import { type Inventory, LIST_LIMIT, type ObservedBatch, type Task } from '../../src/model/observed.ts';
import { INVENTORY, TEMPLATES } from '../support/builders.ts';

export interface FakeWorld {
  /** In the list's order; what comes after the first 100 is only found by its id. */
  readonly batches?: readonly ObservedBatch[];
  /** How many of all tasks the list shows, the last ones. */
  readonly tasksListed?: number;
  /** Only found by their id. */
  readonly unlisted?: readonly Id[];
  readonly lostTasks?: readonly Id[];
  readonly inventory?: Inventory;
  /** The start of a call's name → what it throws. */
  readonly failing?: Readonly<Record<string, unknown>>;
}

export interface FakeApi extends FleetApi {
  /** `listBatches`, `getTask 41000`, …, sorted. */
  calls(): string[];
}

export function apiError(code: string, message = code): ApiError {
  return new ApiError({ code, message, endpoint: 'GET /v3/x', status: 404, outcome: 'none' });
}

function instancesCall({
  fleetId,
  regionId,
}: {
  fleetId?: Id | undefined;
  regionId?: Id | undefined;
}): string {
  if (fleetId !== undefined) return `listInstances fleet ${fleetId}`;
  return regionId === undefined ? 'listInstances' : `listInstances region ${regionId}`;
}

function homesIn({ fleets, regions }: Inventory) {
  const homes = new Map<Id, { id: Id; fleetId: Id | null; regionId: Id | null }>();
  const home = (id: Id) => homes.get(id) ?? { id, fleetId: null, regionId: null };
  for (const [fleetId, ids] of Object.entries(fleets))
    for (const id of ids) homes.set(id, { ...home(id), fleetId });
  for (const [regionId, ids] of Object.entries(regions))
    for (const id of ids) homes.set(id, { ...home(id), regionId });
  return [...homes.values()];
}

export function fakeApi(world: FakeWorld = {}): FakeApi {
  const asked: string[] = [];
  const batches = world.batches ?? [];
  const tasks = batches.flatMap((batch) => batch.tasks).filter((task) => !world.lostTasks?.includes(task.id));
  const inventory = world.inventory ?? INVENTORY;
  const answer = async <T>(call: string, value: () => T): Promise<T> => {
    asked.push(call);
    for (const [name, error] of Object.entries(world.failing ?? {})) if (call.startsWith(name)) throw error;
    return value();
  };
  const found = <T extends { readonly id: Id }>(all: readonly T[], id: Id): T => {
    const one = all.find((other) => other.id === id);
    if (one === undefined) throw apiError('api.not-found');
    return one;
  };
  const plain = ({ tasks: _, templateName: __, ...batch }: ObservedBatch) => batch;
  const write = () => Promise.reject(new Error('observing writes nothing'));
  const api: FakeApi = {
    parallelism: 10,
    origin: 'https://api.i3d.net',
    calls: () => [...asked].sort(),
    listTemplates: () => answer('listTemplates', () => [...TEMPLATES]),
    listBatches: () =>
      answer('listBatches', () =>
        batches
          .filter(({ id }) => !world.unlisted?.includes(id))
          .slice(0, LIST_LIMIT)
          .map(plain),
      ),
    listTasks: () => answer('listTasks', () => tasks.slice(tasks.length - (world.tasksListed ?? 0))),
    listServerTasks: (id) =>
      answer(`listServerTasks ${id}`, () => tasks.filter((task) => task.entityId === id)),
    getBatch: (id) => answer(`getBatch ${id}`, () => plain(found(batches, id))),
    getTask: (id) => answer(`getTask ${id}`, (): Task => found(tasks, id)),
    listInstances: ({ fleetId, regionId }) =>
      answer(instancesCall({ fleetId, regionId }), () => {
        if (fleetId === undefined && regionId === undefined) {
          return inventory.homes === null
            ? homesIn(inventory)
            : [...inventory.homes].map(([id, home]) => ({ id, ...home }));
        }
        const ids = fleetId === undefined ? inventory.regions[regionId!] : inventory.fleets[fleetId];
        return (ids ?? []).map((id) => ({ id, fleetId: fleetId ?? null, regionId: regionId ?? null }));
      }),
    listFleets: () => answer('listFleets', () => []),
    clock: () => null,
    createBatch: write,
    toggleTask: write,
    cancelTask: write,
    within: () => api,
    stoppedBy: () => api,
  };
  return api;
}
