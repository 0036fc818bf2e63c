/** What a command loads, and that nothing is loaded before it is needed: files of `dist/`, packages, Node's modules. */

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { answers } from '../../src/cli/command-line/answers.ts';
import { CLI, fleetform, folder } from '../support/cli.ts';

const it = suite('start-up');

interface Loaded {
  /** Names of the files of `dist/`. */
  readonly files: readonly string[];
  readonly packages: readonly string[];
  /** As users name them. */
  readonly builtIns: ReadonlySet<string>;
  /** Node's own, which takes 20 ms. */
  readonly fetchIsLoaded: boolean;
}

const HOOK = `process.on('exit', () => require('fs').writeFileSync(process.env.LOADED, JSON.stringify({
  paths: Object.keys(require.cache), builtIns: process.moduleLoadList })));`;

const FILE = `version: 1
name: live
api: sandbox
fleets: { eu: "1394296486561117717" }
batches:
  hotfix: { template: Restart game server, target: { fleet: eu }, executeAt: 2030-01-01T00:00:00Z }
`;
const CRON = '{ cron: "30 4 * * *", timezone: UTC, horizon: 7d }';
const WITH_SCHEDULE = `${FILE}  nightly: { template: Restart game server, target: { fleet: eu }, schedule: ${CRON} }\n`;

async function loadedBy(
  args: readonly string[],
  file = FILE,
  code = 0,
  env: Readonly<Record<string, string>> = {},
): Promise<Loaded> {
  const cwd = folder({ 'fleetform.yaml': file, 'hook.cjs': HOOK });
  const [hook, told] = [join(cwd, 'hook.cjs'), join(cwd, 'loaded.json')];
  const ended = await fleetform(args, cwd, { NODE_OPTIONS: `--require=${hook}`, LOADED: told, ...env });
  assert.is(ended.code, code, ended.stderr);
  const { paths, builtIns } = JSON.parse(readFileSync(told, 'utf8'));
  const own = (paths as string[]).filter((path) => path !== hook);
  return {
    files: own.map((path) => basename(path)),
    packages: [...new Set(own.flatMap(packagesOf))].sort(),
    builtIns: new Set(
      (builtIns as string[])
        .map((name) => /^NativeModule ((?!internal).+)$/.exec(name)?.[1])
        .filter((name) => name !== undefined),
    ),
    fetchIsLoaded: (builtIns as string[]).some((name) => name.includes('undici')),
  };
}

/** The build says in its first line what a file holds. */
function packagesOf(path: string): string[] {
  if (path === CLI) return [];
  const line = /^\/\/ packages:(.*)\n/.exec(readFileSync(path, 'utf8'));
  assert.ok(line, `${path} does not say which packages are in it`);
  return line[1]!.split(' ').filter((name) => name !== '');
}

const READY = [['--version'], ['--help'], ['plan', '--help'], ['help', 'apply'], ['state', 'list', '-h']];

for (const args of [...READY, ...['bash', 'zsh', 'fish'].map((shell) => ['completion', shell])]) {
  it(`${args.join(' ')} takes the entry alone`, async () => {
    const { files, builtIns } = await loadedBy(args);
    assert.equal(files, ['cli.js']);
    for (const name of ['child_process', 'crypto', 'fs/promises', 'os', 'v8'])
      assert.not(builtIns.has(name), name);
  });
}

const COMMANDS = ['commander', 'fastest-levenshtein'];
/** It looks for the file, with what it needs for that. */
const SEARCH = ['cosmiconfig', 'env-paths'];

for (const args of [['validate'], ['state', 'list'], ['schema']]) {
  for (const [name, file] of [
    ['a file without a schedule', FILE],
    // The state is about no time.
    ...(args[0] === 'validate' ? [] : [['one with a schedule', WITH_SCHEDULE] as const]),
  ] as const) {
    it(`${args.join(' ')} loads no package for what it does not do, of ${name}`, async () => {
      const { packages, files } = await loadedBy(args, file);
      const allowed = args[0] === 'schema' ? COMMANDS : [...COMMANDS, ...SEARCH].sort();
      assert.equal(packages, allowed);
      assert.not(files.includes('croner.js'));
    });
  }
}

