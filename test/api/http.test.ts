import http from 'node:http';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createClient } from '../../src/api/client.ts';
import { ApiError, TransportError } from '../../src/api/errors.ts';
import { createHttpTransport, type HttpTransport } from '../../src/api/http.ts';
import { FleetformError } from '../../src/model/errors.ts';
import { clientOn, failure, KEY } from './fake-transport.ts';
import { closedPort, type Loopback, loopback } from './loopback.ts';
import { selfSigned } from './self-signed.ts';

const test = suite<{ net: Loopback; close: (() => void)[] }>('http transport');

test.before.each((ctx) => {
  ctx.net = loopback();
  ctx.close = [];
});
test.after.each(async ({ net, close }) => {
  for (const end of close) end();
  await net.end();
});

function open(
  ctx: { close: (() => void)[] },
  baseUrl: string,
  ca?: string,
  idleTimeoutMs?: number,
): HttpTransport {
  const transport = createHttpTransport({
    baseUrl,
    env: {},
    ...(ca === undefined ? {} : { ca }),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
  });
  ctx.close.push(() => transport.close());
  return transport;
}

const live = () => new AbortController().signal;
const GET = {
  method: 'GET',
  path: '/v3/x?filters=fleetId%3D1%20and%20regionId%3D2',
  headers: { 'PRIVATE-TOKEN': KEY },
} as const;

async function transportFailure(promise: Promise<unknown>): Promise<TransportError> {
  const error = await failure(promise);
  assert.instance(error, TransportError);
  return error as TransportError;
}

test('of one request nothing is in the next, also where both have the same headers', async (ctx) => {
  const server = await ctx.net.serve((_request, response) => response.end('{}'));
  const transport = open(ctx, server.url);
  const headers = { 'PRIVATE-TOKEN': KEY };
  const get = { method: 'GET', path: '/v3/x', headers } as const;
  await transport(get, live());
  await transport({ method: 'POST', path: '/v3/x', headers, body: '{"a":1}' }, live());
  await transport(get, live());
  const [first, post, last] = server.seen;
  assert.is(post!.headers['content-length'], '7');
  assert.is(first!.headers['content-length'], undefined);
  assert.equal(last!.headers, first!.headers);
});

test('sends exactly what it is given, below the base path', async (ctx) => {
  const server = await ctx.net.serve((_request, response) => {
    response.setHeader('Page-Token', 'next');
    response.setHeader('Set-Cookie', ['a=1', 'b=2']);
    response.statusCode = 418;
    response.end('short and stout');
  });
  const transport = open(ctx, `${server.url}/i3d/`);
  const answer = await transport(GET, live());
  assert.is(answer.status, 418);
  assert.is(answer.body, 'short and stout');
  assert.is(answer.headers['page-token'], 'next');
  assert.is(answer.headers['set-cookie'], 'a=1, b=2');
  assert.is(server.seen[0]!.url, `/i3d${GET.path}`);
  assert.is(server.seen[0]!.headers['private-token'], KEY);
  await transport(
    { method: 'POST', path: '/v3/y', headers: { 'Content-Type': 'application/json' }, body: '{"a":1}' },
    live(),
  );
  assert.is(server.seen[1]!.body, '{"a":1}');
  assert.is(server.seen[1]!.headers['content-type'], 'application/json');
  await transport({ method: 'PUT', path: '/v3/z', headers: {} }, live());
  await transport({ method: 'DELETE', path: '/v3/z', headers: {} }, live());
  assert.is(server.seen[2]!.headers['content-type'], undefined);
  assert.equal(
    server.seen.map((seen) => seen.method),
    ['GET', 'POST', 'PUT', 'DELETE'],
  );
  assert.is(server.connections(), 1, 'one connection is kept alive');
});

test('does not touch the body: 19 digits, compressed, not JSON', async (ctx) => {
  const body = '{"id":6268349608002583795}';
  const server = await ctx.net.serve((_request, response) => {
    response.setHeader('Content-Encoding', 'gzip');
    response.setHeader('Content-Type', 'application/json');
    response.end(gzipSync(body));
  });
  assert.is((await open(ctx, server.url)(GET, live())).body, body);
});

test('a path is never taken for another host', async (ctx) => {
  const other = await ctx.net.serve((_request, response) => response.end('[]'));
  const server = await ctx.net.serve((_request, response) => response.end('[]'));
  const transport = open(ctx, server.url);
  await transport({ ...GET, path: `http://127.0.0.1:${other.port}/steal` }, live());
  await transport({ ...GET, path: `//127.0.0.1:${other.port}/steal` }, live());
  assert.is(other.seen.length, 0);
  assert.is(server.seen.length, 2);
});

