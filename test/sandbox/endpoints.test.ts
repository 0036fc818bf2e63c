import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readTemplates } from '../../src/api/answers.ts';
import { DEMO_WORLD } from '../../src/sandbox/world.ts';
import { createSandbox, type MemoryOptions } from '../support/sandbox/memory.ts';
import {
  BATCHES,
  EU,
  exact,
  FLEETS,
  first,
  INSTANCES,
  request,
  rows,
  STAGING,
  TASKS,
  TEMPLATES,
  US,
} from './calls.ts';

const it = suite('sandbox endpoints');

const NOW = 1_800_000_000;
const restartStaging = { taskTemplateId: '7', fleetId: STAGING };

function make(options: MemoryOptions = {}) {
  const sandbox = createSandbox(options);
  const call = (...args: Parameters<typeof request>) => sandbox.handle(request(...args));
  return { sandbox, call };
}

it('lists templates with their actions', () => {
  const answer = make().call('GET', TEMPLATES);
  assert.is(answer.status, 200);
  assert.is(answer.headers['content-type'], 'application/json');
  assert.equal(rows(answer)[1], {
    id: 8,
    name: 'Deploy build',
    description: 'Stops the game server, installs a build and starts it.',
    actions: [
      { idx: 0, actionType: 2, requiredParams: [] },
      { idx: 1, actionType: 5, requiredParams: ['buildId'] },
      { idx: 2, actionType: 1, requiredParams: [] },
    ],
  });
});

it('writes required parameters as an object, too, and an empty one as PHP does', () => {
  const { call, sandbox } = make({ requiredParams: 'object' });
  const params = rows(call('GET', TEMPLATES)).map(({ actions }) =>
    (actions as { requiredParams: unknown }[]).map(({ requiredParams }) => requiredParams),
  );
  assert.equal(params, [
    [[], []],
    [[], { buildId: 'What buildId is.' }, []],
    [[]],
    [{ key: 'What key is.', value: 'What value is.' }],
  ]);
  assert.equal(readTemplates(call('GET', TEMPLATES).body), readTemplates(make().call('GET', TEMPLATES).body));
  assert.is(call('POST', TASKS, { taskTemplateId: '8', fleetId: STAGING }).status, 422);
  assert.is(sandbox.batches().length, 0);
});

it('makes one task per game server, and shows batch and task by id', () => {
  const { call, sandbox } = make();
  const batch = first(call('POST', TASKS, { ...restartStaging, executeAt: NOW + 60 }));
  assert.equal(batch, {
    id: 4001,
    createdAt: NOW,
    executeAt: NOW + 60,
    finishedAt: 0,
    numTasks: 6,
    numTasksOk: 0,
    numTasksFailed: 0,
    numTasksCancelled: 0,
    taskIds: [50_001, 50_002, 50_003, 50_004, 50_005, 50_006],
  });
  assert.equal(first(call('GET', `${BATCHES}/4001`)), batch);
  const task = first(call('GET', `${TASKS}/50001`));
  assert.equal(
    { ...task, entityId: 0 },
    {
      id: 50_001,
      name: 'Restart game server',
      batchId: 4001,
      categoryId: 1,
      entityId: 0,
      currentActionIdx: 0,
      executeAt: NOW + 60,
      lastActivityAt: 0,
      finishedAt: 0,
      resultCode: 0,
      resultText: '',
    },
  );
  const staging = DEMO_WORLD.servers.filter((server) => server.fleetId === STAGING);
  assert.equal(
    sandbox.batches()[0]?.tasks.map((one) => one.entityId),
    staging.map((server) => server.id),
  );
});

it('writes 19-digit game servers as bare integers, to the last digit', () => {
  const { call } = make();
  const id = DEMO_WORLD.servers[0]!.id;
  assert.ok(BigInt(id) > BigInt(Number.MAX_SAFE_INTEGER) && String(Number(id)) !== id);
  call('POST', TASKS, { taskTemplateId: '7', applicationInstanceIds: [id] });
  const answer = call('GET', `${TASKS}/50001`);
  assert.match(answer.body, `"entityId":${id},`);
  assert.is((exact(answer) as { entityId: string }[])[0]!.entityId, id);
});

it('writes ids of the inventory as strings', () => {
  const { call } = make();
  assert.equal(
    first(call('GET', INSTANCES)),
    DEMO_WORLD.servers.map(({ labels: _, ...server }) => server)[0],
  );
  assert.equal(rows(call('GET', FLEETS)), [
    { id: EU, name: 'eu-live' },
    { id: US, name: 'us-live' },
    { id: STAGING, name: 'staging' },
  ]);
});

