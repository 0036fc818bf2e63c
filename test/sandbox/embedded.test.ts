import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TransportError } from '../../src/api/errors.ts';
import type { Transport } from '../../src/api/port.ts';
import { FleetformError } from '../../src/model/errors.ts';
import { advanceSandbox, describeSandbox, openSandbox, resetSandbox } from '../../src/sandbox/embedded.ts';
import { stampOf } from '../../src/sandbox/record-file.ts';
import { BATCHES, EU, first, request, rows, STAGING, TASKS } from './calls.ts';
import { ended, printed, scratchFolder, script, start } from './folder.ts';

interface Context {
  folder: string;
  file: string;
  remove: () => void;
}

const it = suite<Context>('embedded sandbox');

it.before.each((context) => {
  Object.assign(context, scratchFolder());
});
it.after.each((context) => context.remove());

const START = 1_800_000_000;
const clock = () => START;
const post = request('POST', TASKS, { taskTemplateId: '7', fleetId: STAGING, executeAt: START + 3600 }, {});
const send = (transport: Transport, ...args: Parameters<typeof request>) =>
  transport(request(args[0], args[1], args[2], {}), new AbortController().signal);

async function thrown(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

async function refusal(work: () => unknown): Promise<FleetformError> {
  const error = await thrown(work);
  assert.instance(error, FleetformError);
  return error as FleetformError;
}

it('needs no key, writes nothing for a read, and keeps what was made', async ({ folder, file }) => {
  const { transport, origin, now } = openSandbox(folder, { clock });
  assert.equal([origin, now()], ['sandbox', START]);
  assert.equal(rows(await send(transport, 'GET', BATCHES)), []);
  assert.throws(() => readFileSync(file), /ENOENT/);
  await transport(post, new AbortController().signal);
  const again = openSandbox(folder, { clock });
  assert.is(first(await send(again.transport, 'GET', `${BATCHES}/4001`)).numTasks, 6);
  assert.equal(readdirSync(folder).sort(), ['.gitignore', 'sandbox.json']);
});

it('writes nothing for a change that is refused', async ({ folder, file }) => {
  const { transport } = openSandbox(folder, { clock });
  await transport(post, new AbortController().signal);
  const before = readFileSync(file, 'utf8');
  assert.is((await send(transport, 'POST', TASKS, { taskTemplateId: '7' })).status, 422);
  assert.is((await send(transport, 'DELETE', `${TASKS}/1`)).status, 404);
  assert.is(readFileSync(file, 'utf8'), before);
});

it('two instances on one folder see what the other did, at once', async ({ folder }) => {
  const [one, other] = [openSandbox(folder, { clock }), openSandbox(folder, { clock })];
  await one.transport(post, new AbortController().signal);
  for (let i = 0; i < 40; i += 1) {
    const [writer, reader] = i % 2 === 0 ? [one, other] : [other, one];
    // Pausing and resuming leave a file of the same size.
    const made = first(await send(writer.transport, 'PUT', `${TASKS}/50001`)).resultCode;
    assert.is(made, i % 2 === 0 ? 2 : 0);
    assert.is(first(await send(reader.transport, 'GET', `${TASKS}/50001`)).resultCode, made, `change ${i}`);
  }
});

it('sees a change that leaves a file of the same size', async ({ folder, file }) => {
  const [one, other] = [openSandbox(folder, { clock }), openSandbox(folder, { clock })];
  await one.transport(post, new AbortController().signal);
  const toggle = (id: number) => send(one.transport, 'PUT', `${TASKS}/${id}`);
  const codes = async () => {
    const tasks = rows(await send(other.transport, 'GET', TASKS));
    return tasks.map((task) => task.resultCode);
  };
  await toggle(50_001);
  assert.equal(await codes(), [0, 0, 0, 0, 0, 2]);
  const { size } = statSync(file);
  // Both are in the queue before the lock is taken: one write.
  await Promise.all([toggle(50_001), toggle(50_006)]);
  assert.is(statSync(file).size, size);
  assert.equal(await codes(), [2, 0, 0, 0, 0, 0]);
});

it('tells two records apart by the generation, which every write puts in front', async ({ folder, file }) => {
  mkdirSync(folder);
  const stamps = [1, 2].map((generation) => {
    writeFileSync(file, JSON.stringify({ generation, ...RECORD }));
    utimesSync(file, START, START);
    return stampOf(file);
  });
  assert.is.not(stamps[0], stamps[1]);
  assert.is(stampOf(file), stamps[1]);
  assert.is(stampOf(`${file}.none`), null);
  await openSandbox(folder, { clock }).transport(post, new AbortController().signal);
  assert.match(readFileSync(file, 'utf8'), /^\{"version":1,"generation":3,/);
});

it('many changes at once: each is made once and is in the file when it is answered', async ({ folder }) => {
  const [one, other] = [openSandbox(folder, { clock }), openSandbox(folder, { clock })];
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, i) =>
      (i % 2 === 0 ? one : other).transport(post, new AbortController().signal),
    ),
  );
  const ids = answers.map((answer) => first(answer).id);
  assert.is(new Set(ids).size, 60);
  assert.is(describeSandbox(folder).batches, 60);
  const tasks = rows(await send(one.transport, 'GET', TASKS)).map((task) => task.id);
  await Promise.all(
    tasks.map((id, i) => send((i % 3 === 0 ? one : other).transport, 'DELETE', `${TASKS}/${id}`)),
  );
  const found = rows(await send(openSandbox(folder, { clock }).transport, 'GET', TASKS));
  assert.ok(found.every((task) => task.resultCode === 125));
});

