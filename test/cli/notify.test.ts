/** The webhook of the environment, for real: what arrives there, and that it is in nobody's way. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Answer, type LoopbackServer, loopback } from '../api/loopback.ts';
import {
  type Ended,
  fleetform,
  folder,
  inHours,
  KEY,
  type Served,
  type ServeOptions,
  serve,
  start,
} from '../support/cli.ts';

const it = suite('notify');
const SECRET = 'T0S3CR3T-of-the-webhook-path';

const fileOf = (names: readonly string[], when = `executeAt: ${inHours(24)}`) =>
  [
    'version: 1',
    'name: live',
    'batches:',
    ...names.map((name) => `  ${name}: { template: 7, target: { fleet: "1394296486561117719" }, ${when} }`),
    '',
  ].join('\n');

interface Scene {
  readonly api: Served;
  readonly hook: LoopbackServer;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

const ok: Answer = (_request, response) => response.end('ok');

async function scene(
  work: (scene: Scene) => Promise<void>,
  { answer = ok, file = fileOf(['a']), ...options }: ServeOptions & { answer?: Answer; file?: string } = {},
): Promise<void> {
  const net = loopback();
  const hook = await net.serve(answer);
  const api = await serve(options);
  const env = { ...api.env, FLEETFORM_NOTIFY_URL: `${hook.url}/services/${SECRET}?code=42` };
  try {
    await work({ api, hook, env, cwd: folder({ 'fleetform.yaml': file }) });
  } finally {
    await api.server.close();
    await net.end();
  }
}

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
const isNotification = ajv.compile(JSON.parse(readFileSync('schemas/notification.schema.json', 'utf8')));

interface Told {
  readonly event: Readonly<Record<string, unknown>>;
  readonly sequence: number;
  readonly name: string | null;
  readonly operation: string;
  readonly text: string;
}

function told({ seen }: LoopbackServer): Told[] {
  return seen.map(({ body }) => {
    const value: Told = JSON.parse(body) as Told;
    assert.ok(isNotification(value) as boolean, `${body}\n${JSON.stringify(isNotification.errors)}`);
    return value;
  });
}

function shows(secret: string, ended: Ended): boolean {
  return `${ended.stdout}${ended.stderr}`.includes(secret);
}

const APPLY = ['apply', '--auto-approve'];

it('the end of an apply is POSTed with its counts, to the very URL', () =>
  scene(async ({ hook, env, cwd }) => {
    const ended = await fleetform(APPLY, cwd, env);
    assert.is(ended.code, 0, ended.stderr);
    const [first, ...others] = told(hook);
    assert.is(others.length, 0);
    assert.is(first!.event.type, 'summary');
    assert.equal((first!.event.counts as { created: number }).created, 1);
    assert.is(
      first!.text,
      'live: apply: Apply complete: 1 created, 0 replaced, 0 cancelled, 0 updated, 0 adopted.',
    );
    assert.is(hook.seen[0]!.method, 'POST');
    assert.is(hook.seen[0]!.url, `/services/${SECRET}?code=42`);
    assert.is(hook.seen[0]!.headers['content-type'], 'application/json');
    assert.not.ok(JSON.stringify(hook.seen).includes(KEY));
    assert.not.ok(shows(SECRET, ended));
    await fleetform(['destroy', '--auto-approve'], cwd, env);
    assert.is((told(hook).at(-1)!.event.counts as { cancelled: number }).cancelled, 1);
  }));

it('a change that fails is told as it happens, in order, and so is the end', () =>
  scene(
    async ({ hook, env, cwd }) => {
      const ended = await fleetform(APPLY, cwd, env);
      assert.is(ended.code, 1);
      const all = told(hook);
      assert.equal(
        all.map(({ event }) => event.type),
        ['change_failed', 'summary'],
      );
      assert.equal(
        all.map(({ sequence }) => sequence),
        [1, 2],
      );
      assert.is((all[1]!.event.counts as { failed: number }).failed, 1);
    },
    {
      faultFor: ({ method }) =>
        method === 'POST' ? { when: 'before', kind: 'status', status: 400 } : undefined,
    },
  ));

it('what fails while it is waited for is told, and later as drift; a plain plan tells nothing', () =>
  scene(
    async ({ hook, env, cwd }) => {
      const ended = await fleetform([...APPLY, '--wait=1m'], cwd, env);
      assert.is(ended.code, 1, ended.stderr);
      const types = told(hook).map(({ event }) => event.type);
      assert.equal([...new Set(types)].filter((type) => type !== 'failures').sort(), [
        'summary',
        'task_failed',
        'waited',
      ]);
      assert.is(types.at(-1), 'waited');
      await fleetform(['plan'], cwd, env);
      assert.is(hook.seen.length, types.length);
      const drift = await fleetform(['plan', '--refresh-only', '--json'], cwd, env);
      JSON.parse(drift.stdout);
      const last = told(hook).slice(types.length);
      assert.equal(
        last.map(({ event }) => [event.type, event.count]),
        [['drift', 1]],
      );
    },
    {
      failRate: 1,
      pace: { actionSeconds: [1, 1], staggerSeconds: 0 },
      file: fileOf(['a']).replace(/, executeAt: \S+/, ''),
    },
  ));

it('a run that ends with an error says so, and --json and exit code are as without a webhook', () =>
  scene(
    async ({ hook, env, cwd }) => {
      const ended = await fleetform([...APPLY, '--json'], cwd, env);
      assert.is(ended.code, 1);
      const [only] = told(hook);
      assert.is(only!.event.type, 'error');
      assert.not.ok(shows(SECRET, ended));
    },
    { faultFor: () => ({ when: 'before', kind: '401' }) },
  ));

for (const [what, args, files, env] of [
  ['a file that is wrong', APPLY, { 'fleetform.yaml': 'version: 1\nname: live\nbatchez: {}\n' }, {}],
  ['a file that is missing', APPLY, { 'fleetform.yaml': null }, {}],
  ['a saved plan that is missing', ['apply', 'nope.json'], {}, {}],
  ['flags that contradict each other', [...APPLY, '--expect', `sha256:${'0'.repeat(64)}`], {}, {}],
  ['a key that is missing', APPLY, {}, { FLEETFORM_TOKEN: '' }],
  ['an API that refuses', ['plan', '--refresh-only'], {}, {}],
  ['no approval', ['apply'], {}, {}],
  ['a folder that is missing', ['--chdir', 'nowhere', ...APPLY], {}, {}],
  ['a flag that does not exist', [...APPLY, '--nope'], {}, {}],
] as const) {
  it(`${what} is told as an error, whatever is not known of it`, () =>
    scene(
      async ({ hook, env: own, cwd }) => {
        for (const [name, text] of Object.entries(files)) {
          if (text === null) rmSync(join(cwd, name));
          else writeFileSync(join(cwd, name), text);
        }
        const ended = await fleetform(args, cwd, { ...own, ...env });
        assert.is(ended.code, 1);
        const all = told(hook);
        assert.equal(
          all.map(({ event }) => event.type),
          ['error'],
        );
        assert.is(
          all[0]!.operation,
          args.find((word) => ['apply', 'plan', 'destroy'].includes(word)),
        );
      },
      args[0] === 'plan' ? { faultFor: () => ({ when: 'before', kind: '401' }) } : {},
    ));
}

it('a wrong digest is told, and a plain plan or validate tells nothing', () =>
  scene(async ({ hook, env, cwd }) => {
    await fleetform(['plan', '--out', 'p.json'], cwd, env);
    writeFileSync(join(cwd, 'bad.yaml'), 'version: 1\n');
    assert.is((await fleetform(['plan', '-f', 'bad.yaml'], cwd, env)).code, 1);
    assert.is(hook.seen.length, 0);
    await fleetform(['apply', 'p.json', '--expect', `sha256:${'0'.repeat(64)}`], cwd, env);
    assert.equal(
      told(hook).map(({ event, name }) => [event.type, name]),
      [['error', null]],
    );
  }));

it('the example of the docs is a notification', () => {
  const docs = readFileSync('.github/docs/pipelines.md', 'utf8');
  const [, text = ''] = /## Notifications[\s\S]*?```json\n([\s\S]*?)```/.exec(docs) ?? [];
  assert.ok(isNotification(JSON.parse(text)) as boolean, JSON.stringify(isNotification.errors));
});

it('for Slack there is a text alone', () =>
  scene(async ({ hook, env, cwd }) => {
    await fleetform(APPLY, cwd, { ...env, FLEETFORM_NOTIFY_FORMAT: 'slack' });
    assert.equal(
      hook.seen.map(({ body }) => Object.keys(JSON.parse(body))),
      [['text']],
    );
  }));

it('500, then 200: it is sent again', () => {
  let tries = 0;
  const answer: Answer = (_request, response) => {
    tries += 1;
    response.writeHead(tries === 1 ? 500 : 200).end();
  };
  return scene(
    async ({ hook, env, cwd }) => {
      const ended = await fleetform(APPLY, cwd, env);
      assert.is(ended.code, 0);
      assert.is(hook.seen.length, 2);
      assert.not.match(ended.stderr, 'warning');
    },
    { answer },
  );
});

it('a redirect is not followed, nor tried again: one warning, and the exit code stays', () =>
  scene(
    async ({ hook, env, cwd }) => {
      const ended = await fleetform(APPLY, cwd, env);
      assert.is(ended.code, 0);
      assert.is(hook.seen.length, 1);
      assert.match(
        ended.stderr,
        'warning: 1 notification did not reach FLEETFORM_NOTIFY_URL: it answers 302',
      );
      assert.not.ok(shows(SECRET, ended));
    },
    {
      answer: (_request, response) =>
        void response.writeHead(302, { Location: `/elsewhere/${SECRET}` }).end(),
    },
  ));

it('refused, or never answered: the work is done, and the end is not far', () =>
  scene(
    async ({ api, env, cwd }) => {
      const closed = { ...env, FLEETFORM_NOTIFY_URL: `http://127.0.0.1:1/${SECRET}` };
      for (const [each, why] of [
        [closed, 'connection refused'],
        [env, 'no answer in time'],
      ] as const) {
        const ended = await fleetform(APPLY, cwd, each);
        assert.is(ended.code, 0);
        assert.is(ended.stderr.split('warning:').length, 2, ended.stderr);
        assert.match(ended.stderr, why);
        assert.not.ok(shows(SECRET, ended));
      }
      assert.is(api.posts().length, 1);
    },
    { answer: () => {} },
  ));

/** The work is over, and told; only the receiver is waited for. */
async function waiting({ stdout }: ReturnType<typeof start>['child'], hook: LoopbackServer): Promise<void> {
  let told = '';
  stdout.on('data', (text) => {
    told += text;
  });
  while (hook.seen.length === 0 || !/^Apply (in)?complete:/m.test(told))
    await new Promise((done) => setTimeout(done, 5));
  await new Promise((done) => setTimeout(done, 300));
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  it(`${signal} while a receiver hangs ends the waiting, and not the exit code`, () =>
    scene(
      async ({ hook, env, cwd }) => {
        const { child, ended } = start(APPLY, cwd, env);
        await waiting(child, hook);
        child.kill(signal);
        const { code, stderr } = await ended;
        assert.is(code, 0, stderr);
        assert.match(stderr, 'did not reach FLEETFORM_NOTIFY_URL: a signal ended the wait');
      },
      { answer: () => {} },
    ));
}