it('force-unlock loads what words of an error are wrapped with, and nothing that judges time', async () => {
  const { packages } = await loadedBy(['force-unlock', 'x'], WITH_SCHEDULE, 1);
  for (const name of ['croner', 'axios', 'pg', 'listr2', 'diff', 'yaml', 'lossless-json'])
    assert.not(packages.includes(name), name);
});

it('validate needs no cryptography, no other program, no client of the API and no state', async () => {
  const { builtIns, files } = await loadedBy(['validate']);
  for (const name of ['child_process', 'crypto', 'http', 'https', 'dns', 'timers/promises'])
    assert.not(builtIns.has(name), name);
  assert.ok(files.length < 40, files.join(' '));
});

it('validate of a schedule loads croner', async () => {
  assert.ok((await loadedBy(['validate'], WITH_SCHEDULE)).files.includes('croner.js'));
});

it('a plan of plain words loads no tables of wide characters before it shows any, and no other backend', async () => {
  const { packages } = await loadedBy(['plan', '--json']);
  for (const name of ['croner', 'axios', 'pg', 'listr2', 'diff', 'yaml', 'string-width', 'wrap-ansi'])
    assert.not(packages.includes(name), name);
});

it('an API over HTTP takes axios, and nothing of it that no request needs', async () => {
  const { packages, builtIns, fetchIsLoaded } = await loadedBy(
    ['plan', '--api-url', 'http://127.0.0.1:9', '--json'],
    FILE,
    1,
    { FLEETFORM_TOKEN: 'not-a-real-key' },
  );
  assert.ok(packages.includes('axios'), packages.join(' '));
  for (const name of ['form-data', 'mime-db', 'follow-redirects', 'https-proxy-agent', 'debug'])
    assert.not(packages.includes(name), name);
  assert.not(builtIns.has('http2'));
  assert.not(fetchIsLoaded);
});

it('a command bounds the heap, whatever it does, before it reads anything', async () => {
  const tell = `const all = []; require('v8').setFlagsFromString = (flag) => all.push(flag);
    process.on('exit', () => require('fs').writeFileSync('flags.txt', all.join(' ')));`;
  for (const args of [['validate'], ['plan', '--json'], ['state', 'list']]) {
    const cwd = folder({ 'hook.cjs': tell, 'fleetform.yaml': 'no: [' });
    await fleetform(args, cwd, { NODE_OPTIONS: `--require=${join(cwd, 'hook.cjs')}` });
    const flags = readFileSync(join(cwd, 'flags.txt'), 'utf8');
    assert.is(flags, '--heap-growing-percent=50 --semi-space-growth-factor=8', args.join(' '));
  }
});

it('what the build keeps of help and completion is what the commands say', async () => {
  const kept = join(dirname(CLI), 'answers');
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const expected = answers();
  assert.equal(readdirSync(kept).sort(), [...expected.keys()].map((words) => `${words}.txt`).sort());
  for (const [words, text] of expected) {
    const found = readFileSync(join(kept, `${words}.txt`), 'utf8');
    assert.is(found, text.replaceAll('0.0.0-test', version), words);
  }
});

it('and is what the program answers, where it is asked', async () => {
  const cwd = folder({
    'program.cjs': `require(${JSON.stringify(join(dirname(CLI), 'chunks/program.js'))}).run(process.argv.slice(2));`,
  });
  for (const args of [...READY.slice(1), ['help'], ['-h'], ['completion', 'zsh'], ['state', '--help']]) {
    const slow = spawnSync(process.execPath, [join(cwd, 'program.cjs'), ...args], { encoding: 'utf8' });
    assert.is((await fleetform(args, cwd)).stdout, slow.stdout, args.join(' '));
  }
});

it('what has no answer ready is asked of the program', async () => {
  const cwd = folder();
  for (const args of [
    ['../package', '--help'],
    ['state.list', '--help'],
    ['plam', '--help'],
    ['help', 'plam'],
  ]) {
    const { code, stdout, stderr } = await fleetform(args, cwd);
    assert.is(code, 1, args.join(' '));
    assert.is(stdout, '');
    assert.match(stderr, /unknown command/);
  }
});

it.run();