const WRITER = `
  import { openSandbox } from './src/sandbox/embedded.ts';
  const [folder, count] = process.argv.slice(2);
  const { transport } = openSandbox(folder!, { clock: () => ${START} });
  const body = ${JSON.stringify(post.body)};
  const ids = [];
  for (let i = 0; i < Number(count); i += 1) {
    const answer = await transport(
      { method: 'POST', path: '${TASKS}', headers: {}, body },
      new AbortController().signal,
    );
    ids.push(JSON.parse(answer.body)[0].id);
    if (i === 0) console.log('[');
  }
  console.log(JSON.stringify(ids).slice(1));
`;

it('three processes write to one folder: nothing is lost and no id given twice', async ({ folder }) => {
  const file = await script(WRITER, join(folder, '..', 'writer.mjs'));
  const results = await Promise.all([1, 2, 3].map(() => ended(start(file, [folder, '40']))));
  assert.equal(
    results.map((result) => result.how),
    [0, 0, 0],
  );
  const ids = results.flatMap((result) => JSON.parse(result.output) as number[]);
  assert.equal([ids.length, new Set(ids).size], [120, 120]);
  assert.is(describeSandbox(folder).batches, 120);
});

it('a process that is killed leaves neither a lock that holds nor half a file', async ({ folder }) => {
  const file = await script(WRITER, join(folder, '..', 'writer.mjs'));
  for (let round = 0; round < 3; round += 1) {
    const child = start(file, [folder, '100000']);
    const end = ended(child);
    await printed(child);
    child.kill('SIGKILL');
    assert.is((await end).how, 'SIGKILL');
    const before = describeSandbox(folder).batches;
    await openSandbox(folder, { clock }).transport(post, new AbortController().signal);
    assert.is(describeSandbox(folder).batches, before + 1);
  }
});

it('advance moves the clock of every user of the folder, and tasks with it', async ({ folder }) => {
  const { transport, now } = openSandbox(folder, { clock });
  await transport(post, new AbortController().signal);
  assert.is(await advanceSandbox(folder, 3700, { clock }), START + 3700);
  assert.is(now(), START + 3700);
  assert.is(first(await send(transport, 'GET', `${BATCHES}/4001`)).numTasksOk, 6);
  assert.is(await advanceSandbox(folder, 300, { clock }), START + 4000);
});

it('the clock goes forward only, by whole seconds, as far as the API can tell', async ({ folder }) => {
  for (const seconds of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31]) {
    const error = await refusal(() => advanceSandbox(folder, seconds, { clock }));
    assert.is(error.code, 'sandbox.clock', String(seconds));
    assert.match(error.hint!, 'sandbox reset');
  }
  assert.is(describeSandbox(folder).clockOffset, 0);
});

it('describes what there is to work with', async ({ folder }) => {
  await advanceSandbox(folder, 60, { clock });
  await openSandbox(folder, { clock }).transport(post, new AbortController().signal);
  const found = describeSandbox(folder, { clock });
  assert.equal([found.now, found.clockOffset, found.batches, found.tasks], [START + 60, 60, 1, 6]);
  assert.equal(found.fleets[0], { id: EU, name: 'eu-live', servers: 24 });
  assert.equal(
    found.regions.map(({ name, servers }) => [name, servers]),
    [
      ['Amsterdam', 18],
      ['Frankfurt', 12],
      ['Dallas', 16],
    ],
  );
  assert.equal(
    found.templates.map(({ id, requiredParams }) => [id, requiredParams]),
    [
      ['7', []],
      ['8', ['buildId']],
      ['9', []],
      ['10', ['key', 'value']],
    ],
  );
});

