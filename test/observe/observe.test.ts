import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredBatch } from '../../src/model/desired.ts';
import type { Home, TaskPhase } from '../../src/model/observed.ts';
import type { PlanScope } from '../../src/model/plan.ts';
import type { State, StateEntry } from '../../src/model/state.ts';
import { observe, observeBound } from '../../src/observe/observe.ts';
import {
  COLLECT,
  desired,
  desiredBatch,
  EU,
  EU_SERVERS,
  entry,
  foreignCrowd,
  INVENTORY,
  intent,
  NOW,
  observedBatch,
  server,
  servers,
  spec,
  specOf,
  state,
  targets,
} from '../support/builders.ts';
import { apiError, type FakeWorld, fakeApi } from './fake-api.ts';

const it = suite('observe');
const LISTS = ['listBatches', 'listTasks', 'listTemplates'];

async function look(
  world: FakeWorld,
  batches: readonly DesiredBatch[],
  record: State | null = null,
  claims: string[] = [],
  scope: Partial<PlanScope> = {},
) {
  const api = fakeApi(world);
  const observation = await observe(api, {
    desired: desired(batches, { claims: { templates: claims.map((name) => ({ name })) } }),
    state: record,
    now: () => NOW,
    scope,
  });
  return { observation, calls: api.calls().filter((call) => !LISTS.includes(call)), all: api.calls() };
}

const ofTasks = (id: string, ...numbers: number[]) =>
  numbers.map((n) => `getTask ${id}${String(n).padStart(3, '0')}`);

it('nothing wanted, nothing known: three lists', async () => {
  const { observation, all } = await look({ batches: [observedBatch('41')] }, []);
  assert.equal(all, LISTS);
  assert.is(observation.batches.length, 1);
  assert.is(observation.batches[0]?.templateName, null);
  assert.equal(observation.inventory, { fleets: {}, regions: {}, homes: null, unavailable: null });
});

it('the lists are asked for while the state is still being read; what fails there is told first', async () => {
  const api = fakeApi({ failing: { listTasks: apiError('api.server') } });
  let fail: (error: Error) => void = () => {};
  const reading = new Promise<State | null>((_, reject) => {
    fail = reject;
  });
  const looking = observe(api, { desired: desired([]), state: reading, now: () => NOW });
  assert.equal(api.calls(), LISTS);
  fail(new Error('no state'));
  const message = await looking.then(
    () => '',
    (error: Error) => error.message,
  );
  assert.is(message, 'no state');
});

it('a state that tells of more than the lists, which were read at the same time, has them read again', async () => {
  const counted = async (record: State, isMeanwhile = true) => {
    const api = fakeApi({ batches: [observedBatch('41', { createdAt: NOW - 600 })] });
    await observe(api, {
      desired: desired([]),
      state: isMeanwhile ? Promise.resolve(record) : record,
      now: () => NOW,
    });
    return api.calls().filter((call) => call === 'listBatches').length;
  };
  const bound = (id: string, createdAt: number) =>
    state({ a: { ...entry([id]), stamps: { [id]: { createdAt, executeAt: null, taskId: null } } } });
  const inDoubt = { ...state({}), intents: [intent('a', spec(), { sentAt: NOW })] };
  assert.is(await counted(inDoubt), 2, 'an apply may be at work');
  assert.is(await counted(inDoubt, false), 1, 'the state was read before');
  assert.is(await counted(bound('42', NOW - 599)), 2, 'bound, and newer than all that is listed');
  assert.is(await counted(bound('40', NOW - 600)), 1, 'it has left the list');
  assert.is(await counted(bound('41', NOW - 600)), 1);
});

it('what is bound and well costs no call of its own', async () => {
  const { calls } = await look(
    { batches: [observedBatch('41')] },
    [desiredBatch('a')],
    state({ a: entry(['41']) }),
  );
  assert.equal(calls, []);
});

it('a candidate: its tasks, and the game servers of the target', async () => {
  const { observation, calls } = await look({ batches: [observedBatch('41')] }, [desiredBatch('a')]);
  assert.equal(calls, [...ofTasks('41', 0, 1, 2, 3), 'listInstances', `listInstances fleet ${EU}`]);
  assert.is(observation.batches[0]?.templateName, 'Restart game server');
  assert.is(observation.tasks, 4);
  assert.equal(observation.inventory.fleets[EU], EU_SERVERS);
});

it('a listed task that is shown as it was before its batch was over is read again', async () => {
  const over = { executeAt: NOW - 60, numTasksCancelled: 4 };
  const due = desiredBatch('a', { executeAt: NOW - 60 });
  const read = async (phases: TaskPhase) => {
    const batch = observedBatch('41', { ...over, phases });
    const record = state({ a: entry(['41'], specOf(due)) });
    const { calls } = await look({ batches: [batch], tasksListed: 4 }, [due], record);
    return calls.filter((call) => call.startsWith('getTask'));
  };
  assert.equal(await read('pending'), ofTasks('41', 0, 1, 2, 3));
  assert.equal(await read('cancelled'), []);
});

