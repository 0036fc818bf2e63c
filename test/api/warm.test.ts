import { setTimeout as delay } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createHttpTransport, type HttpTransport } from '../../src/api/http.ts';
import { failure } from './fake-transport.ts';
import { closedPort, type Loopback, loopback } from './loopback.ts';
import { selfSigned } from './self-signed.ts';

const test = suite<{ net: Loopback; open: HttpTransport[] }>('warm');

test.before.each((ctx) => {
  ctx.net = loopback();
  ctx.open = [];
});
test.after.each(async ({ net, open }) => {
  for (const transport of open) transport.close();
  await net.end();
});

function transportTo(ctx: { open: HttpTransport[] }, baseUrl: string, more: object = {}): HttpTransport {
  const transport = createHttpTransport({ baseUrl, env: {}, ...more });
  ctx.open.push(transport);
  return transport;
}

const GET = { method: 'GET', path: '/v3/x', headers: {} } as const;
const get = (transport: HttpTransport) => transport(GET, new AbortController().signal);

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(2);
}

for (const kind of ['http', 'https'] as const) {
  test(`${kind}: opens so many connections and sends nothing; the next requests take them`, async (ctx) => {
    const tls = kind === 'https' ? selfSigned('localhost') : undefined;
    const server = await ctx.net.serve((_request, response) => response.end('[]'), tls);
    const transport = transportTo(ctx, `${kind}://localhost:${server.port}`, { ca: tls?.cert });
    transport.warm(3);
    await until(() => server.connections() === 3);
    assert.is(server.seen.length, 0);
    await Promise.all([get(transport), get(transport), get(transport)]);
    assert.is(server.connections(), 3);
    await Promise.all([get(transport), get(transport), get(transport)]);
    assert.is(server.connections(), 3, 'they are kept');
  });

  test(`${kind}: a request takes a connection that is still being opened`, async (ctx) => {
    const tls = kind === 'https' ? selfSigned('localhost') : undefined;
    const server = await ctx.net.serve((_request, response) => response.end('[]'), tls);
    const transport = transportTo(ctx, `${kind}://localhost:${server.port}`, { ca: tls?.cert });
    transport.warm();
    await Promise.all([get(transport), get(transport), get(transport)]);
    assert.is(server.connections(), 3);
  });
}

test('never more connections than requests may be in flight', async (ctx) => {
  const server = await ctx.net.serve((_request, response) => response.end('[]'));
  const transport = transportTo(ctx, server.url, { connections: 2 });
  transport.warm(5);
  await Promise.all([1, 2, 3, 4, 5].map(() => get(transport)));
  assert.is(server.connections(), 2);
});

test('what cannot be opened is told by the request', async (ctx) => {
  const transport = transportTo(ctx, `http://127.0.0.1:${await closedPort()}`);
  transport.warm();
  await delay(20);
  assert.match(await failure(get(transport)).then(String), 'connection refused');
  transport.warm();
  assert.match(
    await failure(get(transport)).then(String),
    'connection refused',
    'also while it is being opened',
  );
});

test('a connection that the server has closed meanwhile is not taken', async (ctx) => {
  const server = await ctx.net.serve((_request, response) => response.end('[]'));
  const transport = transportTo(ctx, server.url);
  transport.warm(2);
  await until(() => server.connections() === 2);
  ctx.net.hangUp();
  await delay(20);
  assert.is((await get(transport)).status, 200);
  assert.is(server.connections(), 3);
});

test('a certificate that is not trusted is no error before a request', async (ctx) => {
  const server = await ctx.net.serve((_request, response) => response.end('[]'), selfSigned('localhost'));
  const transport = transportTo(ctx, server.url);
  transport.warm(1);
  await delay(20);
  assert.match(await failure(get(transport)).then(String), 'certificate');
  assert.is(server.seen.length, 0);
});

test('nothing is looked up before the name server is known to answer, and nothing once it is closed', async (ctx) => {
  for (const isClosed of [true, false]) {
    const looked: string[] = [];
    let answer = (_: boolean) => {};
    let told: AbortSignal | undefined;
    const transport = transportTo(ctx, 'https://api.example', {
      names: {
        lookup: (host: string) => looked.push(host),
        isAnswering: (_host: string, signal: AbortSignal) => {
          told = signal;
          return new Promise<boolean>((resolve) => {
            answer = resolve;
          });
        },
      },
    });
    transport.warm(3);
    await delay(1);
    assert.equal(looked, []);
    if (isClosed) transport.close();
    assert.is(told?.aborted, isClosed);
    answer(isClosed);
    await delay(1);
    assert.equal(looked, []);
  }
});

test('one look-up serves all connections to a name, warmed or asked for', async (ctx) => {
  const server = await ctx.net.serve((_request, response) => response.end('[]'), selfSigned('localhost'));
  let looked = 0;
  const lookup = (_host: string, _options: object, callback: (...answer: unknown[]) => void) => {
    looked += 1;
    setImmediate(() => callback(null, [{ address: '127.0.0.1', family: 4 }]));
  };
  const names = { lookup, isAnswering: async () => true };
  const transport = transportTo(ctx, `https://api.example:${server.port}`, { names });
  transport.warm(3);
  await until(() => server.connections() === 3);
  assert.is(looked, 1);
  await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(() => failure(get(transport))));
  assert.is(looked, 2);
});

test('close ends what nobody has taken', async (ctx) => {
  const server = await ctx.net.serve((_request, response) => response.end('[]'));
  const transport = transportTo(ctx, server.url);
  transport.warm(2);
  await until(() => server.connections() === 2);
  transport.close();
  await until(() => ctx.net.sockets() === 0);
});

test.run();
