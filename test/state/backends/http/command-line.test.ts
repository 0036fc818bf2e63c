/** The commands, on a state that a server keeps: GitLab's variables are all that is set. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fleetform, folder, inHours, serve } from '../../../support/cli.ts';
import { stateServer } from '../../../support/state-server.ts';

const FILE = [
  'version: 1',
  'name: live',
  'state: { backend: http }',
  'batches:',
  `  patch: { template: Restart game server, target: { region: "42" }, executeAt: ${inHours(24)} }`,
  '',
].join('\n');

const it = suite('http state, command line');

it('an apply keeps its state there, and no output has the password', async () => {
  const server = await stateServer('strict');
  const api = await serve();
  const cwd = folder({ 'fleetform.yaml': FILE });
  const env = { ...api.env, ...server.env };
  const run = (...args: string[]) => fleetform(args, cwd, env);
  try {
    const outputs = [await run('validate'), await run('apply', '--auto-approve'), await run('state', 'list')];
    for (const { code, stderr } of outputs) assert.is(code, 0, stderr);
    assert.match(outputs[2]!.stdout, 'patch');
    assert.match(server.state ?? '', '"patch"');
    assert.is(server.lock, null);

    server.lock = { ID: 'x-1', Who: 'ada', Created: new Date().toISOString() };
    const locked = await run('apply', '--auto-approve', '--replace', 'patch');
    assert.is(locked.code, 1);
    assert.match(locked.stderr, 'locked by ada');
    assert.match(locked.stderr, 'fleetform force-unlock x-1');
    const alive = await run('force-unlock', 'x-1');
    assert.match(alive.stderr, '--force');
    const removed = await run('force-unlock', 'x-1', '--force');
    assert.match(removed.stdout, 'Removed the lock of ada');

    const wrong = await fleetform(['plan'], cwd, { ...env, TF_HTTP_PASSWORD: 'another-password' });
    assert.is(wrong.code, 1);
    assert.match(wrong.stderr, 'refuses access');
    for (const { stdout, stderr } of [...outputs, locked, alive, removed, wrong]) {
      assert.not.match(stdout + stderr, /correct-horse|another-password/);
    }
  } finally {
    await api.server.close();
    await server.end();
  }
});

it.run();
