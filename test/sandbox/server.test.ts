import { mkdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createHttpTransport } from '../../src/api/http.ts';
import { advanceSandbox, openSandbox } from '../../src/sandbox/embedded.ts';
import { DEMO_WORLD } from '../../src/sandbox/world.ts';
import { createSandbox } from '../support/sandbox/memory.ts';
import { type RunningServer, type ServerOptions, serveSandbox } from '../support/sandbox/server.ts';
import { BATCHES, EU, exact, first, INSTANCES, request, rows, STAGING, TASKS } from './calls.ts';
import { scratchFolder } from './folder.ts';

interface Context {
  serve: (options: ServerOptions) => Promise<RunningServer>;
  call: (
    server: RunningServer,
    ...args: Parameters<typeof request>
  ) => ReturnType<ReturnType<typeof createHttpTransport>>;
  end: () => Promise<void>;
}

const it = suite<Context>('sandbox server');

it.before.each((context) => {
  const endings: (() => unknown)[] = [];
  context.serve = async (options) => {
    const server = await serveSandbox(options);
    endings.push(() => server.close());
    return server;
  };
  context.call = (server, ...args) => {
    const transport = createHttpTransport({ baseUrl: server.url, env: {} });
    endings.push(() => transport.close());
    return transport(request(...args), new AbortController().signal);
  };
  context.end = async () => {
    for (const end of endings) await end();
  };
});
it.after.each((context) => context.end());

const START = 1_800_000_000;
const restart = { taskTemplateId: '7', fleetId: STAGING, executeAt: START + 60 };

it('answers as the sandbox in memory does, headers and digits and all', async ({ serve, call }) => {
  const [served, direct] = [createSandbox(), createSandbox()];
  const server = await serve({ sandbox: served });
  const requests = [
    request('POST', TASKS, restart),
    request('GET', `${TASKS}/50001`),
    request('PUT', `${TASKS}/50001`),
    request('DELETE', `${TASKS}/50002`),
    request('DELETE', `${TASKS}/50002`),
    request('GET', BATCHES),
    request('GET', `${INSTANCES}/${DEMO_WORLD.servers[0]!.id}/task`),
    request('GET', `${INSTANCES}/12345/task`),
    request('GET', `${INSTANCES}?filters=fleetId%3D${EU}`, undefined, {
      'private-token': 'x',
      'RANGED-DATA': 'results=5',
    }),
    request('POST', TASKS, { taskTemplateId: '7' }),
    request('GET', TASKS, undefined, {}),
  ];
  for (const one of requests) {
    const expected = direct.handle(one);
    const found = await call(server, one.method, one.path, one.body && JSON.parse(one.body), {
      ...one.headers,
    });
    assert.equal([found.status, found.body], [expected.status, expected.body], `${one.method} ${one.path}`);
    for (const [name, value] of Object.entries(expected.headers)) assert.is(found.headers[name], value);
    assert.is(found.headers['x-sandbox-time'], String(START));
    assert.is(found.headers.date, new Date(START * 1000).toUTCString());
  }
  const task = exact(await call(server, 'GET', `${TASKS}/50003`)) as { entityId: string }[];
  assert.ok(DEMO_WORLD.servers.some((one) => one.id === task[0]!.entityId));
  assert.equal(
    served.requests.slice(0, 2).map((one) => [one.method, one.path, one.body]),
    [
      ['POST', TASKS, JSON.stringify(restart)],
      ['GET', `${TASKS}/50001`, undefined],
    ],
  );
});

it('answers a DELETE with 204 and no body', async ({ serve, call }) => {
  const server = await serve({ sandbox: createSandbox({ deleteAnswer: 'empty' }) });
  await call(server, 'POST', TASKS, restart);
  const answer = await call(server, 'DELETE', `${TASKS}/50001`);
  assert.equal([answer.status, answer.body, answer.headers['content-length']], [204, '', undefined]);
});

