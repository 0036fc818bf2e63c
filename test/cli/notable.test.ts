/** --quiet: what has to be minded is told, by every command; notes and remarks are not. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { notable } from '../../src/cli/notable.ts';
import type { Diagnostic } from '../../src/model/errors.ts';
import { fleetform, folder, inHours } from '../support/cli.ts';

const it = suite('--quiet');

/** A note: fleet "us" is not used. A warning of each plan: `late` is missed. */
const FILE = [
  'version: 1',
  'name: live',
  'api: sandbox',
  'fleets: { eu: "1394296486561117717", us: "1394296486561117718" }',
  'batches:',
  '  late: { template: Restart game server, target: { fleet: eu }, executeAt: 2020-01-01T00:00:00Z }',
  `  deploy: { template: Deploy build, target: { fleet: eu }, params: { buildId: "1" }, executeAt: ${inHours(24)} }`,
  '',
].join('\n');

const WARNING = /^warning: late: its time has passed/m;
const NOTE = /^note: fleet "us" is not used/m;
const PROGRESS = /^deploy: created, batch \d+/m;

it('notes are left out, warnings and errors are not', () => {
  const diagnostics = (['note', 'warning', 'error'] as const).map(
    (severity): Diagnostic => ({ severity, code: 'x', message: severity }),
  );
  const told = (quiet?: boolean) =>
    notable(
      { flags: { color: false, logLevel: 'info', ...(quiet === undefined ? {} : { quiet }) } },
      diagnostics,
    );
  assert.equal(told(), diagnostics);
  assert.equal(told(false), diagnostics);
  assert.equal(told(true), diagnostics.slice(1));
});

it('plan and apply: warnings, no notes, no progress', async () => {
  for (const command of [['plan'], ['apply', '--auto-approve']]) {
    const loud = await fleetform(command, folder({ 'fleetform.yaml': FILE }));
    const quiet = await fleetform([...command, '--quiet'], folder({ 'fleetform.yaml': FILE }));
    for (const { code, stderr } of [loud, quiet]) {
      assert.is(code, 0, stderr);
      assert.match(stderr, WARNING);
    }
    assert.match(loud.stderr, NOTE);
    assert.not.match(quiet.stderr, /note:|deploy: creat|change to apply/);
    if (command[0] === 'apply') assert.match(loud.stderr, PROGRESS);
    assert.match(quiet.stdout, 'Plan: 1 to create');
  }
});

it('validate and calendar: no notes', async () => {
  for (const command of ['validate', 'calendar']) {
    const cwd = folder({ 'fleetform.yaml': FILE });
    assert.match((await fleetform([command], cwd)).stderr, NOTE, command);
    const { code, stderr } = await fleetform([command, '--quiet'], cwd);
    assert.equal([code, stderr], [0, ''], command);
    const broken = folder({ 'fleetform.yaml': FILE.replace('executeAt', 'executAt') });
    assert.match((await fleetform([command, '--quiet'], broken)).stderr, /^error: unknown key "executAt"/m);
  }
});

it('import and state rm: a warning, no remark', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  assert.is((await fleetform(['apply', '--auto-approve'], cwd)).code, 0);
  const { entries } = JSON.parse(readFileSync(join(cwd, '.fleetform/live.state.json'), 'utf8'));
  const [id] = entries.deploy.batchIds;
  for (const flags of [[], ['--quiet']]) {
    const removed = await fleetform(['state', 'rm', 'deploy', ...flags], cwd);
    assert.equal([removed.code, removed.stderr === ''], [0, flags.length > 0], 'its remark');
    const { code, stdout, stderr } = await fleetform(['import', 'deploy', id, ...flags], cwd);
    assert.is(code, 0, stderr);
    assert.match(stderr, /^warning: the API does not return params/m);
    assert.match(stdout, 'deploy is bound to batch');
  }
});

it.run();
