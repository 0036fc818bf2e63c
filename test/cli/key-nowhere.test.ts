/**
 * Whatever the API echoes, in whatever encoding, and whatever goes wrong meanwhile: no credential leaves by any output.
 * Drawn, each time the same; the echoes are made by another hand than what takes them out (`support/echoes.ts`).
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ApiRequest, ApiResponse } from '../../src/api/port.ts';
import { handle } from '../../src/sandbox/sandbox.ts';
import { emptyRecord } from '../../src/sandbox/world.ts';
import { editRows, is, type Row } from '../support/answers.ts';
import { fleetform, folder, inHours } from '../support/cli.ts';
import { ECHOES, traceIn } from '../support/echoes.ts';
import type { FaultKind } from '../support/sandbox/fault.ts';
import { type RunningServer, serveSandbox } from '../support/sandbox/server.ts';
import '../support/seed.ts';

const it = suite('the key is nowhere');

const FILE = (params: string) =>
  'version: 1\nname: live-ops\nfleets: { eu: 1394296486561117717, us: "1394296486561117718" }\nbatches:\n' +
  `  eu: { template: Restart game server, target: { fleet: eu }, executeAt: ${inHours(24)} }\n` +
  `  us: { template: 8, target: { fleet: us }, params: { buildId: ${params} }, executeAt: ${inHours(30)} }\n`;

const PROXY_PASSWORD = 'pr0xy-p4ssw0rd';
const FAULTS: readonly (FaultKind | null)[] = [
  null,
  null,
  '500',
  'reset',
  'html',
  'malformed',
  'redirect',
  'cut',
];

/** Into each text that a row has, and into some that it has not. */
function echoing(request: ApiRequest, response: ApiResponse, texts: readonly string[]): ApiResponse {
  const text = texts.join(' ');
  const headers = { ...response.headers, 'x-echo': texts[0]!.replace(/[^\x21-\x7e]/g, ''), 'page-token': '' };
  if (response.status >= 300) {
    return { status: response.status, headers, body: JSON.stringify({ errorMessage: text, errors: [] }) };
  }
  const edited = editRows(response, (rows) => {
    const echoed = rows.map((row): Row => {
      if (is.task(request) || is.taskList(request) || is.serverTasks(request)) {
        return { ...row, resultCode: 126, resultText: text, finishedAt: 1, [text]: text };
      }
      if (is.batch(request) || is.batchList(request)) return { ...row, numTasksFailed: 1, note: text };
      // The file names this one by its id: so its name gets into the plan and the state.
      return { ...row, description: text, ...(String(row.id) === '8' && { name: text }) };
    });
    const isTemplates = request.path.endsWith('/template');
    return isTemplates ? [...echoed, { ...echoed[0], id: 999, name: text }] : echoed;
  });
  return { ...edited, headers };
}

async function served(texts: readonly string[], faultOf: (index: number) => FaultKind | null) {
  const record = emptyRecord();
  let count = 0;
  return serveSandbox({
    answer: (request) =>
      echoing(request, handle(request, record, Math.floor(Date.now() / 1000), {}).response, texts),
    faultFor(request) {
      count += 1;
      const kind = faultOf(count);
      return kind === null || request.path.endsWith('/template') ? undefined : { when: 'after', kind };
    },
  });
}

/** Everything that a run leaves, by the name of where. */
async function leavings(server: RunningServer, key: string): Promise<Record<string, string>> {
  const cwd = folder({ 'fleetform.yaml': FILE('8812') });
  const env = {
    FLEETFORM_API_URL: server.url,
    FLEETFORM_TOKEN: key,
    HTTPS_PROXY: `http://user:${PROXY_PASSWORD}@127.0.0.1:9`,
    FLEETFORM_SETTLE: '0s',
  };
  const left: Record<string, string> = {};
  const debug = ['--log-level', 'debug'];
  const run = async (...args: string[]) => {
    const { stdout, stderr } = await fleetform([...args, ...debug], cwd, env);
    left[`${args.join(' ')}: stdout`] = stdout;
    left[`${args.join(' ')}: stderr`] = stderr;
  };
  await run('plan', '--out', 'p.json', '--markdown', 'p.md', '--html', 'p.html');
  await run('apply', '--auto-approve', '--json', '--wait=1s');
  await run('status', '--html', 's.html');
  await run('status', '--json');
  await run('templates');
  await run('templates', '--json');
  for (const at of [cwd, join(cwd, '.fleetform')]) {
    if (!existsSync(at)) continue;
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      if (entry.isFile() && entry.name !== 'fleetform.yaml') {
        left[entry.name] = readFileSync(join(at, entry.name), 'utf8');
      }
    }
  }
  return left;
}

