/** A state that is put in place by hand, beside another that owns the same batches: it is written, and that is told. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetform, folder, inHours } from '../support/cli.ts';

const it = suite('owners of the same batches');

const FILE = [
  'version: 1',
  'name: live',
  'api: sandbox',
  'batches:',
  `  nightly: { template: Restart game server, target: { fleet: "1394296486561117717" }, executeAt: ${inHours(24)} }`,
  `  weekly: { template: Restart game server, target: { fleet: "1394296486561117718" }, executeAt: ${inHours(30)} }`,
  '',
].join('\n');

/** In a repository, with a folder of its own for a second file, and the state of the first as that of `name`. */
async function applied(name: string) {
  const cwd = folder({ 'fleetform.yaml': FILE });
  mkdirSync(join(cwd, '.git'));
  mkdirSync(join(cwd, 'sub'));
  assert.is((await fleetform(['apply', '--auto-approve'], cwd)).code, 0);
  const state = JSON.parse((await fleetform(['state', 'pull'], cwd)).stdout);
  const ids = Object.values<{ batchIds: string[] }>(state.entries).flatMap(({ batchIds }) => batchIds);
  for (const place of ['other.yaml', 'sub/fleetform.yaml'])
    writeFileSync(join(cwd, place), FILE.replace('name: live', `name: ${name}`));
  const pushed = (fields: object) =>
    writeFileSync(join(cwd, 'two.json'), JSON.stringify({ ...state, ...fields }));
  pushed({ name });
  return { cwd, state, ids, pushed };
}

for (const place of ['other.yaml', 'sub/fleetform.yaml']) {
  it(`state push, ${place}: what another state owns is named, and written all the same`, async () => {
    const { cwd, state, ids } = await applied('two');
    for (const flags of [[], ['--force', '--quiet'], ['--force', '--json']]) {
      const { code, stdout, stderr } = await fleetform(
        ['state', 'push', 'two.json', '-f', place, ...flags],
        cwd,
      );
      assert.is(code, 0, stderr);
      assert.is(
        stderr,
        `warning: batches ${ids.join(', ')} are bound in the state of "live", too: each of the two would change and cancel them on its own.\n`,
      );
      if (flags.includes('--json')) assert.is(JSON.parse(stdout).entries, 2);
      else assert.match(stdout, /^The state of two is now serial \d+, with 2 addresses\.\n$/);
    }
    const beside = join(cwd, place, '../.fleetform/two.state.json');
    assert.equal(JSON.parse(readFileSync(beside, 'utf8')).entries, state.entries);
  });
}

it('state push: one batch is one, and those of other states that are another matter are no owners', async () => {
  const { cwd, state, ids, pushed } = await applied('two');
  pushed({ name: 'two', entries: { nightly: state.entries.nightly } });
  const one = await fleetform(['state', 'push', 'two.json', '-f', 'other.yaml'], cwd);
  assert.match(
    one.stderr,
    `warning: batch ${state.entries.nightly.batchIds[0]} is bound in the state of "live"`,
  );
  assert.match(one.stderr, 'cancel it on its own.');
  assert.is(ids.length, 2);
  pushed({ name: 'two', entries: {} });
  assert.is((await fleetform(['state', 'push', 'two.json', '-f', 'other.yaml', '--force'], cwd)).stderr, '');
  writeFileSync(join(cwd, 'own.json'), JSON.stringify(state));
  const own = await fleetform(['state', 'push', 'own.json', '--force'], cwd);
  assert.equal([own.code, own.stderr], [0, ''], 'its own is no other');
});

it('state push: a state beside it that cannot be read is told, and keeps nothing from being written', async () => {
  const { cwd } = await applied('two');
  writeFileSync(join(cwd, '.fleetform/live.state.json'), '{');
  const { code, stdout, stderr } = await fleetform(['state', 'push', 'two.json', '-f', 'other.yaml'], cwd);
  assert.is(code, 0, stderr);
  assert.match(stderr, /^warning: a state in the same place cannot be read, so nobody knows whether/);
  assert.match(stdout, 'The state of two is now serial');
});

it.run();