it('a second signal, after the one that stopped the work, ends the waiting as well', () => {
  const holding: { stop?: () => void } = {};
  return scene(
    async ({ hook, env, cwd }) => {
      const { child, ended } = start(APPLY, cwd, env);
      holding.stop = () => child.kill('SIGINT');
      await waiting(child, hook);
      child.kill('SIGINT');
      const { code, stderr } = await ended;
      assert.is(code, 130, stderr);
      assert.match(stderr, 'a signal ended the wait');
    },
    {
      answer: () => {},
      delayMs: 200,
      faultFor: ({ method }) => {
        if (method === 'POST') holding.stop?.();
        return undefined;
      },
    },
  );
});

it('plain http elsewhere, other schemes, and an unknown format are refused before anything is done', () =>
  scene(async ({ api, env, cwd }) => {
    for (const url of [
      'http://hooks.example/abc',
      'ftp://hooks.example/abc',
      `https://u:${SECRET}@x.example/`,
      SECRET,
    ]) {
      const ended = await fleetform(APPLY, cwd, { ...env, FLEETFORM_NOTIFY_URL: url });
      assert.is(ended.code, 1);
      assert.match(ended.stderr, 'FLEETFORM_NOTIFY_URL cannot be used');
      assert.not.match(ended.stderr, /abc|T0S3/);
    }
    const ended = await fleetform(APPLY, cwd, { ...env, FLEETFORM_NOTIFY_FORMAT: 'xml' });
    assert.is(ended.code, 1);
    assert.is(api.requests.length, 0);
  }));

it('a key or URL in what is shown of anything is taken out', () =>
  scene(async ({ env, cwd }) => {
    const ended = await fleetform(['state', 'show', SECRET], cwd, env);
    assert.not.ok(shows(SECRET, ended), ended.stderr);
  }));

it.run();
