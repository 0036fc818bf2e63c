/**
 * The runner itself (`.build/test.mjs`), on folders of small test files: whatever uvu would let pass is a failure, and
 * what wants an absent tool is told. It is run as it is, with nothing to build and a PATH of our own.
 */
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { folder } from './support/cli.ts';
import table from './support/tools.json' with { type: 'json' };

const it = suite('the test runner');

const HEAD = [
  `import { suite } from 'uvu';`,
  `import { needs } from '${resolve('test/support/tools.ts')}';`,
  `const it = suite('some');`,
];
const PASSING = `it('passes', () => {});`;
const RUN = 'it.run();';
/** Not spelt out below: the runner reads this file, too, and would miss its run(). */
const OTHER = 'of';

/** A repository of test files: name → lines after the head. */
function repository(files: Readonly<Record<string, readonly string[]>>): string {
  const root = folder();
  for (const inside of ['.build', 'node_modules', 'test']) mkdirSync(join(root, inside));
  writeFileSync(join(root, '.build/build.mjs'), '');
  symlinkSync(resolve('node_modules/uvu'), join(root, 'node_modules/uvu'));
  for (const [name, lines] of Object.entries(files)) {
    writeFileSync(join(root, `test/${name}.test.ts`), [...HEAD, ...lines, ''].join('\n'));
  }
  return root;
}

interface Told {
  readonly code: number;
  readonly lines: readonly string[];
  /** What is said of a file, without the time it took. */
  of(file: string): string;
}

interface Circumstances {
  readonly args?: readonly string[];
  /** All of the PATH. */
  readonly bin?: string;
  readonly ci?: string;
}

function npmTest(root: string, { args = [], bin = folder(), ci }: Circumstances = {}): Promise<Told> {
  const env = { PATH: bin, ...(ci === undefined ? {} : { CI: ci }) };
  return new Promise((done) => {
    execFile(process.execPath, [resolve('.build/test.mjs'), ...args], { cwd: root, env }, (error, stdout) => {
      const lines = stdout.trimEnd().split('\n');
      const of = (file: string) =>
        lines.find((line) => line.includes(` test/${file}.test.ts `))?.replace(/ {2}[\d.]+ s$/, '') ?? '';
      done({ code: typeof error?.code === 'number' ? error.code : 0, lines, of });
    });
  });
}

it('what uvu would let pass fails, each with its reason, and the rest is run all the same', async () => {
  const told = await npmTest(
    repository({
      good: [PASSING, RUN],
      bad: [PASSING, `it('fails', () => { throw new Error('no'); });`, RUN],
      forgotten: [PASSING, `const other = suite('other'); other('x', () => {}); other.run();`],
      'forgotten-needs': [`const ${OTHER} = needs(suite('of'), 'bash'); of('x', () => {});`, PASSING, RUN],
      only: [PASSING, `it.only('this', () => {});`, RUN],
      skip: [PASSING, `it.skip('that', () => {});`, RUN],
      empty: [RUN],
      nothing: [],
      early: [`it('ends all', () => process.exit(0));`, PASSING, RUN],
      late: [PASSING, RUN, `setTimeout(() => { throw new Error('late'); }, 200);`],
      gone: [`needs(it, 'zsh')('alone', () => {});`, RUN, 'process.exit(0);'],
      killed: [PASSING, RUN, `setTimeout(() => process.kill(process.pid, 'SIGKILL'), 200);`],
    }),
  );
  const leftIn = '1 skipped (a test.only or test.skip left in)';
  assert.is(told.of('good'), 'ok    test/good.test.ts  1');
  assert.is(told.of('bad'), 'FAIL  test/bad.test.ts  1 of 2 failed');
  assert.is(told.of('forgotten'), 'FAIL  test/forgotten.test.ts  never run: it');
  assert.match(told.of('forgotten-needs'), /^FAIL .* {2}never run: of$/);
  assert.is(told.of('only'), `FAIL  test/only.test.ts  ${leftIn}`);
  assert.is(told.of('skip'), `FAIL  test/skip.test.ts  ${leftIn}`);
  assert.is(told.of('empty'), 'FAIL  test/empty.test.ts  no test reported');
  assert.is(told.of('nothing'), 'FAIL  test/nothing.test.ts  no test reported; never run: it');
  assert.is(told.of('early'), 'FAIL  test/early.test.ts  no test reported; exited with 1');
  assert.is(told.of('gone'), 'FAIL  test/gone.test.ts  no test reported');
  assert.is(told.of('late'), 'FAIL  test/late.test.ts  exited with 1');
  assert.is(told.of('killed'), 'FAIL  test/killed.test.ts  exited with null');
  // Each that passed in spite of its file counts, too; two problems of a file are two failures.
  assert.match(told.lines.at(-1)!, /^\d+ passed, 13 failed, 2 skipped$/);
  assert.is(told.code, 1);
});

it('a file that does not end is ended, and fails; so does a pattern that matches nothing', async () => {
  const root = repository({ hangs: [PASSING, RUN, 'setInterval(() => {}, 1000);'] });
  const told = await npmTest(root, { args: ['--limit=2', 'hangs'] });
  assert.is(told.of('hangs'), 'FAIL  test/hangs.test.ts  did not end within 2 s');
  assert.is(told.code, 1);
  for (const args of [['elsewhere'], ['--limit=soon']]) assert.is((await npmTest(root, { args })).code, 1);
});