it('in no output of no command, under faults and echoes', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('k3y-that-nobody-may-see', 'a/b+c=d&e<f>"g\'h\\i~j', 'Zm9vYmFyYmF6'),
      fc.shuffledSubarray(Object.values(ECHOES), { minLength: 4 }),
      fc.array(fc.constantFrom(...FAULTS), { minLength: 7, maxLength: 7 }),
      async (key, echoes, faults) => {
        const texts = echoes.map((echo) => echo(key));
        texts.push(Buffer.from(`user:${PROXY_PASSWORD}`).toString('base64'));
        const server = await served(texts, (index) => faults[index % faults.length] ?? null);
        try {
          for (const [where, text] of Object.entries(await leavings(server, key))) {
            for (const secret of [key, PROXY_PASSWORD]) assert.is(traceIn(text, secret), null, where);
            if (text.includes('[key]')) seen.add(where);
          }
        } finally {
          await server.close();
        }
      },
    ),
    // The first goes through to its end.
    {
      numRuns: 4,
      endOnFailure: true,
      examples: [['k3y-that-nobody-may-see', Object.values(ECHOES), [null]]],
    },
  );
  // Else the echoes were not where they could have been shown.
  for (const where of [
    'templates: stdout',
    'templates --json: stdout',
    'status --json: stdout',
    'p.json',
    'p.md',
    'p.html',
    's.html',
    'live-ops.state.json',
  ]) {
    assert.ok(seen.has(where), `${where} showed no echo: ${[...seen].join(', ')}`);
  }
});

it('a file that holds it: refused where it would be sent, and printed by nothing', async () => {
  const key = 'k3y-that-nobody-may-see';
  const server = await served(['x'], () => null);
  try {
    for (const written of [`"${key}"`, `"${Buffer.from(`u:${key}`).toString('base64')}"`]) {
      const cwd = folder({ 'fleetform.yaml': FILE(written) });
      for (const args of [
        ['plan', '--out', 'p.json'],
        ['apply', '--auto-approve', '--json'],
        ['validate', '--json'],
        ['fmt', '--diff', '--check'],
        ['show', key],
        [key],
        ['plan', '--var', key],
      ]) {
        const env = { FLEETFORM_API_URL: server.url, FLEETFORM_TOKEN: key };
        const { code, stdout, stderr } = await fleetform([...args, '--log-level', 'debug'], cwd, env);
        assert.is(traceIn(stdout + stderr, key), null, args.join(' '));
        if (args[0] === 'plan' || args[0] === 'apply') assert.is(code === 0, false, args.join(' '));
      }
      assert.not.ok(existsSync(join(cwd, '.fleetform/live-ops.state.json')));
    }
  } finally {
    await server.close();
  }
});

it('a key in a file is known to commands that need none', async () => {
  const key = 'k3y-that-nobody-may-see';
  const cwd = folder({
    'fleetform.yaml': `version: 1\nname: x\nbatches: { ${key}: { nonsense: ${key} } }\n`,
  });
  writeFileSync(join(cwd, 'token'), `${key}\n`);
  const env = { FLEETFORM_TOKEN_FILE: join(cwd, 'token') };
  const { code, stdout, stderr } = await fleetform(['validate'], cwd, env);
  assert.is(code, 1);
  assert.is(traceIn(stdout + stderr, key), null);
  assert.match(stderr, '[key]');
});

it.run();