for (const status of [301, 302, 303, 307, 308]) {
  for (const method of ['GET', 'POST', 'PUT', 'DELETE'] as const) {
    test(`${status} on ${method}: an error, and the key goes nowhere`, async (ctx) => {
      const other = await ctx.net.serve((_request, response) => response.end('[]'));
      const server = await ctx.net.serve((_request, response) => {
        response.writeHead(status, { Location: `${other.url}/path?secret=1` });
        response.end();
      });
      const api = clientOn(open(ctx, server.url), { origin: server.url });
      const calls = {
        GET: () => api.getTask('1'),
        POST: () =>
          api.createBatch({
            template: { id: '1', name: '' },
            fleets: ['2'],
            regions: [],
            instances: [],
            labels: [],
            executeAt: null,
            params: [],
            revision: null,
          }),
        PUT: () => api.toggleTask('1'),
        DELETE: () => api.cancelTask('1'),
      };
      const error = (await failure<unknown>(calls[method]())) as ApiError;
      assert.is(error.code, 'api.redirect');
      assert.is(error.status, status);
      assert.is(error.outcome, method === 'GET' ? 'none' : 'unclear');
      assert.match(error.message, `(${status}) to ${other.url}`);
      assert.not.match(error.message, 'secret');
      assert.is(other.seen.length, 0);
      assert.is(server.seen.length, 1);
    });
  }
}

test('nobody listens: refused, not sent', async (ctx) => {
  const error = await transportFailure(open(ctx, `http://127.0.0.1:${await closedPort()}`)(GET, live()));
  assert.is(error.kind, 'refused');
  assert.is(error.mayHaveBeenSent, false);
});

// A label of 70 characters: the resolver says no without asking the network.
test('no such host: unresolved, not sent', async (ctx) => {
  const error = await transportFailure(open(ctx, `https://${'x'.repeat(70)}.invalid`)(GET, live()));
  assert.is(error.kind, 'unresolved');
  assert.is(error.mayHaveBeenSent, false);
});

test('an untrusted certificate: tls, not sent, and the server saw no request', async (ctx) => {
  const server = await ctx.net.serve((_request, response) => response.end('[]'), selfSigned('localhost'));
  const error = await transportFailure(open(ctx, `https://localhost:${server.port}`)(GET, live()));
  assert.is(error.kind, 'tls');
  assert.is(error.mayHaveBeenSent, false);
  assert.is(server.seen.length, 0);
});

test('a certificate of another name: tls, not sent', async (ctx) => {
  const tls = selfSigned('other.example');
  const server = await ctx.net.serve((_request, response) => response.end('[]'), tls);
  const error = await transportFailure(open(ctx, `https://localhost:${server.port}`, tls.cert)(GET, live()));
  assert.is(error.kind, 'tls');
  assert.is(error.mayHaveBeenSent, false);
  assert.is(server.seen.length, 0);
});

test('https with a trusted certificate, kept alive', async (ctx) => {
  const tls = selfSigned('localhost');
  const server = await ctx.net.serve((_request, response) => response.end('[1]'), tls);
  const transport = open(ctx, `https://localhost:${server.port}`, tls.cert);
  assert.is((await transport(GET, live())).body, '[1]');
  assert.is((await transport(GET, live())).body, '[1]');
  assert.is(server.connections(), 1);
});

test('https to a server without TLS: tls, not sent', async (ctx) => {
  const server = await ctx.net.serve((_request, response) => response.end('[]'));
  const error = await transportFailure(open(ctx, `https://127.0.0.1:${server.port}`)(GET, live()));
  assert.is(error.kind, 'tls');
  assert.is(error.mayHaveBeenSent, false);
});

test('a connection that breaks after the request: reset, may have been sent', async (ctx) => {
  const server = await ctx.net.serve((request) => request.socket.destroy());
  const error = await transportFailure(open(ctx, server.url)(GET, live()));
  assert.is(error.kind, 'reset');
  assert.is(error.mayHaveBeenSent, true);
});

test('an answer that breaks off in its middle: reset, may have been sent', async (ctx) => {
  const server = await ctx.net.serve((request, response) => {
    response.writeHead(200, { 'Content-Length': '1000' });
    response.write('[{"id":');
    setImmediate(() => request.socket.destroy());
  });
  const error = await transportFailure(open(ctx, server.url)(GET, live()));
  assert.is(error.kind, 'reset');
  assert.is(error.mayHaveBeenSent, true);
});

test('a kept connection that the server closed meanwhile may still have carried the write', async (ctx) => {
  let requests = 0;
  const server = await ctx.net.serve((request, response) => {
    requests += 1;
    if (requests > 1) request.socket.destroy();
    else response.end('[]');
  });
  const transport = open(ctx, server.url);
  await transport(GET, live());
  const error = await transportFailure(transport({ ...GET, method: 'POST', body: '{}' }, live()));
  assert.is(server.connections(), 1, 'the connection was used again');
  assert.is(error.kind, 'reset');
  assert.is(error.mayHaveBeenSent, true);
});

