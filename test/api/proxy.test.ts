import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TransportError } from '../../src/api/errors.ts';
import { createHttpTransport } from '../../src/api/http.ts';
import { proxyFor } from '../../src/api/proxy.ts';
import { FleetformError } from '../../src/model/errors.ts';
import { failure, KEY } from './fake-transport.ts';
import { closedPort, type Loopback, loopback } from './loopback.ts';
import { selfSigned } from './self-signed.ts';

const choice = suite('proxy: which');

const TARGET = new URL('https://api.i3d.net');
const HTTPS_PROXY = 'http://proxy.example:3128';

for (const [noProxy, isUsed] of [
  ['', true],
  ['*', false],
  ['api.i3d.net', false],
  ['i3d.net', false],
  ['.i3d.net', false],
  ['*.i3d.net', false],
  ['other.example, API.I3D.NET', false],
  ['api.i3d.net:443', false],
  ['api.i3d.net:8443', true],
  ['i.i3d.net', true],
  ['3d.net', true],
  ['.', true],
] as const) {
  choice(`NO_PROXY="${noProxy}": ${isUsed ? 'through the proxy' : 'straight there'}`, () => {
    const proxy = proxyFor(TARGET, { HTTPS_PROXY, NO_PROXY: noProxy });
    assert.is(proxy?.href, isUsed ? 'http://proxy.example:3128/' : undefined);
  });
}

choice('an IPv6 address in NO_PROXY, in both spellings', () => {
  const target = new URL('https://[2001:db8::1]:8443');
  assert.is(proxyFor(target, { HTTPS_PROXY, NO_PROXY: '2001:db8::1' }), null);
  assert.is(proxyFor(target, { HTTPS_PROXY, NO_PROXY: '[2001:db8::1]:8443' }), null);
  assert.is.not(proxyFor(target, { HTTPS_PROXY, NO_PROXY: '[2001:db8::1]:443' }), null);
});

choice('lower case beats upper case, HTTPS_PROXY beats ALL_PROXY, HTTP_PROXY does not count', () => {
  assert.is(proxyFor(TARGET, { HTTPS_PROXY, https_proxy: 'http://lower:1' })?.host, 'lower:1');
  assert.is(proxyFor(TARGET, { HTTPS_PROXY, ALL_PROXY: 'http://all:1' })?.host, 'proxy.example:3128');
  assert.is(proxyFor(TARGET, { ALL_PROXY: 'http://all:1' })?.host, 'all:1');
  assert.is(proxyFor(TARGET, { HTTP_PROXY: 'http://plain:1' }), null);
  assert.is(proxyFor(TARGET, { HTTPS_PROXY: 'proxy.example:3128' })?.href, 'http://proxy.example:3128/');
  assert.is(proxyFor(TARGET, { HTTPS_PROXY: '' }), null);
});

choice('this machine never', () => {
  for (const url of ['http://127.0.0.1:1', 'https://127.0.0.1', 'https://localhost:1', 'https://[::1]:1']) {
    assert.is(proxyFor(new URL(url), { HTTPS_PROXY, ALL_PROXY: HTTPS_PROXY }), null);
  }
});

choice('a proxy that cannot be used is an error that does not show it', () => {
  for (const proxy of ['socks5://user:geheim@proxy:1', 'http://geheim:a b@', 'http://']) {
    try {
      proxyFor(TARGET, { HTTPS_PROXY: proxy });
      assert.unreachable();
    } catch (error) {
      assert.instance(error, FleetformError);
      assert.is((error as FleetformError).code, 'api.proxy');
      assert.not.match((error as FleetformError).message, 'geheim');
    }
  }
});

choice.run();

interface Ctx {
  net: Loopback;
  close: (() => void)[];
}

const tunnel = suite<Ctx>('proxy: tunnel');

tunnel.before.each((ctx) => {
  ctx.net = loopback();
  ctx.close = [];
});
tunnel.after.each(async ({ net, close }) => {
  for (const end of close) end();
  await net.end();
});

const HOST = 'api.fleet.example';
const GET = { method: 'GET', path: '/v3/x', headers: { 'PRIVATE-TOKEN': KEY } } as const;
const live = () => new AbortController().signal;

interface Proxy {
  readonly port: number;
  readonly asked: { readonly target: string; readonly headers: http.IncomingHttpHeaders }[];
  /** Every byte that the client sent through it. */
  readonly bytes: () => string;
}

