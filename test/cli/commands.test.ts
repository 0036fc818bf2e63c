/** Every command as a process: exit codes, streams, and what its flags do. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetform, folder, inHours, serve, start } from '../support/cli.ts';

const it = suite('commands');

const FILE = [
  'version: 1',
  'name: live',
  'api: sandbox',
  'vars: { build: "1" }',
  'fleets: { eu: "1394296486561117717", us: "1394296486561117718" }',
  'batches:',
  `  restart: { template: Restart game server, targets: [{ fleet: eu }, { fleet: us }], executeAt: ${inHours(24)} }`,
  `  deploy: { template: Deploy build, target: { fleet: eu }, params: { buildId: "\${var.build}" }, executeAt: ${inHours(30)} }`,
  '',
].join('\n');

const COMMANDS = [
  'init',
  'validate',
  'fmt',
  'plan',
  'apply',
  'destroy',
  'status',
  'calendar',
  'templates',
  'show',
  'import',
  'state',
  'lock',
  'force-unlock',
  'schema',
  'completion',
  'version',
];

const STATE_COMMANDS = [
  'list',
  'show',
  'rm',
  'mv',
  'pull',
  'push',
  'history',
  'migrate',
  'prune',
  'replace-api',
];

it('each command has a help with an example', async () => {
  for (const words of [
    ...COMMANDS.map((name) => [name]),
    ...STATE_COMMANDS.map((name) => ['state', name]),
    ['lock', 'list'],
    ['sandbox', 'serve'],
    ['sandbox', 'advance'],
    ['sandbox', 'reset'],
  ]) {
    const { code, stdout } = await fleetform([...words, '--help'], folder());
    assert.is(code, 0);
    assert.match(stdout, 'Usage: fleetform ');
    assert.match(stdout, /Example:\n {2}.*fleetform /);
  }
});

it('the docs and --help name the same commands and flags', async () => {
  const page = readFileSync('.github/docs/commands.md', 'utf8');
  const { stdout } = await fleetform(['--help'], folder());
  for (const name of COMMANDS) {
    assert.match(page, new RegExp(`^\\| \`${name}[ \`]`, 'm'), name);
    assert.match(stdout, new RegExp(`^ {2}${name}\\b`, 'm'), name);
  }
  const helps: string[] = [];
  const nested = [['sandbox', 'serve'], ['lock', 'list'], ...STATE_COMMANDS.map((name) => ['state', name])];
  for (const words of [...COMMANDS.map((name) => [name]), ...nested]) {
    helps.push((await fleetform([...words, '--help'], folder())).stdout);
  }
  const flagsOf = (text: string) => new Set([...text.matchAll(/--[a-z][a-z-]+/g)].map(([flag]) => flag));
  const table = page.slice(page.indexOf('| flag | where |'), page.indexOf('## Exit codes'));
  const documented = flagsOf(table);
  const offered = flagsOf(helps.join('\n').replaceAll(/^.*Example:[\s\S]*?$/gm, ''));
  for (const flag of documented) assert.ok(offered.has(flag), `the docs name ${flag}`);
  for (const flag of offered) {
    assert.ok(documented.has(flag) || ['--help', '--version'].includes(flag), `the docs do not name ${flag}`);
  }
});

it('--json: stdout is JSON alone, also when it goes wrong', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  for (const [args, expected] of [
    [['validate'], 0],
    [['plan', '--detailed-exitcode'], 2],
    [['templates'], 0],
    [['status'], 0],
    [['show'], 0],
    [['schema'], 0],
    [['version'], 0],
    [['sandbox', 'advance', '1m'], 0],
    [['sandbox', 'reset'], 0],
    [['plan', '-f', 'missing.yaml'], 1],
    [['validate', '--var', 'nobody=1'], 1],
    [['show', 'missing.json'], 1],
    [['import', 'nobody', '17'], 1],
    [['force-unlock', 'no-such-id'], 1],
  ] as const) {
    const { code, stdout, stderr } = await fleetform([...args, '--json'], cwd);
    assert.is(code, expected, `${args.join(' ')}: ${stderr}`);
    const value = JSON.parse(stdout);
    if (expected === 1) assert.is(value.diagnostics[0].severity, 'error', args.join(' '));
  }
});

it('apply --json is one object per line, the version first', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  const { code, stdout } = await fleetform(['apply', '--auto-approve', '--json'], cwd);
  assert.is(code, 0);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.is(lines[0].type, 'version');
  assert.is(lines[0].ui, '1.0');
  assert.ok(lines.every((line) => typeof line['@timestamp'] === 'string'));
  const types = lines.map((line) => line.type);
  assert.is(types.filter((type) => type === 'apply_complete').length, 3);
  assert.is(types.filter((type) => type === 'planned_change').length, 3);
  assert.is(lines.at(-1).type, 'change_summary');
  assert.is(lines.at(-1).changes.created, 3);
});

it('every line of apply and destroy --json is as its schema says: plans, progress, waits, errors', async () => {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true });
  addFormats.default(ajv);
  const isLine = ajv.compile(JSON.parse(readFileSync('schemas/apply-events.schema.json', 'utf8')));
  const cwd = folder({ 'fleetform.yaml': FILE });
  const seen = new Set<string>();
  const lines = async (code: number, ...args: string[]) => {
    const ended = await fleetform([...args, '--json'], cwd);
    assert.is(ended.code, code, ended.stdout + ended.stderr);
    const all = ended.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.is(all[0].type, 'version');
    for (const line of all) {
      seen.add(line.type);
      assert.ok(isLine(line), `${JSON.stringify(line)}: ${JSON.stringify(isLine.errors)}`);
    }
    return all;
  };
  await lines(1, 'apply', 'nothing.plan.json');
  await lines(1, 'apply');
  await lines(0, 'apply', '--auto-approve', '--wait=1s');
  const logs = '  logs: { template: Collect logs, target: { fleet: "1394296486561117719" } }\n';
  writeFileSync(join(cwd, 'fleetform.yaml'), `${FILE}${logs}`);
  await lines(1, 'apply', '--auto-approve', '--wait=1s');
  const again = await lines(0, 'apply', '--auto-approve');
  assert.equal(
    again.filter(({ type }) => type === 'change_summary').map(({ operation }) => operation),
    ['plan', 'apply'],
  );
  writeFileSync(
    join(cwd, 'fleetform.yaml'),
    `${FILE}${logs}`
      .replace('batches:', 'moved: [{ from: deploy, to: build }]\nbatches:')
      .replace('deploy:', 'build:')
      .replace('Restart game server,', 'Restart game server, paused: true,'),
  );
  await lines(0, 'apply', '--auto-approve');
  await lines(0, 'destroy', '--auto-approve');
  assert.equal([...seen].sort(), [
    'apply_complete',
    'apply_progress',
    'apply_start',
    'batch_progress',
    'change_summary',
    'diagnostic',
    'planned_change',
    'version',
  ]);
});

it('a saved plan: shown, applied as it is, refused when it no longer holds', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  const about = ['--chdir', cwd, '-f', 'fleetform.yaml'];
  const made = await fleetform(['plan', '--out', 'live.plan.json', ...about], dirname(cwd));
  assert.is(made.code, 0);
  assert.match(
    made.stderr,
    `To apply exactly this plan:\n  fleetform apply live.plan.json --chdir ${cwd} -f fleetform.yaml\n`,
  );
  const shown = await fleetform(['show', 'live.plan.json', '--detailed-exitcode'], cwd);
  assert.is(shown.code, 2);
  assert.match(shown.stdout, 'Plan: 3 to create');
  assert.is((await fleetform(['show', 'live.plan.json'], cwd)).code, 0);
  const piped = await fleetform(['plan', '--out', '-'], cwd);
  assert.equal(
    JSON.parse(piped.stdout).summary,
    JSON.parse(readFileSync(join(cwd, 'live.plan.json'), 'utf8')).summary,
  );
  const applied = await fleetform(['apply', 'live.plan.json'], cwd);
  assert.is(applied.code, 0, applied.stderr);
  assert.match(applied.stdout, 'Apply complete: 3 created');
  const stale = await fleetform(['apply', 'live.plan.json'], cwd);
  assert.is(stale.code, 1);
  assert.match(stale.stderr, 'nothing of this plan is left to do: it has probably been applied already');
  writeFileSync(join(cwd, 'fleetform.yaml'), FILE.replace('build: "1"', 'build: "2"'));
  const other = await fleetform(['apply', 'live.plan.json'], cwd);
  assert.match(other.stderr, 'the file version');
  writeFileSync(join(cwd, 'broken.json'), '{"formatVersion":"1.0"}');
  assert.is((await fleetform(['apply', 'broken.json'], cwd)).code, 1);
});

it('destroy cancels what the state owns; plan --destroy shows it', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  await fleetform(['apply', '--auto-approve'], cwd);
  const planned = await fleetform(['plan', '--destroy', '--detailed-exitcode', '--concise'], cwd);
  assert.is(planned.code, 2);
  assert.match(planned.stdout, 'Plan: 0 to create, 0 to replace, 3 to cancel');
  assert.is((await fleetform(['destroy'], cwd)).code, 1);
  const done = await fleetform(['destroy', '--auto-approve'], cwd);
  assert.is(done.code, 0, done.stderr);
  assert.match(done.stdout, '3 cancelled');
  assert.equal(JSON.parse((await fleetform(['show', '--json'], cwd)).stdout).entries, {});
});

it('limits, the empty-file guard and preventCancel hold until their own flag', async () => {
  const cwd = folder({ 'fleetform.yaml': `${FILE}limits: { create: 2 }\n` });
  const over = await fleetform(['apply', '--auto-approve'], cwd);
  assert.is(over.code, 1);
  assert.match(over.stderr, 'limits.create (2)');
  assert.is((await fleetform(['apply', '--auto-approve', '--force'], cwd)).code, 0);
  writeFileSync(join(cwd, 'fleetform.yaml'), 'version: 1\nname: live\napi: sandbox\nbatches: {}\n');
  assert.match((await fleetform(['plan'], cwd)).stderr, '--allow-empty');
  assert.match((await fleetform(['plan', '--allow-empty'], cwd)).stdout, '3 to cancel');
  writeFileSync(
    join(cwd, 'fleetform.yaml'),
    FILE.replace('params:', 'lifecycle: { preventCancel: true }, paused: true, params:'),
  );
  assert.match(
    (await fleetform(['plan'], cwd)).stderr,
    'note: deploy: once applied, `lifecycle.preventCancel` protects',
  );
  assert.match((await fleetform(['apply', '--auto-approve'], cwd)).stdout, '1 updated');
  assert.not.match((await fleetform(['plan'], cwd)).stderr, 'preventCancel');
  writeFileSync(join(cwd, 'fleetform.yaml'), FILE.replace(/ {2}deploy: .*\n/, ''));
  const prevented = await fleetform(['apply', '--auto-approve'], cwd);
  assert.is(prevented.code, 1);
  assert.match(prevented.stderr, 'preventCancel');
});

it('--wait follows the batches to their end, and says what is not over', async () => {
  const once =
    'version: 1\nname: live\napi: sandbox\nbatches: { logs: { template: Collect logs, target: { fleet: "1394296486561117719" } } }\n';
  const cwd = folder({ 'fleetform.yaml': once });
  const early = await fleetform(['apply', '--auto-approve', '--wait=1s'], cwd);
  assert.is(early.code, 1);
  assert.match(
    early.stderr,
    /error: logs: batch \d+ is running: 0 of \d+ tasks finished when the wait ended/,
  );
  await fleetform(['sandbox', 'advance', '10m'], cwd);
  const late = await fleetform(['apply', '--auto-approve', '--wait'], cwd);
  assert.is(late.code, 0, late.stderr);
  assert.match((await fleetform(['status'], cwd)).stdout, /logs +done/);
});

it('--wait fails when tasks fail, and names the game servers and what they said; that is news once', async () => {
  const api = await serve({ failRate: 0.4, pace: { actionSeconds: [1, 1], staggerSeconds: 0 } });
  try {
    const file =
      'version: 1\nname: live\nbatches: { logs: { template: Collect logs, target: { fleet: "1394296486561117719" } } }\n';
    const cwd = folder({ 'fleetform.yaml': file });
    const ended = await fleetform(['apply', '--auto-approve', '--wait=1m'], cwd, api.env);
    assert.is(ended.code, 1, ended.stderr);
    assert.match(ended.stderr, /\d tasks? failed:\n {2}logs: game server \d{19} \(task \d+\): \w+/);
    const later = await fleetform(['apply', '--auto-approve', '--wait=1m'], cwd, api.env);
    assert.is(later.code, 0, later.stderr);
    const drift = await fleetform(['plan', '--refresh-only', '--detailed-exitcode'], cwd, api.env);
    assert.is(drift.code, 2);
    assert.match(drift.stdout, /logs {2}\d of \d+ tasks failed/);
    const again = await fleetform(
      ['apply', '--auto-approve', '--wait=1m', '--json', '--replace', 'logs'],
      cwd,
      api.env,
    );
    assert.is(again.code, 1);
    const said = again.stdout.split('\n').filter((line) => line.includes('apply.task-failed'));
    assert.ok(said.length > 0);
    assert.match(JSON.parse(said[0]!).diagnostic.message, /^game server \d{19} \(task \d+\): \w+/);
  } finally {
    await api.server.close();
  }
});

it('status --watch ends when nothing is running', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  await fleetform(['apply', '--auto-approve'], cwd);
  const { code, stdout } = await fleetform(['status', '--watch', '--interval', '1s'], cwd);
  assert.is(code, 0);
  assert.match(stdout, /restart\[fleet:eu\] +scheduled/);
});

it('import binds what a person says, after a look at it', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  await fleetform(['apply', '--auto-approve'], cwd);
  const state = join(cwd, '.fleetform/live.state.json');
  const before = JSON.parse(readFileSync(state, 'utf8'));
  const { deploy, ...entries } = before.entries;
  writeFileSync(state, JSON.stringify({ ...before, entries }));
  const [id] = deploy.batchIds;
  const unlike = await fleetform(['import', 'deploy', before.entries['restart[fleet:us]'].batchIds[0]], cwd);
  assert.is(unlike.code, 1);
  assert.match(unlike.stderr, 'already belongs to restart[fleet:us]');
  assert.match((await fleetform(['import', 'deploy', '999999'], cwd)).stderr, 'has no batch 999999');
  assert.is((await fleetform(['import', 'deploy', 'x'], cwd)).code, 1);
  assert.match((await fleetform(['import', 'deploy', id, id], cwd)).stderr, 'a batch id is listed twice');
  assert.is((await fleetform(['import', 'deploy', id], cwd)).code, 0);
  assert.match((await fleetform(['import', 'deploy', id], cwd)).stderr, 'Nothing is left to do');
  assert.is((await fleetform(['import', 'deploy', id, '--force'], cwd)).code, 0);
  assert.is((await fleetform(['plan', '--detailed-exitcode'], cwd)).code, 0);
});

it('what an import takes away from an address is told, and nobody’s', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  await fleetform(['apply', '--auto-approve'], cwd);
  const path = join(cwd, '.fleetform/live.state.json');
  const recorded = () => JSON.parse(readFileSync(path, 'utf8'));
  const before = recorded();
  const { deploy, ...entries } = before.entries;
  writeFileSync(path, JSON.stringify({ ...before, entries }));
  const [theirs] = deploy.batchIds;
  const [ours] = entries['restart[fleet:us]'].batchIds;
  const { stdout, stderr } = await fleetform(
    ['import', 'restart[fleet:us]', theirs, '--force', '--json'],
    cwd,
  );
  assert.equal(JSON.parse(stdout), {
    address: 'restart[fleet:us]',
    batchIds: [theirs],
    released: [ours],
    takenFrom: [],
  });
  assert.match(stderr, `it was bound to batch ${ours} until now`);
  assert.ok(recorded().sight.open.includes(ours), 'it stays in question');
});

it('a lost state that is begun anew with one import vouches for nothing else, and neither does `state rm`', async () => {
  const once = (name: string, fleet: string) =>
    `  ${name}: { template: Restart game server, target: { fleet: "${fleet}" } }\n`;
  const file = `version: 1\nname: live\napi: sandbox\nbatches:\n${once('a', '1394296486561117717')}${once('b', '1394296486561117718')}`;
  const cwd = folder({ 'fleetform.yaml': file });
  const path = join(cwd, '.fleetform/live.state.json');
  assert.is((await fleetform(['apply', '--auto-approve'], cwd)).code, 0);
  const { entries } = JSON.parse(readFileSync(path, 'utf8'));
  rmSync(path);
  const asks = async (what: string) => {
    const { code, stderr } = await fleetform(['apply', '--auto-approve'], cwd);
    assert.is(code, 1, what);
    assert.match(stderr, `import 'b' ${entries.b.batchIds[0]}`, what);
  };
  await asks('lost');
  assert.is((await fleetform(['import', 'a', entries.a.batchIds[0]], cwd)).code, 0);
  await asks('one of two is bound');
  assert.is((await fleetform(['import', 'b', entries.b.batchIds[0]], cwd)).code, 0);
  assert.is((await fleetform(['plan', '--detailed-exitcode'], cwd)).code, 0);
  const more = `${file}${once('c', '1394296486561117719')}`;
  writeFileSync(join(cwd, 'fleetform.yaml'), more);
  assert.match((await fleetform(['apply', '--auto-approve'], cwd)).stdout, '1 created');
  assert.is((await fleetform(['state', 'rm', 'b'], cwd)).code, 0);
  const after = await fleetform(['plan'], cwd);
  assert.not.match(after.stdout, 'to create', after.stdout);
});

it('init writes a file that plans, and overwrites none', async () => {
  const cwd = folder();
  assert.is((await fleetform(['init', '--name', 'mine'], cwd)).code, 0);
  assert.match(readFileSync(join(cwd, 'fleetform.yaml'), 'utf8'), /^name: mine$/m);
  assert.is((await fleetform(['plan', '--detailed-exitcode'], cwd)).code, 2);
  const again = await fleetform(['init'], cwd);
  assert.is(again.code, 1);
  assert.match(again.stderr, 'exists already');
});

it('init puts the schema where editors look for it: beside the file that names it, and leaves one that is there', async () => {
  const cwd = folder();
  assert.is((await fleetform(['init'], cwd)).code, 0);
  const [first] = readFileSync(join(cwd, 'fleetform.yaml'), 'utf8').split('\n');
  const [, path] = /^# yaml-language-server: \$schema=(\S+)$/.exec(first!)!;
  const schema = readFileSync(join(cwd, path!), 'utf8');
  assert.is(schema, (await fleetform(['schema'], cwd)).stdout);

  // It is no desired-state file, and nothing is told of it: it is meant to be there.
  const valid = await fleetform(['validate', '-f', '.', '--json'], cwd);
  assert.equal([valid.code, JSON.parse(valid.stdout).diagnostics], [0, []]);

  const wrong = await fleetform(['validate', '-f', 'no-such.yaml', '--json'], cwd);
  assert.equal([wrong.code, JSON.parse(wrong.stdout).valid], [1, false]);

  const other = folder({ 'fleetform.schema.json': 'theirs' });
  const beside = await fleetform(['init'], other);
  assert.is(beside.code, 0);
  assert.is(readFileSync(join(other, 'fleetform.schema.json'), 'utf8'), 'theirs');
  const name = 'fleetform.desired-state.schema.json';
  assert.match(
    beside.stdout,
    `and ${name}, by which editors check it. fleetform.schema.json is something else`,
  );
  assert.is(readFileSync(join(other, name), 'utf8'), schema);
  assert.match(readFileSync(join(other, 'fleetform.yaml'), 'utf8'), `$schema=./${name}\n`);
  rmSync(join(other, 'fleetform.schema.json'));
  const whole = await fleetform(['validate', '-f', '.', '--json'], other);
  assert.equal([whole.code, JSON.parse(whole.stdout).diagnostics.length], [0, 0]);

  for (const [text, was, after] of [
    [schema, 'this', schema],
    [JSON.stringify({ $id: JSON.parse(schema).$id, title: 'of long ago' }), 'older', schema],
  ] as const) {
    const again = folder({ 'fleetform.schema.json': text });
    const { schema: at, schemaWas } = JSON.parse((await fleetform(['init', '--json'], again)).stdout);
    assert.equal([at.split('/').at(-1), schemaWas], ['fleetform.schema.json', was]);
    assert.is(readFileSync(join(again, 'fleetform.schema.json'), 'utf8'), after);
  }
  const full = folder();
  for (const one of ['fleetform.schema.json', name]) mkdirSync(join(full, one));
  const none = await fleetform(['init'], full);
  assert.match(none.stdout, 'without a schema for editors');
  assert.not.match(readFileSync(join(full, 'fleetform.yaml'), 'utf8'), '$schema');

  const json = { version: 1, $schema: './fleetform.schema.json', name: 'x', api: 'sandbox', batches: {} };
  const asJson = await fleetform(['validate', '-f', 'x.json'], folder({ 'x.json': JSON.stringify(json) }));
  assert.is(asJson.code, 0, asJson.stderr);
});

it('init takes only a name, and writes a file that validates whatever it is called', async () => {
  for (const bad of [
    'x\nvars: {}',
    'My_Name',
    'a b',
    'a: b',
    '"x"',
    '-x',
    'x-',
    '../x',
    '#',
    'x #',
    'é',
    'a'.repeat(65),
  ]) {
    const cwd = folder();
    const refused = await fleetform(['init', `--name=${bad}`], cwd);
    assert.is(refused.code, 1, bad);
    assert.match(refused.stderr, 'expected 1 to 64 lower-case letters, digits and hyphens', bad);
    assert.equal(readdirSync(cwd), [], bad);
  }
  for (const good of ['123', '1e5', '0x1f', 'null', 'true', 'no', '2026-11-26', 'a', 'a'.repeat(64)]) {
    const cwd = folder();
    assert.is((await fleetform(['init', '--name', good], cwd)).code, 0, good);
    const plain = await fleetform(['validate'], cwd);
    assert.is(plain.code, 0, plain.stderr);
    assert.is((await fleetform(['fmt', '--check'], cwd)).code, 0, good);
    assert.match((await fleetform(['plan', '--json'], cwd)).stdout, `"name": "${good}"`);
  }
});

it('shared flags: -f, --chdir, --var, --api-url, --quiet, colour', async () => {
  const cwd = folder({ 'x.yaml': FILE });
  mkdirSync(join(cwd, 'sub'));
  assert.is((await fleetform(['validate', '-f', 'x.yaml'], cwd)).code, 0);
  assert.is((await fleetform(['validate', '--chdir', cwd, '-f', 'x.yaml'], '/')).code, 0);
  assert.match((await fleetform(['plan', '-f', 'x.yaml', '--var', 'build=77'], cwd)).stdout, '"77"');
  assert.match(
    (await fleetform(['plan', '-f', 'x.yaml'], cwd, { FLEETFORM_VAR_build: '78' })).stdout,
    '"78"',
  );
  assert.is((await fleetform(['validate', '-f', 'x.yaml', '--var', 'build'], cwd)).code, 1);
  assert.is((await fleetform(['validate', '-f', 'x.yaml', '--quiet'], cwd)).stdout, '');
  const far = await fleetform(['plan', '-f', 'x.yaml', '--api-url', 'http://fleet.example'], cwd, {
    FLEETFORM_TOKEN: 'x',
  });
  assert.is(far.code, 1);
  assert.match(far.stderr, 'in clear');
  const SGR = /\u001b\[/;
  assert.match((await fleetform(['plan', '-f', 'x.yaml'], cwd, { FORCE_COLOR: '1' })).stdout, SGR);
  assert.not.match(
    (await fleetform(['plan', '-f', 'x.yaml', '--no-color'], cwd, { FORCE_COLOR: '1' })).stdout,
    SGR,
  );
  assert.not.match(
    (await fleetform(['plan', '-f', 'x.yaml'], cwd, { FORCE_COLOR: '1', NO_COLOR: '1' })).stdout,
    SGR,
  );
  assert.not.match((await fleetform(['plan', '-f', 'x.yaml'], cwd)).stdout, SGR);
});

it('--parallelism is the greatest number of requests in flight', async () => {
  const api = await serve({ delayMs: 5 });
  try {
    const cwd = folder({ 'fleetform.yaml': FILE.replace('api: sandbox\n', '') });
    assert.is((await fleetform(['apply', '--auto-approve'], cwd, api.env)).code, 0);
    api.mostInFlight = 0;
    assert.is((await fleetform(['destroy', '--auto-approve', '--parallelism', '3'], cwd, api.env)).code, 0);
    assert.is(api.mostInFlight, 3);
    assert.is((await fleetform(['plan', '--parallelism', '0'], cwd, api.env)).code, 1);
  } finally {
    await api.server.close();
  }
});

it('words that are no command or flag are errors with a suggestion', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  for (const [args, words] of [
    [['plam'], 'plan'],
    [['plan', '--detailed-exitcod'], '--detailed-exitcode'],
    [['apply', 'a', 'b'], 'too many arguments'],
    [['status', '--interval', 'soon'], 'duration'],
    [['schema', 'nothing'], 'desired-state'],
    [['sandbox', 'advance', 'soon'], 'duration'],
  ] as const) {
    const { code, stdout, stderr } = await fleetform(args, cwd);
    assert.is(code, 1, args.join(' '));
    assert.is(stdout, '');
    assert.match(stderr, words);
    assert.not.match(stderr, / {4}at /);
  }
});

it('broken files of ours are errors with a way out, never a stack', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  mkdirSync(join(cwd, '.fleetform'));
  writeFileSync(join(cwd, '.fleetform/live.state.json'), '{');
  const state = await fleetform(['plan'], cwd);
  assert.is(state.code, 1);
  assert.match(state.stderr, 'is not a fleetform state');
  writeFileSync(join(cwd, '.fleetform/sandbox.json'), '{');
  const sandbox = await fleetform(['templates'], cwd);
  assert.is(sandbox.code, 1);
  assert.match(sandbox.stderr, 'fleetform sandbox reset');
  for (const { stderr } of [state, sandbox]) assert.not.match(stderr, / {4}at |this is a bug/);
});

it('sandbox reset leaves the state, and says what to remove to start over wholly', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  await fleetform(['apply', '--auto-approve'], cwd);
  const reset = await fleetform(['sandbox', 'reset', '--chdir', cwd], dirname(cwd));
  assert.is(reset.code, 0);
  assert.match(
    reset.stderr,
    /^The state of live still binds batches 400\d, 400\d, 400\d, of the sandbox as it was\./,
  );
  const [, path = ''] = /\n {2}rm (\S+)\n$/.exec(reset.stderr) ?? [];
  rmSync(join(dirname(cwd), path));
  const again = await fleetform(['sandbox', 'reset'], cwd);
  assert.is(again.stderr, '');
  const plan = await fleetform(['plan'], cwd);
  assert.match(plan.stdout, 'Plan: 3 to create');
  assert.is(plan.stderr, '');
});

it('sandbox serve answers over HTTP until it is told to stop', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  const { child, ended } = start(['sandbox', 'serve', '--port', '0', '--json'], cwd);
  const text = await new Promise<string>((done) =>
    child.stdout.once('data', (chunk) => setTimeout(() => done(String(chunk)), 50)),
  );
  const { url } = JSON.parse(text);
  const listed = await fleetform(['templates', '--json'], cwd, {
    FLEETFORM_API_URL: url,
    FLEETFORM_TOKEN: 'any',
  });
  assert.is(JSON.parse(listed.stdout).length, 4);
  const keyless = await fetch(`${url}/v3/applicationInstance/task`);
  assert.is(keyless.status, 401);
  child.kill('SIGINT');
  assert.is((await ended).code, 0);
});

it('a lock of a live process is respected, of a dead one taken over, of another host left alone', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  await fleetform(['apply', '--auto-approve'], cwd);
  writeFileSync(join(cwd, 'fleetform.yaml'), FILE.replace('build: "1"', 'build: "2"'));
  const path = join(cwd, '.fleetform/live.lock.json');
  const { ownIdentity } = await import('../../src/lock/process-identity.ts');
  const self = await ownIdentity();
  const id = '1d4e0d3c-52a3-4ad5-9a38-2f7f0a5d8a01';
  const holder = {
    ...self,
    id,
    who: 'ada@here',
    since: '2026-11-23T12:00:00Z',
    operation: 'apply',
  };
  writeFileSync(path, JSON.stringify(holder));
  const busy = await fleetform(['apply', '--auto-approve', '--lock-timeout', '1s'], cwd);
  assert.is(busy.code, 1);
  assert.match(busy.stderr, 'ada@here');
  assert.match(busy.stderr, '2026-11-23T12:00:00Z');
  writeFileSync(path, JSON.stringify({ ...holder, host: 'elsewhere', pid: 999_999 }));
  assert.is((await fleetform(['apply', '--auto-approve'], cwd)).code, 1);
  assert.is((await fleetform(['force-unlock', 'another'], cwd)).code, 1);
  assert.match((await fleetform(['force-unlock', id], cwd)).stderr, '--force', 'it was alive just now');
  assert.is((await fleetform(['force-unlock', id, '--force'], cwd)).code, 0);
  assert.not(existsSync(path));
  writeFileSync(path, JSON.stringify({ ...holder, pid: 999_999 }));
  const taken = await fleetform(['apply', '--auto-approve'], cwd);
  assert.is(taken.code, 0, taken.stderr);
  assert.match(taken.stderr, 'took over the lock of ada@here');
  assert.not(existsSync(path));
});

it('SIGINT: what is in flight is finished and recorded, the lock is released, exit 130', async () => {
  const api = await serve({ delayMs: 150 });
  try {
    const cwd = folder({ 'fleetform.yaml': FILE.replace('api: sandbox\n', '') });
    const { child, ended } = start(['apply', '--auto-approve'], cwd, api.env);
    while (api.posts().length === 0) await new Promise((done) => setTimeout(done, 10));
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    assert.is(code, 130, stderr);
    const state = JSON.parse(readFileSync(join(cwd, '.fleetform/live.state.json'), 'utf8'));
    assert.is(Object.keys(state.entries).length, api.record.batches.length);
    assert.equal(state.intents, []);
    assert.not(existsSync(join(cwd, '.fleetform/live.lock.json')));
    assert.is((await fleetform(['apply', '--auto-approve'], cwd, api.env)).code, 0);
    assert.is(api.record.batches.length, 3);
  } finally {
    await api.server.close();
  }
});

it.run();
