/** Several environments in one repository: each is planned, whatever becomes of it, and one comment tells of all. */
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetform, folder, inHours, KEY } from '../support/cli.ts';

const it = suite('several plans');

const WHEN = inHours(24);
const FILE = (name: string, target = 'eu') =>
  [
    'version: 1',
    `name: ${name}`,
    'api: sandbox',
    'fleets: { eu: "1394296486561117717", us: "1394296486561117718" }',
    'batches:',
    `  a: { template: Collect logs, target: { fleet: ${target} }, executeAt: ${WHEN} }`,
    '',
  ].join('\n');
const BROKEN = FILE('broken').replace('template:', 'templat:');

function environments(files: Readonly<Record<string, string>>): string {
  const cwd = folder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(cwd, name));
    writeFileSync(join(cwd, name, 'fleetform.yaml'), text);
  }
  return cwd;
}

it('one comment, with a section for what could not be planned, and the worst exit code', async () => {
  const cwd = environments({ live: FILE('live'), broken: BROKEN, down: FILE('down') });
  assert.is((await fleetform(['plan', '-f', 'live', '--out', 'live.json'], cwd)).code, 0);
  const wrong = await fleetform(['plan', '-f', 'broken', '--out', 'broken.json'], cwd);
  assert.is(wrong.code, 1);
  assert.match(wrong.stderr, 'broken/fleetform.yaml:6:');
  const env = { FLEETFORM_TOKEN: KEY };
  const url = 'http://127.0.0.1:9';
  assert.is(
    (await fleetform(['plan', '-f', 'down', '--api-url', url, '--out', 'down.json'], cwd, env)).code,
    1,
  );
  const down = JSON.parse(readFileSync(join(cwd, 'down.json'), 'utf8'));
  assert.equal([down.failed, down.name, down.api], [true, 'down', url]);

  const plans = ['live.json', 'broken.json', 'down.json', 'missing.json'];
  const shown = await fleetform(['show', ...plans, '--markdown', 'all.md', '--detailed-exitcode'], cwd);
  assert.is(shown.code, 1);
  assert.match(shown.stdout, '== live (live.json) ==');
  assert.match(shown.stdout, '== broken (broken.json): no plan ==');
  assert.match(shown.stderr, 'ECONNREFUSED');
  const text = readFileSync(join(cwd, 'all.md'), 'utf8');
  assert.equal(text.match(/^### .*$/gm), ['### `live`', '### `broken`', '### `down`', '### `missing.json`']);
  assert.match(text, 'templat');
  assert.match(text, 'cannot be read (ENOENT)');

  const good = (more: string[]) => fleetform(['show', 'live.json', 'live2.json', ...more], cwd);
  assert.is((await fleetform(['plan', '-f', 'live', '--out', 'live2.json'], cwd)).code, 0);
  assert.is((await good(['--detailed-exitcode', '--markdown', '-'])).code, 2);
  const plain = await good(['--json']);
  assert.is(plain.code, 0);
  assert.equal(
    JSON.parse(plain.stdout).plans.map((one: { file: string; plan: { name: string } }) => [
      one.file,
      one.plan.name,
    ]),
    [
      ['live.json', 'live'],
      ['live2.json', 'live'],
    ],
  );
  const only = await good(['--markdown', '-']);
  assert.match(only.stdout, /^<!-- fleetform:plans:live-json-live2-json:[0-9a-f]{12} -->\n/);
});

it('of one saved plan, the comment that plan has written, also with names that only the file has', async () => {
  const cwd = environments({ live: FILE('live') });
  assert.is((await fleetform(['apply', '-f', 'live', '--auto-approve'], cwd)).code, 0);
  writeFileSync(join(cwd, 'live', 'fleetform.yaml'), FILE('live', 'us'));
  const env = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'o/r', GITHUB_RUN_ID: '7' };
  await fleetform(['plan', '-f', 'live', '--out', 'p.json', '--markdown', 'plan.md'], cwd, env);
  assert.is((await fleetform(['show', 'p.json', '--markdown', 'show.md'], cwd, env)).code, 0);
  const text = readFileSync(join(cwd, 'show.md'), 'utf8');
  assert.is(text, readFileSync(join(cwd, 'plan.md'), 'utf8'));
  assert.match(text, '[run](<https://github.com/o/r/actions/runs/7>)');
});

it('a failed plan is applied by nobody, replaces an old plan, and nothing else', async () => {
  const cwd = environments({ live: FILE('live') });
  const plan = (out: string) => fleetform(['plan', '-f', 'live', '--out', out], cwd);
  await plan('p.json');
  const file = join(cwd, 'live', 'fleetform.yaml');
  writeFileSync(file, BROKEN);
  writeFileSync(join(cwd, 'notes.txt'), 'mine');
  assert.is((await plan('p.json')).code, 1);
  const applied = await fleetform(['apply', 'p.json', '-f', 'live', '--json'], cwd);
  assert.is(applied.code, 1);
  assert.match(applied.stdout, 'plan.failed');
  for (const out of ['notes.txt', 'live/fleetform.yaml', 'live/.fleetform/x.json']) {
    assert.is((await plan(out)).code, 1);
  }
  assert.is(readFileSync(join(cwd, 'notes.txt'), 'utf8'), 'mine');
  assert.is(readFileSync(file, 'utf8'), BROKEN);
  assert.not.ok(existsSync(join(cwd, 'live', '.fleetform', 'x.json')));
  const piped = await plan('-');
  assert.is(JSON.parse(piped.stdout).failed, true);
});

if (process.getuid?.() === 0) {
  it('records that cannot be trusted are a reason for having no plan, as any other', async () => {
    const cwd = environments({ live: FILE('live') });
    const plan = (out: string) => fleetform(['plan', '-f', 'live', '--out', out], cwd);
    await plan('p.json');
    mkdirSync(join(cwd, 'live/.fleetform'), { recursive: true });
    chownSync(join(cwd, 'live/.fleetform'), 4321, 4321);
    assert.match((await plan('p.json')).stderr, 'belongs to another user');
    const { failed, diagnostics } = JSON.parse(readFileSync(join(cwd, 'p.json'), 'utf8'));
    assert.equal([failed, diagnostics[0].code], [true, 'files.foreign']);
  });
}

it('a plan that was made is no failed one, whatever becomes of its reports', async () => {
  const cwd = environments({ live: FILE('live') });
  const { code } = await fleetform(
    ['plan', '-f', 'live', '--markdown', 'no/such/folder/c.md', '--out', 'p.json'],
    cwd,
  );
  assert.is(code, 1);
  assert.not.ok('failed' in JSON.parse(readFileSync(join(cwd, 'p.json'), 'utf8')));
  assert.is((await fleetform(['apply', '-f', 'live', 'p.json'], cwd)).code, 0);
});

it('what is wrong with the command line is said, and nothing is written', async () => {
  const cwd = environments({ live: FILE('live') });
  await fleetform(['plan', '-f', 'live', '--out', 'p.json'], cwd);
  const saved = readFileSync(join(cwd, 'p.json'), 'utf8');
  for (const [args, said] of [
    [['p.json', './p.json'], 'are the same plan'],
    [['p.json', 'x.json', 'x.json'], 'given twice'],
    [['p.json', '--markdown', 'p.json'], 'would overwrite the plan'],
    [['p.json', '-f', 'live', '--markdown', 'live/fleetform.yaml'], 'would overwrite the desired state'],
    [['--markdown', 'c.md'], '--markdown needs a PLANFILE'],
    [['p.json', '--json', '--markdown', '-'], 'would all write to stdout'],
  ] as const) {
    const { code, stderr } = await fleetform(['show', ...args], cwd);
    assert.is(code, 1, args.join(' '));
    assert.match(stderr, said);
  }
  assert.is(readFileSync(join(cwd, 'p.json'), 'utf8'), saved);
});

it.run();