it('two answers of the inventory that differ are each asked for once more', async () => {
  const asked = async (homes: ReadonlyMap<string, Home>) => {
    const inventory = { ...INVENTORY, homes };
    const { calls, observation } = await look({ batches: [observedBatch('41')], inventory }, [
      desiredBatch('a'),
    ]);
    return {
      times: calls.filter((call) => call.startsWith('listInstances')).length,
      known: observation.inventory.fleets[EU]?.length,
    };
  };
  const home = { fleetId: EU, regionId: '1' };
  const all = EU_SERVERS.map((id) => [id, home] as const);
  assert.equal(await asked(new Map(all)), { times: 2, known: 4 });
  assert.equal(await asked(new Map(all.slice(1))), { times: 4, known: 4 });
  assert.equal(await asked(new Map([...all, [server(9), home]])), { times: 4, known: 4 });
  const away = { fleetId: '9', regionId: '1' };
  assert.equal(await asked(new Map([...all.slice(1), [server(9), home], [EU_SERVERS[0]!, away]])), {
    times: 4,
    known: 4,
  });
});

it('tasks that the list shows are not read again', async () => {
  const some = await look({ batches: [observedBatch('41')], tasksListed: 2 }, [desiredBatch('a')]);
  assert.equal(
    some.calls.filter((call) => call.startsWith('getTask')),
    ofTasks('41', 0, 1),
  );
  assert.is(some.observation.batches[0]?.tasks.length, 4);
  const all = await look({ batches: [observedBatch('41')], tasksListed: 4 }, [desiredBatch('a')]);
  assert.not(all.calls.some((call) => call.startsWith('getTask')));
  assert.ok(all.calls.includes(`listInstances fleet ${EU}`));
});

it('listed tasks tell a template also where nobody looks closer', async () => {
  const { observation, calls } = await look({ batches: [observedBatch('41')], tasksListed: 1 }, []);
  assert.equal(calls, []);
  assert.is(observation.batches[0]?.templateName, 'Restart game server');
  assert.is(observation.tasks, 1);
});

it('a large batch is sampled all over, whatever end of it the list shows', async () => {
  const large = observedBatch('41', { on: servers(1, 240) });
  const { observation } = await look({ batches: [large], tasksListed: 5 }, [desiredBatch('a')]);
  const numbers = observation.batches[0]!.tasks.map((task) => large.taskIds.indexOf(task.id));
  assert.equal(
    numbers,
    Array.from({ length: 24 }, (_, i) => i * 10),
  );
});

it('what is to be cancelled while it runs is read to the last task', async () => {
  const large = observedBatch('41', { on: servers(1, 40), executeAt: NOW - 60 });
  const { observation, calls } = await look(
    { batches: [large] },
    [],
    state({ a: entry(['41'], spec({ executeAt: NOW - 60 })) }),
  );
  assert.is(calls.filter((call) => call.startsWith('getTask')).length, 40);
  assert.is(observation.batches[0]?.tasks.length, 40);
});

it('a task that is gone is passed over; a batch whose tasks disagree has no template', async () => {
  const mixed = {
    ...observedBatch('41'),
    tasks: observedBatch('41').tasks.map((one, i) => (i === 0 ? { ...one, name: COLLECT.name } : one)),
  };
  const { observation } = await look({ batches: [mixed] }, [desiredBatch('a')]);
  assert.is(observation.batches[0]?.templateName, null);
  const lost = await look({ batches: [mixed], lostTasks: ['41000'] }, [desiredBatch('a')]);
  assert.is(lost.observation.batches[0]?.templateName, 'Restart game server');
  assert.is(lost.observation.batches[0]?.tasks.length, 3);
});

it('bound batches out of the list are asked for; 404 makes them missing', async () => {
  const world = { batches: [...foreignCrowd(100), observedBatch('41', { phases: 'done' })] };
  const record = state({ a: entry(['41']), b: entry(['77'], spec({ executeAt: NOW - 9000 })) });
  const { observation, calls } = await look(world, [desiredBatch('a')], record);
  assert.equal(
    calls.filter((call) => call.startsWith('getBatch')),
    ['getBatch 41', 'getBatch 77', 'getBatch 77'],
    'one 404 is no proof',
  );
  assert.equal(observation.missing, ['77']);
  assert.is(observation.batches.length, 101);
  assert.is(observation.batchListFull, true);
});