/** CONNECT to whatever name leads to `port` of this machine; any other request is recorded and refused. */
async function connectProxy(
  loop: Loopback,
  port: number,
  options: { refuse?: number; tls?: { key: string; cert: string } } = {},
): Promise<Proxy> {
  const asked: Proxy['asked'] = [];
  const chunks: Buffer[] = [];
  const onRequest: http.RequestListener = (request, response) => {
    asked.push({ target: `PLAIN ${request.url}`, headers: request.headers });
    response.writeHead(400).end();
  };
  const server =
    options.tls === undefined ? http.createServer(onRequest) : https.createServer(options.tls, onRequest);
  server.on('connect', (request, client: net.Socket) => {
    asked.push({ target: request.url ?? '', headers: request.headers });
    client.on('error', () => {});
    if (options.refuse !== undefined) return client.end(`HTTP/1.1 ${options.refuse} No\r\n\r\nproxy says no`);
    const onward = net.connect(port, '127.0.0.1', () =>
      client.write('HTTP/1.1 200 Connection established\r\n\r\n'),
    );
    onward.on('error', () => client.destroy());
    client.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      onward.write(chunk);
    });
    onward.pipe(client);
    client.once('close', () => onward.destroy());
    return undefined;
  });
  const listening = await loop.track(server);
  return { port: listening, asked, bytes: () => Buffer.concat(chunks).toString('latin1') };
}

function open(ctx: Ctx, port: number, env: Record<string, string>, ca?: string) {
  const transport = createHttpTransport({
    baseUrl: `https://${HOST}:${port}/i3d`,
    env,
    ...(ca === undefined ? {} : { ca }),
  });
  ctx.close.push(() => transport.close());
  return transport;
}

tunnel('https goes through CONNECT, end to end: the proxy sees neither key nor path', async (ctx) => {
  const tls = selfSigned(HOST);
  const server = await ctx.net.serve((_request, response) => response.end('[1]'), tls);
  const proxy = await connectProxy(ctx.net, server.port);
  const transport = open(ctx, server.port, { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` }, tls.cert);
  assert.is((await transport(GET, live())).body, '[1]');
  assert.is((await transport({ ...GET, method: 'POST', body: '{"secret":1}' }, live())).body, '[1]');
  assert.equal(
    proxy.asked.map(({ target }) => target),
    [`${HOST}:${server.port}`],
    'one tunnel, kept alive',
  );
  assert.is(proxy.asked[0]!.headers['private-token'], undefined);
  assert.is(proxy.asked[0]!.headers['proxy-authorization'], undefined);
  assert.ok(proxy.bytes().length > 200, 'the TLS records went through it');
  assert.not.match(proxy.bytes(), KEY);
  assert.not.match(proxy.bytes(), '/v3/x');
  assert.is(server.seen[0]!.url, '/i3d/v3/x');
  assert.is(server.seen[0]!.headers['private-token'], KEY);
  assert.is(server.seen[0]!.headers['proxy-authorization'], undefined);
});

tunnel('requests at the same time get a tunnel each', async (ctx) => {
  const tls = selfSigned(HOST);
  const server = await ctx.net.serve((_request, response) => response.end('[1]'), tls);
  const proxy = await connectProxy(ctx.net, server.port);
  const transport = open(ctx, server.port, { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` }, tls.cert);
  const answers = await Promise.all([1, 2, 3].map(() => transport(GET, live())));
  assert.equal(
    answers.map(({ body }) => body),
    ['[1]', '[1]', '[1]'],
  );
  assert.is(proxy.asked.length, 3);
});

tunnel("the proxy's credentials go to the proxy alone", async (ctx) => {
  const tls = selfSigned(HOST);
  const server = await ctx.net.serve((_request, response) => response.end('[]'), tls);
  const proxy = await connectProxy(ctx.net, server.port);
  const HTTPS_PROXY = `http://me%40x:p%3Aw@127.0.0.1:${proxy.port}`;
  await open(ctx, server.port, { HTTPS_PROXY }, tls.cert)(GET, live());
  const sent = Buffer.from(
    proxy.asked[0]!.headers['proxy-authorization']!.split(' ')[1]!,
    'base64',
  ).toString();
  assert.is(sent, 'me@x:p:w');
  assert.is(server.seen[0]!.headers['proxy-authorization'], undefined);
});