it('takes any key but none, or only the one that it is told', async ({ serve, call }) => {
  const any = await serve({ sandbox: createSandbox() });
  assert.is((await call(any, 'GET', TASKS, undefined, { 'PRIVATE-TOKEN': 'whatever' })).status, 200);
  assert.is((await call(any, 'GET', TASKS, undefined, {})).status, 401);
  const one = await serve({ sandbox: createSandbox({ token: 'right' }) });
  assert.is((await call(one, 'GET', TASKS, undefined, { 'PRIVATE-TOKEN': 'wrong' })).status, 401);
  assert.is((await call(one, 'GET', TASKS, undefined, { 'PRIVATE-TOKEN': 'right' })).status, 200);
});

it('shares a folder with the embedded one, its clock too, and asks for a key', async ({ serve, call }) => {
  const { folder, remove } = scratchFolder();
  try {
    const clock = () => START;
    const server = await serve({ folder, options: { clock } });
    const { transport } = openSandbox(folder, { clock });
    assert.is((await call(server, 'POST', TASKS, restart, {})).status, 401);
    await call(server, 'POST', TASKS, restart);
    const signal = new AbortController().signal;
    assert.is(rows(await transport(request('GET', BATCHES), signal)).length, 1);
    await transport(request('DELETE', `${TASKS}/50001`), signal);
    assert.is(first(await call(server, 'GET', `${TASKS}/50001`)).resultCode, 125);
    await advanceSandbox(folder, 3600, { clock });
    const batch = await call(server, 'GET', `${BATCHES}/4001`);
    assert.equal([first(batch).numTasksOk, batch.headers['x-sandbox-time']], [5, String(START + 3600)]);
    const embedded = await transport(request('GET', BATCHES), signal);
    const date = new Date((START + 3600) * 1000).toUTCString();
    assert.equal([batch.headers.date, embedded.headers.date], [date, date]);
  } finally {
    remove();
  }
});

it('keeps connections alive, and ends them and what hangs on close', async ({ serve }) => {
  const sandbox = createSandbox();
  const server = await serve({
    sandbox,
    faultFor: (one) => (one.path === BATCHES ? { when: 'after', kind: 'hang' } : undefined),
  });
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ports = new Set<number | undefined>();
  const get = (path: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const outgoing = http.get(
        `${server.url}${path}`,
        { agent, headers: { 'PRIVATE-TOKEN': 'x' } },
        (answer) => {
          ports.add(answer.socket.localPort);
          answer.resume().on('end', () => resolve(answer.statusCode));
        },
      );
      outgoing.on('error', reject);
    });
  for (let i = 0; i < 5; i += 1) assert.is(await get(TASKS), 200);
  assert.is(ports.size, 1);
  const hanging = get(BATCHES).then(
    () => 'answered',
    (error: NodeJS.ErrnoException) => error.code,
  );
  while (sandbox.requests.length < 6) await new Promise((resolve) => setImmediate(resolve));
  await server.close();
  assert.is(await hanging, 'ECONNRESET');
  agent.destroy();
});

it('a folder that is corrupt is a 500 with the reason; a body beyond reason a 413', async ({
  serve,
  call,
}) => {
  const { folder, remove } = scratchFolder();
  try {
    mkdirSync(folder);
    writeFileSync(`${folder}/sandbox.json`, '{');
    const server = await serve({ folder });
    const answer = await call(server, 'GET', BATCHES);
    assert.is(answer.status, 500);
    assert.match(JSON.parse(answer.body).errorMessage, 'fleetform sandbox reset');
    assert.is((await call(server, 'POST', TASKS, { x: 'x'.repeat(17 * 1024 * 1024) })).status, 413);
  } finally {
    remove();
  }
});

it('rejects when the port is taken', async ({ serve }) => {
  const server = await serve({ sandbox: createSandbox() });
  const port = Number(new URL(server.url).port);
  let code: string | undefined;
  await serve({ sandbox: createSandbox(), port }).catch((error: NodeJS.ErrnoException) => {
    code = error.code;
  });
  assert.is(code, 'EADDRINUSE');
});

it.run();