it('what is bound and stands still is read to its tasks: they tell whether it is paused', async () => {
  const api = fakeApi({
    batches: [
      observedBatch('41', { phases: 'paused', executeAt: NOW + 60 }),
      observedBatch('42', { phases: 'paused', executeAt: NOW - 60 }),
      observedBatch('43', { phases: ['done', 'running', 'running', 'running'], executeAt: NOW - 60 }),
      observedBatch('44', { phases: 'done' }),
      observedBatch('50', { phases: 'paused' }),
    ],
  });
  const record = state({
    a: entry(['41']),
    b: entry(['42']),
    c: entry(['43']),
    d: entry(['44']),
  });
  const { batches } = await observeBound(api, { state: record, now: () => NOW });
  assert.equal(
    batches.map(({ id, tasks }) => [id, tasks.filter(({ phase }) => phase === 'paused').length]),
    [
      ['41', 4],
      ['42', 4],
      ['43', 0],
      ['44', 0],
      ['50', 0],
    ],
  );
  assert.equal(
    api.calls().filter((call) => call.startsWith('getTask')),
    [...ofTasks('41', 0, 1, 2, 3), ...ofTasks('42', 0, 1, 2, 3)],
  );
});

it('99 in the list are not a full list', async () => {
  assert.is((await look({ batches: foreignCrowd(99) }, [])).observation.batchListFull, false);
});

it('each fleet and region is asked for once', async () => {
  const union = desiredBatch('b', { targets: targets({ fleets: [EU], regions: ['42'] }) });
  const { calls } = await look({}, [desiredBatch('a'), union]);
  assert.equal(calls, [`listInstances fleet ${EU}`, 'listInstances region 42']);
});

it('an inventory that does not answer is a reason, once; what did answer is kept', async () => {
  const failing = { 'listInstances fleet': apiError('api.unauthorized', 'not for this key') };
  const union = (address: string, fleet: string) =>
    desiredBatch(address, { targets: targets({ fleets: [fleet], regions: ['42'] }) });
  const { observation } = await look({ failing }, [union('a', EU), union('b', '7')]);
  assert.is(observation.inventory.unavailable, 'not for this key');
  assert.equal(observation.inventory.fleets, {});
  assert.equal(Object.keys(observation.inventory.regions), ['42']);
});

it('everything else that fails is an error', async () => {
  const record = state({ a: entry(['77']) });
  for (const name of ['listTemplates', 'listBatches', 'listTasks', 'getBatch', 'getTask']) {
    const world = { batches: [observedBatch('41')], failing: { [name]: apiError('api.server') } };
    const error = await look(world, [desiredBatch('b')], record).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    assert.is((error as { code?: string } | null)?.code, 'api.server', name);
  }
  const bug = await look({ failing: { listInstances: new TypeError('bug') } }, [desiredBatch('a')]).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.instance(bug, TypeError);
});

it('claims: the live ones that nobody owns are read to tell their template', async () => {
  const batches = [
    observedBatch('41', { executeAt: NOW + 9 }),
    observedBatch('42', { phases: 'done' }),
    observedBatch('43', { executeAt: NOW + 9 }),
  ];
  const bound = entry(['43'], spec({ executeAt: NOW + 9 }));
  const stamps = { '43': { createdAt: NOW - 600, executeAt: NOW + 9, taskId: '43000' } };
  const { calls } = await look({ batches }, [], state({ a: { ...bound, stamps } }), ['Restart game server']);
  assert.equal(
    calls.filter((call) => call.startsWith('getTask')),
    [...ofTasks('41', 0, 1, 2, 3), ...ofTasks('43', 0)],
    'and of what is to be cancelled one task, which tells the template',
  );
});

it('what is recorded as over is not read again; what is not for certain, or is to be replaced, is', async () => {
  const ended = (id: string, fields: Partial<StateEntry> = { over: true }) => ({
    ...entry([id], spec({ executeAt: NOW - 9 })),
    phase: 'done',
    ...fields,
  });
  const record = state({
    a: ended('41'),
    b: ended('42', {}),
    c: ended('43', { over: true, replacing: true }),
    d: ended('44'),
    e: ended('60'),
  });
  const read = async (scope: Partial<PlanScope>, batches = [observedBatch('60')]) => {
    const { calls } = await look({ batches }, [desiredBatch('h')], record, [], scope);
    return [...new Set(calls.filter((call) => call.startsWith('getBatch')))];
  };
  assert.equal(await read({}), ['getBatch 42', 'getBatch 43']);
  assert.equal(await read({ replaces: ['d'] }), ['getBatch 42', 'getBatch 43', 'getBatch 44']);
  const witnesses = ['getBatch 41', 'getBatch 42', 'getBatch 43', 'getBatch 44'];
  assert.equal((await read({}, [])).sort(), witnesses, 'nothing else tells whether it is the right account');
});

it.run();
