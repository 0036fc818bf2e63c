/** For real: a signal while requests are under way and others wait. What has not been sent is not, and it says so. */
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetform, folder, inHours, type Served, type ServeOptions, serve, start } from '../support/cli.ts';

const it = suite('stop');
const COUNT = 30;

/** One turn each: they all go out at once, as far as there is room. */
const FILE = [
  'version: 1',
  'name: live',
  'batches:',
  ...Array.from(
    { length: COUNT },
    (_, i) =>
      `  b${i}: { template: 7, target: { fleet: "1394296486561117719" }, executeAt: ${inHours(24 + i)} }`,
  ),
  '',
].join('\n');

async function withApi(options: ServeOptions, work: (api: Served, cwd: string) => Promise<void>) {
  const { faultFor } = options;
  const api: Served = await serve({
    ...options,
    ...(faultFor && {
      // What meets a fault does not come to the sandbox itself.
      faultFor: (request) => {
        const fault = faultFor(request);
        if (fault !== undefined) api.requests.push(request);
        return fault;
      },
    }),
  });
  try {
    await work(api, folder({ 'fleetform.yaml': FILE }));
  } finally {
    await api.server.close();
  }
}

const sent = ({ requests }: Served, method: string) => requests.filter((one) => one.method === method).length;

/** Sends the signal once the first of them is under way; how many had been sent by then. */
async function stopAt(
  child: ChildProcess,
  api: Served,
  method: string,
  signal: NodeJS.Signals,
): Promise<number> {
  while (sent(api, method) === 0) await new Promise((done) => setTimeout(done, 5));
  const before = sent(api, method);
  child.kill(signal);
  return before;
}

for (const [signal, parallelism] of [
  ['SIGINT', 5],
  ['SIGTERM', 1],
  ['SIGHUP', 5],
] as const) {
  it(`${signal}, ${parallelism} at a time: what waits for its turn is dropped, and told`, () =>
    withApi({ delayMs: 150 }, async (api, cwd) => {
      const args = ['apply', '--auto-approve', `--parallelism=${parallelism}`, '--json'];
      const { child, ended } = start(args, cwd, api.env);
      const before = await stopAt(child, api, 'POST', signal);
      const { code, stdout } = await ended;
      assert.is(code, 130);
      const made = sent(api, 'POST');
      assert.ok(made <= before + parallelism, `${made} of ${COUNT}, ${before} before the signal`);
      const lines = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      const starts = lines.filter(({ type }) => type === 'apply_start').length;
      assert.is(starts, made, 'what was not sent has not started');
      const last = lines.findLast(({ type }) => type === 'change_summary').changes;
      assert.equal([last.created, last.skipped, last.interrupted], [made, COUNT - made, true]);
      assert.is((await fleetform(['apply', '--auto-approve'], cwd, api.env)).code, 0);
      assert.is(api.posts().length, COUNT, 'and each once');
    }));
}

it('after the signal it says what is still waited for, how long at most, and what a second one does', () =>
  withApi({ delayMs: 1500 }, async (api, cwd) => {
    const { child, ended } = start(['apply', '--auto-approve', '--parallelism=2'], cwd, api.env);
    await stopAt(child, api, 'POST', 'SIGINT');
    const { code, stderr } = await ended;
    assert.is(code, 130);
    assert.match(
      stderr,
      /\nSIGINT: finishing what is in progress\. A second Ctrl-C exits immediately\.\n(.*\n)*?Waiting at most (2\d|30) s for the answers? to (2 x )?POST \/v3\/applicationInstance\/task\.\n/,
    );
  }));

