/** On a real terminal, driven through tmux: apply asks, and takes a yes for a yes and nothing else. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CLI, fleetform, folder, inHours, serve, start } from '../support/cli.ts';
import { terminal } from '../support/terminal.ts';
import { needs } from '../support/tools.ts';

const it = suite('a terminal');
const onTerminal = needs(it, 'tmux');

const FILE = [
  'version: 1',
  'name: live',
  'api: sandbox',
  'batches:',
  `  restart: { template: 7, target: { fleet: "1394296486561117719" }, executeAt: ${inHours(24)} }`,
  '',
].join('\n');

const APPLY = `${process.execPath} ${CLI} apply; echo "exit $?"; sleep 60`;

onTerminal('yes applies, with progress', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  await terminal(cwd, APPLY, async ({ keys, shows }) => {
    const asked = await shows('Only "yes" is taken as a yes:');
    assert.match(asked, 'Plan: 1 to create');
    keys('yes', 'Enter');
    const done = await shows('exit 0');
    assert.match(done, /✔ restart +created, batch \d+/);
    assert.match(done, 'Apply complete: 1 created');
  });
  assert.is((await fleetform(['plan', '--detailed-exitcode'], cwd)).code, 0);
});

onTerminal('anything else does nothing, and exits 1', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  await terminal(cwd, APPLY, async ({ keys, shows }) => {
    await shows('Only "yes" is taken as a yes:');
    keys('y', 'Enter');
    assert.match(await shows('exit 1'), 'Not approved: nothing was done.');
  });
  assert.is((await fleetform(['plan', '--detailed-exitcode'], cwd)).code, 2);
});

for (const [key, expected, code] of [
  ['C-c', 'Interrupted; nothing was begun.', 130],
  ['C-d', 'Not approved: nothing was done.', 1],
] as const) {
  onTerminal(`${key} at the question: ${expected}`, async () => {
    const cwd = folder({ 'fleetform.yaml': FILE });
    await terminal(cwd, APPLY, async ({ keys, shows }) => {
      await shows('Only "yes" is taken as a yes:');
      keys(key);
      const screen = await shows(`exit ${code}`);
      assert.match(screen, expected);
      assert.not.match(screen, 'bug in fleetform');
    });
    assert.is((await fleetform(['plan', '--detailed-exitcode'], cwd)).code, 2);
  });
}

it('a second signal exits at once', async () => {
  const api = await serve({ delayMs: 20_000 });
  try {
    const { child, ended } = start(['apply', '--auto-approve'], folder({ 'fleetform.yaml': FILE }), api.env);
    while (api.requests.length === 0) await new Promise((done) => setTimeout(done, 10));
    child.kill('SIGTERM');
    await new Promise<void>((done) => child.stderr.once('data', () => done()));
    child.kill('SIGTERM');
    assert.is((await ended).code, 130);
  } finally {
    await api.server.close();
  }
});

it.run();
