/** `fleetform fmt`: what is written, printed and returned. In this process, with streams of its own. */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../src/cli/program.ts';
import type { World } from '../../src/cli/session.ts';
import { folder } from '../support/cli.ts';

const it = suite('fmt');

const UGLY = 'name:   x # its name\nversion: 1\n';
const GOOD = 'version: 1\nname: x # its name\n';
const DIFF = [
  '--- a/fleetform.yaml',
  '+++ b/fleetform.yaml',
  '@@ -1,2 +1,2 @@',
  '-name:   x # its name',
  ' version: 1',
  '+name: x # its name',
  '',
].join('\n');

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function fmt(
  cwd: string,
  args: readonly string[],
  stdin: string | Uint8Array = '',
  env: Record<string, string> = {},
): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => ({
    write(text: string) {
      written[name] += text;
      return true;
    },
  });
  const world = {
    cwd,
    env,
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: stream('stdout'),
    stderr: stream('stderr'),
  } as unknown as World;
  return { code: await run(['fmt', ...args], world), ...written };
}

const textOf = (cwd: string, name = 'fleetform.yaml') => readFileSync(join(cwd, name), 'utf8');

it('rewrites the file that a search finds, and says so once', async () => {
  const cwd = folder({ 'fleetform.yaml': UGLY });
  assert.equal(await fmt(cwd, []), { code: 0, stdout: 'fleetform.yaml\n', stderr: '' });
  assert.is(textOf(cwd), GOOD);
  const { mtimeMs, ino } = statSync(join(cwd, 'fleetform.yaml'));
  assert.equal(await fmt(cwd, []), { code: 0, stdout: '', stderr: '' });
  const after = statSync(join(cwd, 'fleetform.yaml'));
  assert.equal([after.mtimeMs, after.ino], [mtimeMs, ino]);
  assert.equal(readdirSync(cwd), ['fleetform.yaml']);
});

it('finds it above, in the folder of --chdir, by -f, by names and in folders', async () => {
  const cwd = folder({ 'fleetform.yaml': UGLY });
  mkdirSync(join(cwd, '.git'));
  mkdirSync(join(cwd, 'sub'));
  assert.is((await fmt(join(cwd, 'sub'), [])).stdout, '../fleetform.yaml\n');
  writeFileSync(join(cwd, 'fleetform.yaml'), UGLY);
  assert.is((await fmt('/', ['--chdir', cwd])).stdout, 'fleetform.yaml\n');
  for (const name of ['a.yaml', 'b.yml', 'c.txt']) writeFileSync(join(cwd, 'sub', name), UGLY);
  writeFileSync(join(cwd, 'sub', 'd.json'), '{"version":1}');
  assert.is((await fmt(cwd, ['-f', 'sub/a.yaml'])).stdout, 'sub/a.yaml\n');
  assert.is((await fmt(cwd, ['sub', 'fleetform.yaml'])).stdout, 'sub/b.yml\nsub/d.json\n');
  assert.is(textOf(cwd, 'sub/c.txt'), UGLY);
  assert.is(textOf(cwd, 'sub/d.json'), '{\n  "version": 1\n}\n');
  const missing = await fmt(cwd, ['nowhere.yaml']);
  assert.is(missing.code, 1);
  assert.match(missing.stderr, 'nowhere.yaml does not exist');
});

it('--check writes nothing and exits 1', async () => {
  const cwd = folder({ 'fleetform.yaml': UGLY });
  assert.equal(await fmt(cwd, ['--check']), { code: 1, stdout: 'fleetform.yaml\n', stderr: '' });
  assert.equal(await fmt(cwd, ['--check', '--quiet']), { code: 1, stdout: '', stderr: '' });
  assert.is(textOf(cwd), UGLY);
  writeFileSync(join(cwd, 'fleetform.yaml'), GOOD);
  assert.equal(await fmt(cwd, ['--check']), { code: 0, stdout: '', stderr: '' });
});