it('adds up the targets: a union, each game server once', () => {
  const { call } = make();
  const inUnion = DEMO_WORLD.servers.filter(
    (server) => server.fleetId === STAGING || server.regionId === '42',
  );
  const body = {
    ...restartStaging,
    regionId: '42',
    applicationInstanceIds: [inUnion[0]!.id, inUnion[0]!.id],
  };
  assert.is(first(call('POST', TASKS, body)).numTasks, inUnion.length);
  const labels = [{ key: 'stage', value: 'staging' }];
  assert.is(first(call('POST', TASKS, { taskTemplateId: '7', labels })).numTasks, 6);
});

it('answers objects bare, times null or absent, and more fields than known, when asked to', () => {
  const bare = make({ shape: 'object', notYet: 'null' });
  const batch = JSON.parse(bare.call('POST', TASKS, { ...restartStaging, executeAt: NOW + 9 }).body);
  assert.is(batch.finishedAt, null);
  assert.ok(Array.isArray(JSON.parse(bare.call('GET', TASKS).body)));
  const other = make({ notYet: 'absent', extraFields: true });
  other.call('POST', TASKS, { ...restartStaging, executeAt: NOW + 9 });
  for (const path of [TASKS, BATCHES, TEMPLATES, INSTANCES, FLEETS]) {
    const found = first(other.call('GET', path));
    assert.ok('futureField' in found, path);
    assert.not('finishedAt' in found, path);
  }
});

it('cancels with the task or with 204 and nothing', () => {
  const withTask = make();
  withTask.call('POST', TASKS, { ...restartStaging, executeAt: NOW + 60 });
  assert.is(first(withTask.call('DELETE', `${TASKS}/50002`)).resultCode, 125);
  const empty = make({ deleteAnswer: 'empty' });
  empty.call('POST', TASKS, { ...restartStaging, executeAt: NOW + 60 });
  const answer = empty.call('DELETE', `${TASKS}/50002`);
  const date = new Date(NOW * 1000).toUTCString();
  assert.equal(answer, { status: 204, headers: { 'x-sandbox-time': String(NOW), date }, body: '' });
  assert.is(first(empty.call('GET', `${TASKS}/50002`)).resultCode, 125);
  assert.is(first(empty.call('GET', `${BATCHES}/4001`)).numTasksCancelled, 1);
});

it('asks for the key first', () => {
  const { call } = make();
  for (const headers of [{}, { 'private-token': '' }]) {
    const answer = call('POST', TASKS, restartStaging, headers);
    assert.is(answer.status, 401);
    assert.equal(Object.keys(JSON.parse(answer.body)), ['errorCode', 'errorMessage', 'errors']);
  }
  assert.is(call('GET', TASKS, undefined, { 'Private-TOKEN': 'x' }).status, 200);
  const strict = make({ token: 'secret' });
  assert.is(strict.call('GET', TASKS).status, 401);
  assert.is(strict.call('GET', TASKS, undefined, { 'PRIVATE-TOKEN': 'secret' }).status, 200);
});

it('knows neither other paths, nor other ids, nor other methods', () => {
  const { call } = make();
  call('POST', TASKS, restartStaging);
  const unknown = ['/', '/v3', `${TASKS}/1`, `${TASKS}/__proto__`, `${TASKS}/50001/x`, `${BATCHES}/1`];
  for (const path of unknown) assert.is(call('GET', path).status, 404, path);
  for (const method of ['PUT', 'DELETE'] as const) assert.is(call(method, `${TASKS}/1`).status, 404);
  const refused = [
    ['DELETE', TASKS],
    ['POST', `${TASKS}/50001`],
    ['PUT', BATCHES],
    ['DELETE', `${BATCHES}/4001`],
    ['POST', TEMPLATES],
    ['DELETE', INSTANCES],
    ['POST', FLEETS],
  ] as const;
  for (const [method, path] of refused) assert.is(call(method, path).status, 405, `${method} ${path}`);
});