tunnel('a proxy that speaks TLS itself is verified as well', async (ctx) => {
  const tls = selfSigned(HOST);
  const server = await ctx.net.serve((_request, response) => response.end('[]'), tls);
  const proxy = await connectProxy(ctx.net, server.port, { tls: selfSigned('localhost') });
  const env = { HTTPS_PROXY: `https://localhost:${proxy.port}` };
  const error = (await failure(open(ctx, server.port, env, tls.cert)(GET, live()))) as TransportError;
  assert.instance(error, TransportError);
  assert.match(error.message, 'cannot be used (DEPTH_ZERO_SELF_SIGNED_CERT)');
  assert.is(proxy.asked.length, 0);
  assert.is(server.seen.length, 0);
});

tunnel('an untrusted certificate behind the proxy: tls, not sent', async (ctx) => {
  const server = await ctx.net.serve((_request, response) => response.end('[]'), selfSigned(HOST));
  const proxy = await connectProxy(ctx.net, server.port);
  const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
  const error = (await failure(open(ctx, server.port, env)(GET, live()))) as TransportError;
  assert.is(error.kind, 'tls');
  assert.is(error.mayHaveBeenSent, false);
  assert.is(server.seen.length, 0);
});

for (const status of [204, 302, 403, 407, 502]) {
  tunnel(
    `a proxy that answers ${status} to CONNECT: not sent, and not taken for the API's answer`,
    async (ctx) => {
      const proxy = await connectProxy(ctx.net, 1, { refuse: status });
      const transport = open(ctx, 443, { HTTPS_PROXY: `http://me:geheim@127.0.0.1:${proxy.port}` });
      const error = (await failure(transport(GET, live()))) as TransportError;
      assert.instance(error, TransportError);
      assert.is(error.mayHaveBeenSent, false);
      assert.match(error.message, `127.0.0.1:${proxy.port} refused the tunnel to ${HOST}:443 (${status})`);
      assert.not.match(error.message, 'geheim');
    },
  );
}

tunnel('no proxy there: not sent', async (ctx) => {
  const transport = open(ctx, 443, { HTTPS_PROXY: `http://127.0.0.1:${await closedPort()}` });
  const error = (await failure(transport(GET, live()))) as TransportError;
  assert.instance(error, TransportError);
  assert.is(error.mayHaveBeenSent, false);
  assert.match(error.message, 'cannot be used (ECONNREFUSED)');
});

tunnel('a proxy that never answers: given up, not sent; close() ends the rest', async (ctx) => {
  const controller = new AbortController();
  const silent = http.createServer();
  silent.on('connect', () => controller.abort());
  const port = await ctx.net.track(silent);
  const transport = open(ctx, 443, { HTTPS_PROXY: `http://127.0.0.1:${port}` });
  const error = (await failure(transport(GET, controller.signal))) as TransportError;
  assert.is(error.kind, 'aborted');
  assert.is(error.mayHaveBeenSent, false);
});

tunnel('a loopback target never goes through the proxy', async (ctx) => {
  const server = await ctx.net.serve((_request, response) => response.end('[]'));
  const proxy = await connectProxy(ctx.net, server.port);
  const text = `http://127.0.0.1:${proxy.port}`;
  const transport = createHttpTransport({
    baseUrl: server.url,
    env: { HTTPS_PROXY: text, HTTP_PROXY: text, ALL_PROXY: text, http_proxy: text, https_proxy: text },
  });
  ctx.close.push(() => transport.close());
  await transport(GET, live());
  assert.is(proxy.asked.length, 0);
  assert.is(server.seen.length, 1);
});

tunnel("the process's own proxy variables don't count, only those passed in", async (ctx) => {
  const server = await ctx.net.serve((_request, response) => response.end('[]'));
  const proxy = await connectProxy(ctx.net, server.port);
  const before = process.env.http_proxy;
  process.env.http_proxy = `http://127.0.0.1:${proxy.port}`;
  try {
    const transport = createHttpTransport({ baseUrl: server.url, env: {} });
    ctx.close.push(() => transport.close());
    await transport(GET, live());
  } finally {
    if (before === undefined) delete process.env.http_proxy;
    else process.env.http_proxy = before;
  }
  assert.is(proxy.asked.length, 0);
});

tunnel.run();