test('given up while the server thinks: aborted, may have been sent', async (ctx) => {
  const controller = new AbortController();
  const server = await ctx.net.serve(() => controller.abort());
  const error = await transportFailure(open(ctx, server.url)(GET, controller.signal));
  assert.is(error.kind, 'aborted');
  assert.is(error.mayHaveBeenSent, true);
});

test('given up before TLS is there: aborted, not sent', async (ctx) => {
  const controller = new AbortController();
  const silent = http.createServer();
  silent.on('connection', () => setImmediate(() => controller.abort()));
  const port = await ctx.net.track(silent);
  const error = await transportFailure(open(ctx, `https://127.0.0.1:${port}`)(GET, controller.signal));
  assert.is(error.kind, 'aborted');
  assert.is(error.mayHaveBeenSent, false);
});

test('given up before it began: not sent', async (ctx) => {
  const server = await ctx.net.serve((_request, response) => response.end('[]'));
  const error = await transportFailure(open(ctx, server.url)(GET, AbortSignal.abort()));
  assert.is(error.mayHaveBeenSent, false);
  assert.is(server.seen.length, 0);
});

test('a server that falls silent: timeout, may have been sent', async (ctx) => {
  const server = await ctx.net.serve(() => {});
  const error = await transportFailure(open(ctx, server.url, undefined, 50)(GET, live()));
  assert.is(error.kind, 'timeout');
  assert.is(error.mayHaveBeenSent, true);
});

test('more than 16 MB, also when it comes compressed: too large', async (ctx) => {
  const bomb = gzipSync(Buffer.alloc(17 * 1024 * 1024, 32));
  const server = await ctx.net.serve((_request, response) => {
    response.setHeader('Content-Encoding', 'gzip');
    response.end(bomb);
  });
  const error = await transportFailure(open(ctx, server.url)(GET, live()));
  assert.is(error.kind, 'too-large');
  assert.is(error.mayHaveBeenSent, true);
});

test('an answer that is no HTTP, or wrongly compressed: a TransportError too', async (ctx) => {
  const noise = http.createServer();
  noise.on('connection', (socket) => socket.end('what?\r\n\r\n'));
  const port = await ctx.net.track(noise);
  assert.is((await transportFailure(open(ctx, `http://127.0.0.1:${port}`)(GET, live()))).kind, 'other');
  const server = await ctx.net.serve((_request, response) => {
    response.setHeader('Content-Encoding', 'gzip');
    response.end('not gzip at all');
  });
  assert.is((await transportFailure(open(ctx, server.url)(GET, live()))).mayHaveBeenSent, true);
});

test('the client over a real server: the deadline ends a request that hangs', async (ctx) => {
  const server = await ctx.net.serve(() => expire());
  let expire = () => {};
  const api = createClient({
    transport: open(ctx, server.url),
    origin: server.url,
    token: KEY,
    sleep: async () => {},
    random: () => 0,
    clock: () => 0,
    tries: 1,
    startTimer: (ms, run) => {
      assert.is(ms, 30_000);
      expire = run;
      return () => {};
    },
  });
  const error = (await failure(api.cancelTask('1'))) as ApiError;
  assert.instance(error, ApiError);
  assert.is(error.code, 'api.transport');
  assert.is(error.outcome, 'unclear');
  assert.match(error.message, 'DELETE /v3/applicationInstance/task/1 got no answer: none within 30 s');
});

for (const [url, code] of [
  ['http://api.i3d.net', 'api.insecure'],
  ['http://127.0.0.1.example.com', 'api.insecure'],
  ['http://128.0.0.1', 'api.insecure'],
  ['http://[::2]', 'api.insecure'],
  ['ftp://api.i3d.net', 'api.url'],
  ['file:///etc/passwd', 'api.url'],
  ['https://user:geheim@api.i3d.net', 'api.url'],
  ['https://geheim@api.i3d.net', 'api.url'],
  ['https://api.i3d.net?a=1', 'api.url'],
  ['https://api.i3d.net/#x', 'api.url'],
  ['api.i3d.net', 'api.url'],
  ['', 'api.url'],
] as const) {
  test(`base URL "${url}": ${code}`, () => {
    try {
      createHttpTransport({ baseUrl: url, env: {} });
      assert.unreachable();
    } catch (error) {
      assert.instance(error, FleetformError);
      assert.is((error as FleetformError).code, code);
      assert.not.match((error as FleetformError).message, 'geheim');
    }
  });
}

for (const url of [
  'http://localhost:1',
  'http://127.0.0.1',
  'http://127.9.9.9:80/x',
  'http://[::1]:1',
  'https://api.i3d.net/x/',
]) {
  test(`base URL "${url}" is allowed`, () => {
    createHttpTransport({ baseUrl: url, env: {} }).close();
  });
}

test.run();