it('--diff shows the change, and writes it without --check', async () => {
  const cwd = folder({ 'fleetform.yaml': UGLY });
  const shown = `fleetform.yaml\n${DIFF}`;
  assert.equal(await fmt(cwd, ['--check', '--diff']), { code: 1, stdout: shown, stderr: '' });
  assert.is(textOf(cwd), UGLY);
  const colored = await fmt(cwd, ['--check', '--diff'], '', { FORCE_COLOR: '1' });
  assert.match(colored.stdout, '\u001b[31m-name:   x');
  assert.not.match(
    (await fmt(cwd, ['--check', '--diff', '--no-color'], '', { FORCE_COLOR: '1' })).stdout,
    '\u001b',
  );
  assert.is((await fmt(cwd, ['--diff', '--quiet'])).stdout, DIFF);
  assert.is(textOf(cwd), GOOD);
});

it('--json: stdout is JSON alone', async () => {
  const cwd = folder({ 'fleetform.yaml': UGLY, 'good.yaml': GOOD });
  const files = ['good.yaml', 'fleetform.yaml', '--json'];
  const checked = await fmt(cwd, [...files, '--check', '--diff']);
  assert.is(checked.code, 1);
  assert.equal(JSON.parse(checked.stdout), {
    changed: ['fleetform.yaml'],
    checked: 2,
    passedOver: [],
    diffs: { 'fleetform.yaml': DIFF },
  });
  assert.equal(JSON.parse((await fmt(cwd, files)).stdout), {
    changed: ['fleetform.yaml'],
    checked: 2,
    passedOver: [],
  });
  assert.equal(JSON.parse((await fmt(cwd, files)).stdout), {
    changed: [],
    checked: 2,
    passedOver: [],
  });
  writeFileSync(join(cwd, 'good.yaml'), 'a: [');
  const broken = await fmt(cwd, files);
  assert.is(broken.code, 1);
  assert.is(JSON.parse(broken.stdout).diagnostics[0].range.file, 'good.yaml');
});