it('a 429 that the signal cuts short is told in whole sentences', () => {
  const throttle = { when: 'before', kind: '429-seconds', retryAfter: 60 } as const;
  return withApi(
    { faultFor: ({ method }) => (method === 'POST' ? throttle : undefined) },
    async (api, cwd) => {
      const { child, ended } = start(['apply', '--auto-approve', '--parallelism=1'], cwd, api.env);
      await stopAt(child, api, 'POST', 'SIGTERM');
      const { stdout, stderr } = await ended;
      const all = stdout + stderr;
      assert.match(all, / \(it may have happened anyway\)\. Apply again/);
      assert.not.match(all, /[.;:,]\s*[.;:,]|\. \(/);
    },
  );
});

it('a stop when all is under way already is told with 130, too', () =>
  withApi({ delayMs: 1500 }, async (api, cwd) => {
    const { child, ended } = start(['apply', '--auto-approve', `--parallelism=${COUNT}`], cwd, api.env);
    while (sent(api, 'POST') < COUNT) await new Promise((done) => setTimeout(done, 5));
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    assert.is(code, 130);
    assert.match(stdout, `Apply complete: ${COUNT} created`);
  }));

it('a destroy that is stopped sends no more cancels', () =>
  withApi({ delayMs: 20 }, async (api, cwd) => {
    assert.is((await fleetform(['apply', '--auto-approve', '--quiet'], cwd, api.env)).code, 0);
    const { child, ended } = start(['destroy', '--auto-approve', '--parallelism=4'], cwd, api.env);
    const before = await stopAt(child, api, 'DELETE', 'SIGINT');
    assert.is((await ended).code, 130);
    assert.ok(sent(api, 'DELETE') <= before + 8, `${sent(api, 'DELETE')}, ${before} before the signal`);
  }));

it('a long Retry-After is not waited for', () => {
  const throttle = { when: 'before', kind: '429-seconds', retryAfter: 86_400 } as const;
  return withApi(
    { faultFor: ({ method }) => (method === 'POST' ? throttle : undefined) },
    async (api, cwd) => {
      const { child, ended } = start(['apply', '--auto-approve'], cwd, api.env);
      await stopAt(child, api, 'POST', 'SIGTERM');
      assert.is((await ended).code, 130);
    },
  );
});

it('nor is another’s lock', () =>
  withApi({ delayMs: 3000 }, async (api, cwd) => {
    const held = start(['apply', '--auto-approve'], cwd, api.env);
    while (api.requests.length === 0) await new Promise((done) => setTimeout(done, 5));
    const waiting = start(['apply', '--auto-approve', '--lock-timeout=10m'], cwd, api.env);
    await new Promise<void>((done) => waiting.child.stderr.once('data', () => done()));
    waiting.child.kill('SIGINT');
    const { code, stderr } = await waiting.ended;
    assert.is(code, 130);
    assert.match(stderr, 'Interrupted; nothing was started.');
    held.child.kill('SIGINT');
    assert.is((await held.ended).code, 130);
  }));

it('nor is the end of batches', () =>
  withApi({}, async (api, cwd) => {
    const { child, ended } = start(['apply', '--auto-approve', '--wait'], cwd, api.env);
    while (sent(api, 'POST') < COUNT) await new Promise((done) => setTimeout(done, 20));
    const reads = sent(api, 'GET');
    while (sent(api, 'GET') < reads + COUNT) await new Promise((done) => setTimeout(done, 20));
    child.kill('SIGINT');
    assert.is((await ended).code, 130);
  }));

it('the reads that a plan needs are not waited for either', () =>
  withApi({ faultFor: () => ({ when: 'before', kind: 'status', status: 503 }) }, async (api, cwd) => {
    const { child, ended } = start(['apply', '--auto-approve'], cwd, api.env);
    await stopAt(child, api, 'GET', 'SIGINT');
    const { code, stderr } = await ended;
    assert.is(code, 130);
    assert.match(stderr, 'Interrupted; nothing was started.');
  }));

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  it(`${signal} ends a status --watch whose read hangs: it is not tried again`, () => {
    let hung = -1;
    const faultFor: ServeOptions['faultFor'] = ({ path }) => {
      if (hung < 0 || !path.endsWith('/taskBatch')) return undefined;
      hung += 1;
      return { when: 'before', kind: 'hang' };
    };
    return withApi({ faultFor }, async (api, cwd) => {
      assert.is((await fleetform(['apply', '--auto-approve', '--quiet'], cwd, api.env)).code, 0);
      hung = 0;
      const { child, ended } = start(['status', '--watch'], cwd, api.env);
      while (hung < 1) await new Promise((done) => setTimeout(done, 5));
      child.kill(signal);
      assert.is((await ended).code, 130);
      assert.is(hung, 1);
    });
  });
}

it('an import that is stopped gives its lock back', () =>
  withApi({ faultFor: () => ({ when: 'before', kind: 'status', status: 503 }) }, async (api, cwd) => {
    const { child, ended } = start(['import', 'b1', '4001'], cwd, api.env);
    await stopAt(child, api, 'GET', 'SIGTERM');
    const { code, stderr } = await ended;
    assert.is(code, 130);
    assert.match(stderr, 'Interrupted; nothing was started.');
    assert.not(existsSync(join(cwd, '.fleetform', 'live.lock.json')));
  }));

it.run();
