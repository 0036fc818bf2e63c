/** `fleetform calendar` as a process: offline, whatever the file's API is. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetform, folder, KEY } from '../support/cli.ts';

const it = suite('calendar');

const FILE = [
  'version: 1',
  'name: live',
  'timezone: Europe/Amsterdam',
  'vars: { build: "1" }',
  'fleets: { eu: "1394296486561117717", us: "1394296486561117718" }',
  'batches:',
  '  restart: { template: Restart game server, targets: [{ fleet: eu }, { fleet: us }], executeAt: 2026-12-01T03:30:00Z }',
  `  deploy: { template: Deploy build, target: { fleet: eu }, params: { buildId: "\${var.build}" }, executeAt: 2026-12-20T03:30:00Z }`,
  '  now: { template: Collect logs, target: { fleet: eu } }',
  '',
].join('\n');
const FROM = ['--from', '2026-11-30T12:00:00Z'];

it('shows two weeks, without a key or an API that could be asked', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  for (const api of ['', 'api: sandbox\n', 'api: { url: "http://127.0.0.1:9" }\n']) {
    const { code, stdout, stderr } = await fleetform(
      ['calendar', ...FROM, '-f', join(folder({ 'f.yaml': api + FILE }), 'f.yaml')],
      cwd,
    );
    assert.is(code, 0, stderr);
    assert.is(stderr, '');
    assert.equal(stdout.split('\n').slice(0, 6), [
      'live from Mon 30 Nov 2026 13:00 to Mon 14 Dec 2026 13:00 (Europe/Amsterdam)',
      '',
      'Tue 1 Dec 2026',
      '  04:30  restart  fleet eu, fleet us  Restart game server',
      '',
      'As soon as it is applied, once, unless it has already run',
    ]);
    assert.match(stdout, '\n14 days: 2 runs, 1 as soon as applied\n');
  }
  assert.not.ok(existsSync(join(cwd, '.fleetform')));
});

it('--days and --from choose the time; out of range is a usage error', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  const one = await fleetform(['calendar', ...FROM, '--days', '1'], cwd);
  assert.match(one.stdout, '1 day: 2 runs');
  const long = await fleetform(['calendar', ...FROM, '--days', '366'], cwd);
  assert.match(long.stdout, '366 days: 3 runs');
  for (const days of ['0', '367', '1.5', 'x']) {
    const { code, stderr } = await fleetform(['calendar', '--days', days], cwd);
    assert.is(code, 1);
    assert.match(stderr, 'It is a whole number from 1 to 366.');
  }
  const bad = await fleetform(['calendar', '--from', 'soon'], cwd);
  assert.is(bad.code, 1);
  assert.match(bad.stderr, '--from');
});

it('without --from it begins now', async () => {
  const before = Math.floor(Date.now() / 1000);
  const { stdout } = await fleetform(['calendar', '--json'], folder({ 'fleetform.yaml': FILE }));
  const { from, to } = JSON.parse(stdout);
  assert.ok(from >= before && from <= Date.now() / 1000);
  assert.is(to, from + 14 * 86_400);
});

it('--json is the calendar', async () => {
  const { code, stdout } = await fleetform(
    ['calendar', ...FROM, '--json', '--chdir', folder({ 'fleetform.yaml': FILE })],
    folder(),
  );
  assert.is(code, 0);
  const { entries, once } = JSON.parse(stdout);
  assert.equal(entries[1], {
    address: 'restart[fleet:us]',
    block: 'restart',
    template: 'Restart game server',
    targetText: 'fleet us',
    paused: false,
    executeAt: Date.parse('2026-12-01T03:30:00Z') / 1000,
    verdict: 'runs',
    freeze: null,
    until: null,
  });
  assert.is(once[0].address, 'now');
});

it('--html writes the page beside the table, or instead of it to stdout', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  const file = await fleetform(['calendar', ...FROM, '--html', 'c.html'], cwd);
  assert.match(file.stdout, '14 days: 2 runs');
  const page = readFileSync(join(cwd, 'c.html'), 'utf8');
  assert.match(page, '<title>fleetform calendar: live</title>');
  const stdout = await fleetform(['calendar', ...FROM, '--html', '-'], cwd);
  assert.is(stdout.stdout, page);
  const both = await fleetform(['calendar', '--json', '--html', '-'], cwd);
  assert.is(both.code, 1);
  assert.match(both.stdout + both.stderr, 'would all write to stdout');
  const over = await fleetform(['calendar', '--html', 'fleetform.yaml'], cwd);
  assert.is(over.code, 1);
  assert.match(over.stderr, 'would overwrite the desired state');
});

it('an empty file says so, and a broken one is an error with its place', async () => {
  const none = await fleetform(
    ['calendar'],
    folder({ 'fleetform.yaml': 'version: 1\nname: live\nbatches: {}\n' }),
  );
  assert.is(none.code, 0);
  assert.match(none.stdout, 'Nothing in the file runs in these 14 days.');
  const broken = await fleetform(
    ['calendar'],
    folder({ 'fleetform.yaml': 'version: 1\nname: live\nbatchs: {}\n' }),
  );
  assert.is(broken.code, 1);
  assert.match(broken.stderr, 'fleetform.yaml:3');
});

it('a key in the file is not shown', async () => {
  const leaked = FILE.replace('name: live', `name: live\nmoved: []`).replace('Collect logs', KEY);
  const { stdout } = await fleetform(['calendar', ...FROM], folder({ 'fleetform.yaml': leaked }), {
    FLEETFORM_TOKEN: KEY,
  });
  assert.not.match(stdout, KEY);
});

it.run();