function programs(...names: readonly string[]): string {
  const bin = folder(Object.fromEntries(names.map((name) => [name, '#!/bin/sh\n'])));
  for (const name of names) chmodSync(join(bin, name), 0o755);
  return bin;
}

const WANTING = repository({
  some: [
    PASSING,
    `needs(it, 'tmux')('on a terminal', () => {});`,
    `needs(it, 'tmux', 'zsh')('zsh on a terminal', () => {});`,
    RUN,
  ],
  whole: [
    `const page = needs(suite('page'), 'chromium');`,
    `page('looks "well"', () => {});`,
    'page.run();',
    PASSING,
    RUN,
  ],
  all: [`needs(it, 'zsh')('alone', () => {});`, RUN],
});

it('what wants an absent tool is told by name, and counted; with two absent, once', async () => {
  const told = await npmTest(WANTING);
  assert.is(told.code, 0);
  assert.is(told.of('some'), 'ok    test/some.test.ts  1');
  assert.is(told.of('all'), 'ok    test/all.test.ts  0');
  assert.equal(told.lines.filter((line) => line.startsWith('  skipped: ')).sort(), [
    '  skipped: alone (wants zsh)',
    '  skipped: looks "well" (wants chromium)',
    '  skipped: on a terminal (wants tmux)',
    '  skipped: zsh on a terminal (wants tmux, zsh)',
  ]);
  assert.equal(told.lines.slice(-4), [
    'skipped without chromium: 1 test (install the packages chromium, fonts-dejavu-core)',
    'skipped without tmux: 2 tests (install the package tmux)',
    'skipped without zsh: 2 tests (install the package zsh)',
    '2 passed, 0 failed, 4 skipped',
  ]);
});

it('with one of two tools, what wants both is skipped without the other alone', async () => {
  const told = await npmTest(WANTING, { bin: programs('tmux', 'google-chrome') });
  assert.equal(told.lines.slice(-2), [
    'skipped without zsh: 2 tests (install the package zsh)',
    '4 passed, 0 failed, 2 skipped',
  ]);
});

it('a link to nowhere, a folder, and a file that may not be run are no tools', async () => {
  const bin = folder({ tmux: '#!/bin/sh\n' });
  mkdirSync(join(bin, 'zsh'));
  symlinkSync('/nowhere/chromium', join(bin, 'chromium'));
  assert.is((await npmTest(WANTING, { bin })).lines.at(-1), '2 passed, 0 failed, 4 skipped');
});

it('with all tools nothing is skipped, nor is a word said of it', async () => {
  const told = await npmTest(WANTING, { bin: programs('tmux', 'zsh', 'chromium') });
  assert.is(told.lines.at(-1), '6 passed, 0 failed');
  assert.not.match(told.lines.join('\n'), /skipped|wants/);
});

it('where CI is set a skip is a failure; set to nothing it is not set', async () => {
  const told = await npmTest(WANTING, { ci: 'true' });
  assert.is(told.code, 1);
  assert.is(told.of('some'), 'FAIL  test/some.test.ts  2 want a tool that is absent, and CI is set');
  assert.ok(told.lines.includes('  skipped: alone (wants zsh)'));
  assert.is(told.lines.at(-1), '2 passed, 4 failed');
  assert.is((await npmTest(WANTING, { ci: '' })).lines.at(-1), '2 passed, 0 failed, 4 skipped');
});

it('hooks of what wants an absent tool do not run', async () => {
  const page = `const page = needs(suite('page'), 'chromium');`;
  const hooks = ['before', 'after'].map((hook) => `page.${hook}(() => process.exit(3));`);
  const root = repository({
    hooks: [page, ...hooks, `page('is well', () => {});`, 'page.run();', PASSING, RUN],
  });
  assert.is((await npmTest(root)).lines.at(-1), '1 passed, 0 failed, 1 skipped');
});

it('test.only and test.skip stay failures where the tool is absent', async () => {
  const root = repository({
    only: [PASSING, `needs(it, 'tmux').only('this', () => {});`, RUN],
    skip: [PASSING, `needs(it, 'tmux').skip('that', () => {});`, RUN],
  });
  const told = await npmTest(root);
  for (const file of ['only', 'skip']) assert.match(told.of(file), /^FAIL .*left in\)$/);
});

it('the README names the packages of all tools, and CI reads them from the table', () => {
  const packages = [...new Set(Object.values(table).flatMap((tool) => tool.packages))].sort();
  const readme = readFileSync('README.md', 'utf8').replaceAll('\n', ' ');
  assert.match(readme, `\`apt-get install ${packages.join(' ')}\` on Debian`);
  const script = readFileSync('.ci/run', 'utf8');
  assert.match(script, 'require("./test/support/tools.json")');
  assert.match(script, /^export CI=true$/m);
  for (const name of packages)
    assert.not.match(script, new RegExp(`\\b${name}[:"]`), `${name} is listed twice`);
});

it.run();
