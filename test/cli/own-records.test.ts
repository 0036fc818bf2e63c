/** Records that fleetform wrote, in the very folder that -f names. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetform, folder } from '../support/cli.ts';

const it = suite('own records');
const FILE =
  'version: 1\nname: live\napi: sandbox\nbatches: { a: { template: Collect logs, target: { fleet: "1394296486561117719" } } }\n';

async function withRecords() {
  const cwd = folder({ 'fleetform.yaml': FILE });
  const keep = async (name: string, args: string[]) => {
    writeFileSync(join(cwd, name), (await fleetform(args, cwd)).stdout);
  };
  await keep('events.json', ['apply', '--auto-approve', '--json']);
  await keep('pulled.json', ['state', 'pull']);
  for (const name of ['plan', 'validate', 'status']) await keep(`${name}.json`, [name, '--json']);
  assert.is((await fleetform(['plan', '--out', 'saved.json'], cwd)).code, 0);
  return cwd;
}

it('a folder is its desired state, whatever records lie in it', async () => {
  const cwd = await withRecords();
  for (const args of [
    ['plan', '--detailed-exitcode'],
    ['plan', '--out', 'saved.json'],
    ['apply', 'saved.json', '-f', '.'],
  ]) {
    const { code, stderr } = await fleetform([...args, '-f', '.'], cwd);
    assert.is(code, 0, `${args.join(' ')}: ${stderr}`);
  }
  const { stderr } = await fleetform(['fmt', '--check', '.'], cwd);
  assert.match(stderr, 'Skipped saved.json: it is a saved plan.');
});

it('named as a desired-state file, each says what it is and what takes it', async () => {
  const cwd = await withRecords();
  for (const [name, words] of [
    ['saved.json', /saved\.json is a saved plan, not a desired-state file.*fleetform apply saved\.json/s],
    ['pulled.json', /is a recorded state.*fleetform state push pulled\.json/s],
    ['events.json', /is a list of events/],
    ['.fleetform/sandbox.json', /is the data of a sandbox/],
  ] as const) {
    const { code, stderr } = await fleetform(['plan', '-f', name], cwd);
    assert.is(code, 1);
    assert.match(stderr.replace(/\n +/g, ' '), words);
  }
});

it('a folder of nothing else holds no desired state', async () => {
  const cwd = await withRecords();
  const { code, stderr } = await fleetform(['plan', '-f', 'only'], folder({}));
  assert.is(code, 1, stderr);
  const told = await fleetform(['plan', '-f', '.fleetform'], cwd);
  assert.is(told.code, 1);
  assert.match(told.stderr, 'holds no desired-state file, only');
});

it.run();
