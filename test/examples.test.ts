/** Each example validates, plans and applies as it stands; the package holds what its users need and nothing else. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { git } from './pipelines/workspace.ts';
import { environment, fleetform, folder } from './support/cli.ts';
import { stateServer } from './support/state-server.ts';

const it = suite('examples');

const examples = readdirSync('examples');

it('there are examples', () => {
  assert.equal(examples.sort(), [
    'demo',
    'deploy',
    'first',
    'folder',
    'github-actions',
    'gitlab-ci',
    'nightly-restart',
    'schedule',
  ]);
});

interface Place {
  readonly env: Readonly<Record<string, string>>;
  readonly end: () => Promise<void>;
}

const NOWHERE: Place = { env: {}, end: async () => {} };

/** Where those of pipelines keep their state. */
const PLACES: Readonly<Record<string, (cwd: string) => Promise<Place>>> = {
  async 'github-actions'(cwd) {
    const remote = folder();
    git(remote, 'init', '--quiet', '--bare');
    git(cwd, 'init', '--quiet');
    git(cwd, 'remote', 'add', 'origin', remote);
    return NOWHERE;
  },
  'gitlab-ci': () => stateServer('strict'),
};

for (const name of examples) {
  it(`${name}: validates, plans, applies, and has nothing left to do`, async () => {
    const cwd = folder();
    cpSync(join('examples', name), cwd, { recursive: true });
    // A folder of files is named, one file is found; those of pipelines talk to the real API, but not here.
    const files = name === 'folder' ? ['-f', '.'] : [];
    const place = PLACES[name] === undefined ? NOWHERE : await PLACES[name](cwd);
    const env = { FLEETFORM_API_URL: 'sandbox', ...place.env };
    const run = (...args: string[]) => fleetform([...args, ...files], cwd, env);
    const valid = await run('validate');
    assert.is(valid.code, 0, valid.stderr);
    const planned = await run('plan', '--detailed-exitcode');
    assert.is(planned.code, 2, planned.stderr);
    const applied = await run('apply', '--auto-approve');
    assert.is(applied.code, 0, applied.stderr);
    assert.is((await run('plan', '--detailed-exitcode')).code, 0);
    await place.end();
  });
}

it('the package holds the build, the schemas, the examples, README and LICENSE', () => {
  const text = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    encoding: 'utf8',
    env: environment({ npm_config_loglevel: 'error' }),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const packed = JSON.parse(text);
  const [report] = Array.isArray(packed) ? packed : Object.values<{ files: { path: string }[] }>(packed);
  const files: string[] = report.files.map((file: { path: string }) => file.path);
  for (const needed of ['dist/cli.js', 'dist/index.js', 'schemas/plan.schema.json', 'LICENSE', 'README.md']) {
    assert.ok(files.includes(needed), needed);
  }
  const others = files.filter(
    (file) => !/^(dist|schemas|examples)\/|^(package\.json|README\.md|LICENSE)$/.test(file),
  );
  assert.equal(others, []);
});

it('the packed manifest has no scripts and no development dependencies, and the whole one comes back', () => {
  const place = mkdtempSync(join(tmpdir(), 'fleetform-manifest-'));
  try {
    const manifest = (what: string) =>
      execFileSync(process.execPath, [resolve('.build/manifest.mjs'), what], { cwd: place });
    const whole = readFileSync('package.json', 'utf8');
    writeFileSync(join(place, 'package.json'), whole);
    manifest('strip');
    const { scripts, devDependencies, ...rest } = JSON.parse(
      readFileSync(join(place, 'package.json'), 'utf8'),
    );
    assert.is(scripts, undefined);
    assert.is(devDependencies, undefined);
    const { scripts: own, devDependencies: _, ...expected } = JSON.parse(whole);
    assert.equal(rest, expected);
    assert.match(own.prepack, 'manifest.mjs strip');
    assert.match(own.postpack, 'manifest.mjs restore');
    manifest('restore');
    manifest('restore');
    assert.is(readFileSync(join(place, 'package.json'), 'utf8'), whole);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});

it('the licence of each bundled package is there, as its own text', () => {
  const licences = readFileSync('dist/THIRD-PARTY-LICENSES.txt', 'utf8').split(`\n${'-'.repeat(80)}\n\n`);
  assert.ok(licences.length > 10);
  for (const one of licences) assert.match(one, /copyright/i);
});

it('the library can be imported', async () => {
  const library = await import(pathToFileURL(resolve('dist/index.js')).href);
  for (const name of ['plan', 'apply', 'observe', 'loadDesired', 'createClient', 'localBackend']) {
    assert.type(library[name], 'function', name);
  }
});

it.run();
