import { inspect } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TransportError } from '../../src/api/errors.ts';
import { createHttpTransport } from '../../src/api/http.ts';
import type { ClientEvent } from '../../src/model/client-events.ts';
import { clientOn, failure, json, KEY, type Step, scripted, TASK_TEXT } from './fake-transport.ts';
import { type Answer, closedPort, type Loopback, loopback } from './loopback.ts';
import { selfSigned } from './self-signed.ts';

const test = suite<{ net: Loopback; close: (() => void)[] }>('the key');

test.before.each((ctx) => {
  ctx.net = loopback();
  ctx.close = [];
});
test.after.each(async ({ net, close }) => {
  for (const end of close) end();
  await net.end();
});

function assertWithoutKey(value: unknown, key = KEY): void {
  const shown = [
    inspect(value, {
      depth: Infinity,
      showHidden: true,
      maxStringLength: Infinity,
      maxArrayLength: Infinity,
    }),
    JSON.stringify(value) ?? '',
    String(value),
    String((value as Error | undefined)?.stack),
  ];
  for (const text of shown) assert.not.match(text, key);
}

test('the check finds a key that is there', () => {
  const hidden = Object.defineProperty(new Error('x'), 'config', { value: { deep: { er: [KEY] } } });
  let isFound = false;
  try {
    assertWithoutKey(hidden);
  } catch {
    isFound = true;
  }
  assert.ok(isFound);
});

const ECHO = `you sent ${KEY}`;

const ECHOES: readonly (readonly [string, Step])[] = [
  [
    'a refusal',
    { status: 401, body: JSON.stringify({ errorMessage: ECHO, errors: [{ property: KEY, message: ECHO }] }) },
  ],
  [
    'a refusal whose reason is cut in the middle of it',
    { status: 400, body: JSON.stringify({ errorMessage: 'x'.repeat(280) + KEY }) },
  ],
  ['a refusal in HTML', { status: 502, body: `<html><title>${'x'.repeat(100)}${KEY}</title>` }],
  ['a refusal in text', { status: 500, body: 'x'.repeat(60) + KEY }],
  ['a redirect', { status: 302, headers: { location: `https://${KEY}.example/${KEY}` } }],
  ['a wrong field', json([{ id: KEY }])],
  ['a wrong field that is cut in the middle of it', json([{ id: 'x'.repeat(45) + KEY }])],
  ['no JSON', json('x'.repeat(60) + KEY)],
  ['several wrong fields', json([{ id: 1, fleetId: KEY, batchId: KEY, entityId: 3, resultCode: KEY }])],
  ['a lost connection', new TransportError('reset', ECHO, true)],
];

for (const [name, step] of ECHOES) {
  test(`${name} that quotes it`, async () => {
    const events: ClientEvent[] = [];
    const api = clientOn(scripted(step), { onEvent: (event) => events.push(event) });
    for (const call of [() => api.listTasks(), () => api.cancelTask('71'), () => api.listInstances({})]) {
      const error = await failure<unknown>(call());
      assert.is(error.name, 'ApiError');
      assertWithoutKey(error, KEY.slice(0, 12));
    }
    assertWithoutKey(events, KEY.slice(0, 12));
  });
}

const SERVERS: readonly (readonly [string, Answer])[] = [
  ['refuses', (_request, response) => response.writeHead(401).end(ECHO)],
  ['fails', (_request, response) => response.writeHead(500).end()],
  [
    'redirects',
    (_request, response) => response.writeHead(302, { Location: 'https://elsewhere.example' }).end(),
  ],
  ['answers nonsense', (_request, response) => response.end('{')],
  ['hangs up', (request) => request.socket.destroy()],
  [
    'breaks off',
    (request, response) => {
      response.writeHead(200, { 'Content-Length': '99' });
      response.write('[');
      setImmediate(() => request.socket.destroy());
    },
  ],
  [
    'compresses wrongly',
    (_request, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('x'),
  ],
  ['never answers', () => {}],
];

for (const [what, answer] of SERVERS) {
  test(`a real server that ${what}`, async (ctx) => {
    const server = await ctx.net.serve(answer);
    const transport = createHttpTransport({ baseUrl: server.url, env: {}, idleTimeoutMs: 60 });
    ctx.close.push(() => transport.close());
    const events: ClientEvent[] = [];
    const api = clientOn(transport, { origin: server.url, onEvent: (event) => events.push(event) });
    assertWithoutKey(await failure(api.listTasks()));
    assertWithoutKey(await failure(api.cancelTask('1')));
    assert.ok(server.seen.length > 0);
    for (const request of server.seen) assert.is(request.headers['private-token'], KEY);
    assertWithoutKey(events);
    assertWithoutKey(api);
    assertWithoutKey(transport);
  });
}

test('no server, no trust, given up', async (ctx) => {
  const untrusted = await ctx.net.serve((_request, response) => response.end('[]'), selfSigned('localhost'));
  const urls = [`http://127.0.0.1:${await closedPort()}`, `https://localhost:${untrusted.port}`];
  for (const baseUrl of urls) {
    const transport = createHttpTransport({ baseUrl, env: {} });
    ctx.close.push(() => transport.close());
    assertWithoutKey(await failure(clientOn(transport).cancelTask('1')));
    const request = { method: 'GET', path: '/', headers: { 'PRIVATE-TOKEN': KEY } } as const;
    assertWithoutKey(await failure(transport(request, new AbortController().signal)));
    const controller = new AbortController();
    const aborted = failure(transport(request, controller.signal));
    controller.abort();
    assertWithoutKey(await aborted);
  }
});

test('the client itself does not show it, nor what it reads', async () => {
  const api = clientOn(scripted(json(TASK_TEXT)));
  assertWithoutKey(api);
  assertWithoutKey(await api.getTask('71'));
});

test.run();
