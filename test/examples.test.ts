/** Each example validates, plans and applies as it stands. */
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { git } from './pipelines/workspace.ts';
import { fleetform, folder } from './support/cli.ts';
import { stateServer } from './support/state-server.ts';

const it = suite('examples');

/** A program, and no desired-state file: `test/package.test.ts` runs it where the package is installed. */
const PROGRAMS = ['library'];

const examples = readdirSync('examples').filter((name) => !PROGRAMS.includes(name));

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

it.run();
