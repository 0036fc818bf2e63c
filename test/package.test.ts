/** What is published: what it holds, how others' tools see it, and that it runs where it is installed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { environment, folder } from './support/cli.ts';

const it = suite('the package');

function npm(args: readonly string[], cwd = '.'): string {
  return execFileSync('npm', args, {
    cwd,
    encoding: 'utf8',
    env: environment({ npm_config_loglevel: 'error', npm_config_cache: folder() }),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

const place = folder();
// The build that the tests run on leaves them out.
execFileSync('node_modules/.bin/tsc', ['-p', '.build/tsconfig.types.json']);
npm(['pack', '--ignore-scripts', '--pack-destination', place]);
const tarball = join(place, readdirSync(place)[0]!);

it('holds the build, the schemas, the examples, README and LICENSE', () => {
  const packed = JSON.parse(npm(['pack', '--dry-run', '--json', '--ignore-scripts']));
  const [report] = Array.isArray(packed) ? packed : Object.values<{ files: { path: string }[] }>(packed);
  const files: string[] = report.files.map((file: { path: string }) => file.path);
  for (const needed of [
    'dist/cli.js',
    'dist/index.js',
    'schemas/plan.schema.json',
    '.gitlab/steps/plan.mjs',
    'LICENSE',
    'README.md',
  ]) {
    assert.ok(files.includes(needed), needed);
  }
  const others = files.filter(
    (file) => !/^(dist|schemas|examples|\.gitlab)\/|^(package\.json|README\.md|LICENSE)$/.test(file),
  );
  assert.equal(others, []);
});

it('has a manifest without scripts and development dependencies, and the whole one comes back', () => {
  const own = mkdtempSync(join(tmpdir(), 'fleetform-manifest-'));
  try {
    const manifest = (what: string) =>
      execFileSync(process.execPath, [resolve('.build/manifest.mjs'), what], { cwd: own });
    const whole = readFileSync('package.json', 'utf8');
    writeFileSync(join(own, 'package.json'), whole);
    manifest('strip');
    const { scripts, devDependencies, ...rest } = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8'));
    assert.is(scripts, undefined);
    assert.is(devDependencies, undefined);
    const { scripts: before, devDependencies: _, ...expected } = JSON.parse(whole);
    assert.equal(rest, expected);
    assert.match(before.prepack, 'manifest.mjs strip');
    assert.match(before.postpack, 'manifest.mjs restore');
    manifest('restore');
    manifest('restore');
    assert.is(readFileSync(join(own, 'package.json'), 'utf8'), whole);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
});

it('holds the licence of each bundled package, as its own text', () => {
  const licences = readFileSync('dist/THIRD-PARTY-LICENSES.txt', 'utf8').split(`\n${'-'.repeat(80)}\n\n`);
  assert.ok(licences.length > 10);
  for (const one of licences) assert.match(one, /copyright/i);
});

it('can be imported', async () => {
  const library = await import(pathToFileURL(resolve('dist/index.js')).href);
  for (const name of ['plan', 'apply', 'observe', 'loadDesired', 'createClient', 'localBackend']) {
    assert.type(library[name], 'function', name);
  }
});

it('publint finds nothing', () => {
  const found = execFileSync('node_modules/.bin/publint', ['run', tarball, '--strict'], {
    encoding: 'utf8',
    env: environment(),
  });
  assert.match(found, 'All good!');
});

it('its types are right, by are-the-types-wrong', () => {
  const found = execFileSync('node_modules/.bin/attw', [tarball, '--format', 'json'], {
    encoding: 'utf8',
    env: environment(),
    maxBuffer: 64 * 1024 * 1024,
  });
  assert.equal(Object.keys(JSON.parse(found).problems ?? {}), []);
});

it('runs where it is installed, and installs nothing else', () => {
  const cwd = folder({ 'package.json': '{ "name": "theirs", "version": "1.0.0", "private": true }' });
  npm(['install', '--offline', '--no-audit', '--no-fund', tarball], cwd);
  const installed = readdirSync(join(cwd, 'node_modules')).filter((name) => !name.startsWith('.'));
  assert.equal(installed, ['fleetform']);
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const run = (...args: string[]) =>
    execFileSync('npx', ['--offline', 'fleetform', ...args], { cwd, encoding: 'utf8', env: environment() });
  assert.is(run('--version'), `fleetform ${version}\n`);
  run('init', '--quiet');
  assert.match(run('plan'), 'Plan: 1 to create');
});

it('runs the example of the library where it is installed, and its types hold there', () => {
  const cwd = folder({ 'package.json': '{ "name": "theirs", "type": "module", "private": true }' });
  npm(['install', '--offline', '--no-audit', '--no-fund', tarball], cwd);
  const example = readFileSync('examples/library/nightly.mjs', 'utf8');
  writeFileSync(join(cwd, 'nightly.mjs'), example);
  const told = execFileSync(process.execPath, ['nightly.mjs'], { cwd, encoding: 'utf8', env: environment() });
  assert.match(told, 'Plan: 2 to create');
  assert.match(told, 'applied: 2 created');
  assert.match(told, 'again: 0 changes');
  assert.equal(readdirSync(cwd).sort(), ['nightly.mjs', 'node_modules', 'package-lock.json', 'package.json']);

  const options = [
    '--noEmit',
    '--allowJs',
    '--checkJs',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--target',
    'es2022',
  ];
  const types = ['--types', 'node', '--typeRoots', resolve('node_modules/@types')];
  try {
    execFileSync(resolve('node_modules/.bin/tsc'), [...options, ...types, 'nightly.mjs'], {
      cwd,
      encoding: 'utf8',
    });
  } catch (error) {
    throw new Error((error as { stdout: string }).stdout);
  }
});

it.run();