it('of stdin, every byte of the text is kept for what reads it; a person at a terminal sees what is hidden', async () => {
  const text = 'version: 1\nname: x\nvars:\n  a: |\n    ::add-mask::8\n    ##[group]\u034f\n';
  const { stdout } = await fmt(folder(), ['-'], text);
  assert.match(stdout, '    ::add-mask::8\n    ##[group]\u034f\n');
  const { stdout: diff } = await fmt(folder(), ['-', '--diff'], text.replace('name:', 'name:  '));
  assert.not.match(diff, /^\s*::|##\[/m);
});

it('- is stdin', async () => {
  const cwd = folder();
  assert.equal(await fmt(cwd, ['-'], UGLY), { code: 0, stdout: GOOD, stderr: '' });
  assert.equal(await fmt(cwd, ['-'], GOOD), { code: 0, stdout: GOOD, stderr: '' });
  assert.equal(await fmt(cwd, ['-', '--check'], UGLY), { code: 1, stdout: '', stderr: '' });
  assert.equal(await fmt(cwd, ['-', '--check'], GOOD), { code: 0, stdout: '', stderr: '' });
  const stdinDiff = DIFF.replaceAll('fleetform.yaml', 'stdin');
  assert.equal(await fmt(cwd, ['-', '--diff'], UGLY), { code: 0, stdout: stdinDiff, stderr: '' });
  assert.equal(await fmt(cwd, ['-', '--diff', '--check'], UGLY), { code: 1, stdout: stdinDiff, stderr: '' });
  const json = await fmt(cwd, ['-', '--json'], UGLY);
  assert.equal(JSON.parse(json.stdout), { changed: ['-'], checked: 1, formatted: GOOD });
  const broken = await fmt(cwd, ['-'], 'a: [');
  assert.is(broken.code, 1);
  assert.is(broken.stdout, '');
  assert.match(broken.stderr, 'stdin:1:');
  assert.match((await fmt(cwd, ['-', 'x.yaml'], UGLY)).stderr, 'cannot be combined with other files');
  assert.match((await fmt(cwd, ['-'], Buffer.from([0x61, 0xff]))).stderr, 'not UTF-8');
});

it('of several files none is written when one is broken', async () => {
  const cwd = folder({ 'a.yaml': UGLY, 'b.yaml': 'version: 1\nversion: 1\n' });
  const { code, stdout, stderr } = await fmt(cwd, ['.']);
  assert.is(code, 1);
  assert.is(stdout, '');
  assert.match(stderr, 'b.yaml:2:1');
  assert.is(textOf(cwd, 'a.yaml'), UGLY);
});

it('of a folder it touches desired-state files alone, and tells what it passes over', async () => {
  const foreign = {
    'docker-compose.yaml': 'services:\n    web: {image:   x}\n',
    'live.plan.json': '{"formatVersion":"1.0","name":"x"}',
    'package.json': '{"name":"x","version":"1.0.0"}',
    'other.yml': 'version: 1\nname:   x\n"a@b|c": 1\n',
    'list.json': '{"version":[1]}',
    'remarks.yaml': '\n\n#x\n',
  };
  const cwd = folder({ 'a.yaml': UGLY, ...foreign });
  const { code, stdout, stderr } = await fmt(cwd, ['.']);
  assert.equal({ code, stdout }, { code: 0, stdout: 'a.yaml\n' });
  assert.equal(stderr.trimEnd().split('\n'), [
    'Skipped docker-compose.yaml: it has no `version: 1`. Name the file itself to format it.',
    'Skipped list.json: it has no `version: 1`. Name the file itself to format it.',
    'Skipped live.plan.json: it has no `version: 1`. Name the file itself to format it.',
    'Skipped other.yml: "a@b|c" is not a key of a desired-state file. Name the file itself to format it.',
    'Skipped package.json: it has no `version: 1`. Name the file itself to format it.',
    'Skipped remarks.yaml: it is empty. Name the file itself to format it.',
  ]);
  for (const [name, text] of Object.entries(foreign)) assert.is(textOf(cwd, name), text);
  assert.equal(await fmt(cwd, ['.', '--check', '--quiet']), { code: 0, stdout: '', stderr: '' });
  assert.equal(JSON.parse((await fmt(cwd, ['-f', '.', '--json'])).stdout), {
    changed: [],
    checked: 1,
    passedOver: Object.keys(foreign).sort(),
  });
  assert.is((await fmt(cwd, ['.', 'package.json'])).stdout, 'package.json\n');
});

it('needs no variables and no valid file', async () => {
  const cwd = folder({ 'fleetform.yaml': 'nonsense:   true\nvars: { build: null }\n' });
  assert.is((await fmt(cwd, [])).code, 0);
  assert.is(textOf(cwd), 'vars: { build: null }\nnonsense: true\n');
});

it('the mode of the file and a link to it stay', async () => {
  const cwd = folder({ 'real.yaml': UGLY });
  chmodSync(join(cwd, 'real.yaml'), 0o640);
  symlinkSync('real.yaml', join(cwd, 'fleetform.yaml'));
  assert.is((await fmt(cwd, [])).stdout, 'fleetform.yaml\n');
  assert.ok(lstatSync(join(cwd, 'fleetform.yaml')).isSymbolicLink());
  assert.is(textOf(cwd, 'real.yaml'), GOOD);
  assert.is(statSync(join(cwd, 'real.yaml')).mode & 0o777, 0o640);
});

it('line ends and a byte order mark are a change', async () => {
  const cwd = folder({ 'fleetform.yaml': `\ufeff${GOOD.replaceAll('\n', '\r\n')}` });
  const { stdout } = await fmt(cwd, ['--diff']);
  assert.match(stdout, '-\\u{feff}version: 1\\r\n');
  assert.is(textOf(cwd), GOOD);
});

it.run();