const INVALID: readonly [string, unknown, string][] = [
  ['no template', { fleetId: EU }, 'taskTemplateId'],
  ['a number for the template', { taskTemplateId: 7, fleetId: EU }, 'taskTemplateId'],
  ['an unknown template', { taskTemplateId: '99', fleetId: EU }, 'taskTemplateId'],
  ['no target', { taskTemplateId: '7' }, ''],
  ['empty lists of targets', { taskTemplateId: '7', applicationInstanceIds: [], labels: [] }, ''],
  ['an unknown fleet', { taskTemplateId: '7', fleetId: '1' }, 'fleetId'],
  ['a number for the fleet', { taskTemplateId: '7', fleetId: 1394296486561117 }, 'fleetId'],
  ['an unknown region', { taskTemplateId: '7', regionId: '1' }, 'regionId'],
  [
    'an unknown game server',
    { taskTemplateId: '7', applicationInstanceIds: ['1'] },
    'applicationInstanceIds',
  ],
  [
    'a text for the game servers',
    { taskTemplateId: '7', applicationInstanceIds: '1' },
    'applicationInstanceIds',
  ],
  ['a label that is none', { taskTemplateId: '7', labels: [null] }, 'labels'],
  ['a time beyond int32', { ...restartStaging, executeAt: 2 ** 31 }, 'executeAt'],
  ['half a second', { ...restartStaging, executeAt: 1.5 }, 'executeAt'],
  ['a text for the time', { ...restartStaging, executeAt: '1800000000' }, 'executeAt'],
  ['a missing param', { taskTemplateId: '8', fleetId: EU }, 'taskActionParam'],
  [
    'a param without a value',
    { taskTemplateId: '8', fleetId: EU, taskActionParam: [{ paramName: 'buildId' }] },
    'taskActionParam',
  ],
  ['a param that is none', { ...restartStaging, taskActionParam: [null] }, 'taskActionParam'],
  ['no object', [], ''],
];
for (const [name, body, property] of INVALID) {
  it(`refuses a body with ${name}, and makes nothing`, () => {
    const { call, sandbox } = make();
    const answer = call('POST', TASKS, body);
    assert.is(answer.status, 422);
    const { errors } = JSON.parse(answer.body);
    assert.equal(
      errors.map((error: { property: string }) => error.property),
      [property],
    );
    assert.equal(sandbox.batches(), []);
  });
}

it('takes unknown fields, the ends of int32, and refuses what is no JSON', () => {
  const { call, sandbox } = make();
  assert.is(call('POST', TASKS, { ...restartStaging, comment: 'x', executeAt: 2 ** 31 - 1 }).status, 200);
  assert.is(call('POST', TASKS, { ...restartStaging, executeAt: -(2 ** 31) }).status, 200);
  assert.is(sandbox.handle({ ...request('POST', TASKS), body: '{' }).status, 400);
  assert.is(sandbox.batches().length, 2);
});

it('a target that holds nothing is a batch of no tasks, or refused', () => {
  const world = { ...DEMO_WORLD, servers: [] };
  const batch = first(make({ world }).call('POST', TASKS, restartStaging));
  assert.equal([batch.numTasks, batch.taskIds, batch.finishedAt], [0, [], NOW]);
  assert.is(make({ world, emptyTarget: 'refuse' }).call('POST', TASKS, restartStaging).status, 422);
});

it('tells its time with each answer, and who asked what', () => {
  const seen: string[] = [];
  const { call, sandbox } = make({ start: 1000, onRequest: (one) => seen.push(`${one.method} ${one.path}`) });
  sandbox.advance(5);
  assert.is(call('GET', TASKS).headers['x-sandbox-time'], '1005');
  assert.is(call('GET', TASKS, undefined, {}).headers['x-sandbox-time'], '1005');
  call('POST', TASKS, restartStaging, { 'private-token': 'k', 'x-a': 'b' });
  assert.equal(seen, [`GET ${TASKS}`, `GET ${TASKS}`, `POST ${TASKS}`]);
  const last = sandbox.requests.at(-1)!;
  assert.equal(
    [last.headers, last.body],
    [{ 'private-token': 'k', 'x-a': 'b' }, JSON.stringify(restartStaging)],
  );
});

it('shows tests what the API hides: template, targets and maker of each batch', () => {
  const { call, sandbox } = make();
  call('POST', TASKS, restartStaging);
  const id = sandbox.createForeignBatch(
    { taskTemplateId: '9', regionId: '51' },
    { madeBy: 'ops', at: NOW - 60 },
  );
  assert.throws(
    () => sandbox.createForeignBatch({ taskTemplateId: '8', fleetId: EU }),
    /buildId is required/,
  );
  assert.equal(
    sandbox.batches().map(({ template, body, madeBy, createdAt }) => ({ template, body, madeBy, createdAt })),
    [
      { template: 'Restart game server', body: restartStaging, madeBy: 'api', createdAt: NOW },
      {
        template: 'Collect logs',
        body: { taskTemplateId: '9', regionId: '51' },
        madeBy: 'ops',
        createdAt: NOW - 60,
      },
    ],
  );
  assert.is(first(call('GET', `${BATCHES}/${id}`)).numTasks, 16);
  assert.is(sandbox.requests.length, 2);
});

it.run();
