/** Two accounts that number alike, and the same one twice: what may be taken for the other, and what not. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ApiError } from '../../src/api/errors.ts';
import type { FleetApi } from '../../src/api/port.ts';
import { compareAccounts, compareRecord } from '../../src/apply/same-account.ts';
import type { Batch, Task } from '../../src/model/observed.ts';
import { emptyState } from '../../src/model/recorded.ts';
import type { State, StateEntry } from '../../src/model/state.ts';

const it = suite('same account');
const NOW = 2_000_000_000;
const SERVERS = ['100', '101', '102'];

interface Account {
  readonly batches: Batch[];
  readonly tasks: Task[];
}

/** `count` batches of three tasks, each made at a moment of its own. */
function account(count = 3): Account {
  const batches: Batch[] = [];
  const tasks: Task[] = [];
  for (let i = 1; i <= count; i += 1) {
    const own = SERVERS.map((entityId, k) => taskOf(`${i}0${k}`, String(i), entityId));
    tasks.push(...own);
    batches.push({
      id: String(i),
      createdAt: NOW - 1000 + i * 7,
      executeAt: NOW + 5000 + i,
      finishedAt: null,
      numTasks: own.length,
      numTasksOk: 0,
      numTasksFailed: 0,
      numTasksCancelled: 0,
      taskIds: own.map(({ id }) => id),
    });
  }
  return { batches, tasks };
}

function taskOf(id: string, batchId: string, entityId: string): Task {
  return { id, batchId, entityId, name: 'Restart', phase: 'pending', resultText: '' } as Task;
}

function apiOf({ batches, tasks }: Account): FleetApi {
  const known = async <T extends { id: string }>(all: readonly T[], id: string) => {
    const one = all.find((each) => each.id === id);
    if (one !== undefined) return one;
    throw new ApiError({
      code: 'api.not-found',
      message: 'no',
      endpoint: 'GET',
      status: 404,
      outcome: 'none',
    } as never);
  };
  return {
    parallelism: 4,
    listBatches: async () => batches.slice(-100),
    getBatch: (id: string) => known(batches, id),
    getTask: (id: string) => known(tasks, id),
  } as Partial<FleetApi> as FleetApi;
}

function stateOf({ batches }: Account, parts: Partial<StateEntry> = {}, instances: string[] = []): State {
  const entries = batches.map(({ id, createdAt, executeAt, taskIds }) => {
    const spec = {
      template: { id: '7', name: 'Restart' },
      fleets: instances.length > 0 ? [] : ['1'],
      regions: [],
    };
    const entry: StateEntry = {
      batchIds: [id],
      spec: { ...spec, instances, labels: [], executeAt, params: [], revision: null },
      digest: 'd',
      createdAt: createdAt!,
      phase: 'scheduled',
      preventCancel: false,
      stamps: { [id]: { taskId: taskIds[0]!, createdAt, executeAt } },
      ...parts,
    };
    return [`b${id}`, entry] as const;
  });
  return {
    ...emptyState({ lineage: 'l', name: 'x', api: 'https://a' }),
    entries: Object.fromEntries(entries),
  };
}

const FOREIGN: Readonly<Record<string, (at: Account) => Account>> = {
  'its game servers': ({ batches, tasks }) => ({
    batches,
    tasks: tasks.map((one) => (one.id === '8001' || one.id === '201' ? { ...one, entityId: '999' } : one)),
  }),
  'its template': ({ batches, tasks }) => ({
    batches,
    tasks: tasks.map((one) => ({ ...one, name: 'Deploy' })),
  }),
  'its time of creation': ({ batches, tasks }) => ({
    batches: batches.map((one) => (one.id === '2' ? { ...one, createdAt: one.createdAt! + 1 } : one)),
    tasks,
  }),
  'its time': ({ batches, tasks }) => ({
    batches: batches.map((one) => (one.id === '2' ? { ...one, executeAt: one.executeAt! + 1 } : one)),
    tasks,
  }),
  'its tasks': ({ batches, tasks }) => ({
    batches: batches.map((one) =>
      one.id === '2' ? { ...one, taskIds: one.taskIds.slice(1), numTasks: 2 } : one,
    ),
    tasks,
  }),
  'the batch, which is not known there': ({ batches, tasks }) => ({
    batches: batches.filter(({ id }) => id !== '2'),
    tasks,
  }),
};

for (const [what, change] of Object.entries(FOREIGN)) {
  it(`of 40 alike, one differs in ${what}: it is found, wherever it is`, async () => {
    const here = account(40);
    const compared = await compareAccounts(stateOf(here), apiOf(here), apiOf(change(account(40))));
    const found = compared!.others.find(({ id }) => id === '2');
    assert.is(found?.what, what);
  });
}

it('the same account is the same, also where a batch has got tasks, or has ended, in between', async () => {
  const here = account();
  const there = account();
  there.batches[0] = { ...there.batches[0]!, numTasks: 4, taskIds: [...there.batches[0]!.taskIds, '900'] };
  there.batches[1] = { ...there.batches[1]!, numTasksOk: 3, finishedAt: NOW };
  const compared = await compareAccounts(stateOf(here), apiOf(here), apiOf(there));
  assert.equal(compared, { same: ['1', '2', '3'], others: [], unknown: [] });
});

it('what nobody bound tells as well: a batch that only one of them has', async () => {
  const here = account(2);
  for (const [from, to] of [
    [account(3), account(2)],
    [account(2), account(3)],
  ] as const) {
    const compared = await compareAccounts(stateOf(here), apiOf(from), apiOf(to));
    assert.equal(
      compared!.others.map(({ id }) => id),
      ['3'],
    );
  }
});

it('an old URL that shows nothing any more tells nothing', async () => {
  const here = account();
  assert.is(await compareAccounts(stateOf(here), apiOf(account(0)), apiOf(here)), null);
});

it('by the record alone, all that is bound has to agree to the second', async () => {
  const here = account(40);
  const same = await compareRecord(stateOf(here), apiOf(here), NOW);
  assert.is(same.same.length, 40);
  for (const what of ['its time of creation', 'the batch, which is not known there']) {
    const compared = await compareRecord(stateOf(here), apiOf(FOREIGN[what]!(account(40))), NOW);
    assert.equal(compared.others, [{ id: '2', what }]);
  }
});

it('by the record alone, game servers that it names one by one have to be those', async () => {
  const here = account();
  const there = apiOf(FOREIGN['its game servers']!(account()));
  assert.equal((await compareRecord(stateOf(here, {}, SERVERS), there, NOW)).others, [
    { id: '2', what: 'its game servers' },
  ]);
  const older = stateOf(here, { stamps: undefined } as never, SERVERS);
  assert.equal(await compareRecord(older, there, NOW), {
    same: [],
    others: [{ id: '2', what: 'its game servers' }],
    unknown: ['1', '3'],
  });
  assert.equal((await compareRecord(stateOf(here), there, NOW)).others, []);
});

it('what an older fleetform bound, and what is over and gone, cannot be told', async () => {
  const here = account(1);
  assert.equal(
    (await compareRecord(stateOf(here, { stamps: undefined } as never), apiOf(here), NOW)).unknown,
    ['1'],
  );
  const over = stateOf(here, { over: true });
  assert.equal((await compareRecord(over, apiOf(account(0)), NOW)).unknown, ['1']);
});

it.run();