it('reset forgets all, for those too who have it open', async ({ folder }) => {
  const { transport, now } = openSandbox(folder, { clock });
  await transport(post, new AbortController().signal);
  await advanceSandbox(folder, 60, { clock });
  await resetSandbox(folder);
  assert.is(now(), START);
  assert.is((await send(transport, 'GET', `${BATCHES}/4001`)).status, 404);
  assert.is(first(await transport(post, new AbortController().signal)).id, 4001);
});

const TASK = {
  id: '1',
  batchId: '1',
  templateId: 7,
  entityId: '1',
  startsAt: 1,
  pausedAt: null,
  pausedFor: 0,
  cancelledAt: null,
};
const BATCH = { id: '1', createdAt: 1, executeAt: 1, templateId: 7, taskIds: ['1'], request: {} };
const RECORD = {
  version: 1,
  seed: 1,
  clockOffset: 0,
  nextTask: 2,
  nextBatch: 2,
  batches: [BATCH],
  tasks: { 1: TASK },
};

const CORRUPT: readonly [string, string][] = [
  ['empty', ''],
  ['cut', JSON.stringify(RECORD).slice(0, -9)],
  ['null', 'null'],
  ['another version', JSON.stringify({ ...RECORD, version: 2 })],
  ['no tasks', JSON.stringify({ ...RECORD, tasks: null })],
  ['a batch whose task is missing', JSON.stringify({ ...RECORD, tasks: {} })],
  ['a clock that is text', JSON.stringify({ ...RECORD, clockOffset: '0' })],
  ['a task without an id', JSON.stringify({ ...RECORD, tasks: { 1: { ...TASK, entityId: 'x' } } })],
];
for (const [name, text] of CORRUPT) {
  it(`a file that is corrupt (${name}) is an error that says how to start over`, async ({ folder, file }) => {
    mkdirSync(folder);
    writeFileSync(file, text);
    const { transport, now } = openSandbox(folder);
    const tries = [
      () => send(transport, 'GET', BATCHES),
      () => transport(post, new AbortController().signal),
      () => now(),
      () => describeSandbox(folder),
      () => advanceSandbox(folder, 1),
    ];
    for (const attempt of tries) {
      const error = await refusal(attempt);
      assert.is(error.code, 'sandbox.invalid');
      assert.match(error.message, file);
      assert.match(error.hint!, 'fleetform sandbox reset');
    }
    assert.is(readFileSync(file, 'utf8'), text);
    await resetSandbox(folder);
    assert.equal(rows(await send(transport, 'GET', BATCHES)), []);
  });
}

it('reads a file that an earlier version wrote', async ({ folder, file }) => {
  mkdirSync(folder);
  writeFileSync(file, JSON.stringify(RECORD));
  const { transport } = openSandbox(folder, { clock });
  assert.is(first(await send(transport, 'GET', `${BATCHES}/1`)).numTasksOk, 1);
  assert.is(first(await transport(post, new AbortController().signal)).id, 2);
});

it('a folder that cannot be is an error of its own', async ({ folder }) => {
  writeFileSync(folder, 'a file');
  const error = await refusal(() => openSandbox(folder).transport(post, new AbortController().signal));
  assert.is(error.code, 'sandbox.unwritable');
  assert.match(error.hint!, 'a writable folder');
});

it('a request that was given up before its turn is never made', async ({ folder }) => {
  const { transport } = openSandbox(folder, { clock });
  const early = await thrown(() => transport(post, AbortSignal.abort()));
  assert.instance(early, TransportError);
  const stop = new AbortController();
  const waiting = transport(post, stop.signal);
  const kept = transport(post, new AbortController().signal);
  stop.abort();
  const late = (await thrown(() => waiting)) as TransportError;
  assert.instance(late, TransportError);
  assert.equal([late.kind, late.mayHaveBeenSent], ['aborted', false]);
  assert.is((await kept).status, 200);
  assert.is(describeSandbox(folder).batches, 1);
});

it('the seed of a new folder decides its course', async () => {
  const course = async (seed: number) => {
    const { folder, remove } = scratchFolder();
    try {
      const { transport } = openSandbox(folder, { clock, seed, failRate: 0.5 });
      await transport(post, new AbortController().signal);
      await advanceSandbox(folder, 3612, { clock });
      return (await send(transport, 'GET', TASKS)).body;
    } finally {
      remove();
    }
  };
  assert.is(await course(3), await course(3));
  assert.is.not(await course(3), await course(4));
});

it.run();
