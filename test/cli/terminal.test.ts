/** On a real terminal, driven through tmux: apply asks, and takes a yes for a yes and nothing else. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
    const asked = await shows('Only "yes" is accepted:');
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
    await shows('Only "yes" is accepted:');
    keys('y', 'Enter');
    assert.match(await shows('exit 1'), 'Not approved: nothing was done.');
  });
  assert.is((await fleetform(['plan', '--detailed-exitcode'], cwd)).code, 2);
});

for (const [key, expected, code] of [
  ['C-c', 'Interrupted; nothing was started.', 130],
  ['C-d', 'Not approved: nothing was done.', 1],
] as const) {
  onTerminal(`${key} at the question: ${expected}`, async () => {
    const cwd = folder({ 'fleetform.yaml': FILE });
    await terminal(cwd, APPLY, async ({ keys, shows }) => {
      await shows('Only "yes" is accepted:');
      keys(key);
      const screen = await shows(`exit ${code}`);
      assert.match(screen, expected);
      assert.not.match(screen, 'bug in fleetform');
    });
    assert.is((await fleetform(['plan', '--detailed-exitcode'], cwd)).code, 2);
  });
}

onTerminal('Ctrl-Z at the question, and fg: it is asked again, and takes an answer', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  await terminal(cwd, 'PS1="ready> " bash --norc --noprofile', async ({ keys, shows }) => {
    await shows('ready>');
    keys(`${process.execPath} ${CLI} apply; echo "exit $?"`, 'Enter');
    for (const back of ['clear; fg', 'clear; kill -CONT %1; fg']) {
      await shows('Only "yes" is accepted:');
      keys('C-z');
      await shows(/Stopped/);
      keys(back, 'Enter');
    }
    await shows('Only "yes" is accepted:');
    keys('yes', 'Enter');
    assert.match(await shows('Apply complete'), /1 created/);
  });
  assert.not(existsSync(join(cwd, '.fleetform', 'live.lock.json')));
});

onTerminal('its window is closed at the question: 130, and no lock stays', async () => {
  const cwd = folder({ 'fleetform.yaml': FILE });
  const line = `trap : HUP; ${process.execPath} ${CLI} apply; echo $? > code`;
  await terminal(cwd, line, async ({ shows }) => void (await shows('Only "yes" is accepted:')));
  const code = join(cwd, 'code');
  while (!existsSync(code) || readFileSync(code, 'utf8') === '')
    await new Promise((done) => setTimeout(done, 20));
  assert.is(readFileSync(code, 'utf8').trim(), '130');
  assert.not(existsSync(join(cwd, '.fleetform', 'live.lock.json')));
});

const MANY = [
  'version: 1',
  'name: live',
  'batches:',
  ...Array.from(
    { length: 12 },
    (_, n) =>
      `  run-${n}: { template: 7, target: { fleet: "1394296486561117719" }, executeAt: ${inHours(24 + n)} }`,
  ),
  '',
].join('\n');

onTerminal('Ctrl-C while rows move: each row stays one, and the reader is told', async () => {
  const api = await serve({ delayMs: 150 });
  try {
    const line = `${process.execPath} ${CLI} apply --auto-approve --parallelism 2; echo "exit $?"; sleep 60`;
    await terminal(
      folder({ 'fleetform.yaml': MANY }),
      line,
      async ({ keys, shows, history, hasCursor }) => {
        await shows(/✔ run-1 +created/);
        keys('C-c');
        await shows('SIGINT: finishing what is in progress. A second Ctrl-C exits immediately.');
        await shows(/Waiting at most \d+ s for the answers? to .*POST/);
        await shows('exit 130');
        const rows = history().match(/^[^\s] run-\d+ .*$/gm) ?? [];
        const names = rows.map((row) => row.split(' ')[1]);
        assert.equal(names, [...new Set(names)], history());
        assert.is(names.length, 12);
        assert.match(history(), /Apply incomplete: \d+ created.* skipped/);
        assert.ok(hasCursor());
      },
      { env: api.env, rows: 30 },
    );
  } finally {
    await api.server.close();
  }
});

onTerminal('a second Ctrl-C ends at once, and leaves the cursor', async () => {
  const api = await serve({ delayMs: 20_000 });
  try {
    // The first may already have ended it: then the second is the shell's, or ends what comes after.
    const line = `trap : INT; ${process.execPath} ${CLI} apply --auto-approve; echo "exit $?"; sleep 60; sleep 60`;
    await terminal(
      folder({ 'fleetform.yaml': MANY }),
      line,
      async ({ keys, shows, hasCursor }) => {
        await shows(/Waiting for .*: no answer/);
        keys('C-c');
        keys('C-c');
        await shows('exit 130');
        assert.ok(hasCursor());
      },
      { env: api.env },
    );
  } finally {
    await api.server.close();
  }
});

const RUNNING = [
  'version: 1',
  'name: live',
  'batches:',
  ...Array.from(
    { length: 30 },
    (_, n) =>
      `  run-${n}: { template: 7, target: { fleet: "1394296486561117719" }, executeAt: ${inHours(24 + n)} }`,
  ),
  '  now: { template: 9, target: { fleet: "1394296486561117719" } }',
  '',
].join('\n');

onTerminal('status --watch is one picture, however small the window, and a summary stays', async () => {
  const api = await serve();
  try {
    const cwd = folder({ 'fleetform.yaml': RUNNING });
    assert.is((await fleetform(['apply', '--auto-approve'], cwd, api.env)).code, 0);
    const line = `echo before; ${process.execPath} ${CLI} status --watch --interval 1s; echo "exit $?"; sleep 60`;
    await terminal(
      cwd,
      line,
      async ({ keys, shows, history, resize, hasCursor }) => {
        const small = await shows(/^\+28 more: 28 scheduled$/m);
        assert.match(small, /^▶ now +running/m);
        assert.not.match(small, 'before');
        resize(60, 12);
        await shows(/^\+25 more: 25 scheduled$/m);
        await new Promise((done) => setTimeout(done, 2500));
        keys('C-c');
        await shows('exit 130');
        assert.ok(hasCursor());
        const all = history();
        assert.match(all, /^before$/m);
        assert.is(all.match(/: stopped watching after /g)?.length, 1, all);
        for (const name of ['now', 'run-0', 'run-4']) {
          assert.is(all.match(new RegExp(`^. ${name} `, 'gm'))?.length, 1, `${name} in:\n${all}`);
        }
        assert.match(all, /^\+25 more: 25 scheduled$/m);
      },
      { env: api.env, rows: 8 },
    );
  } finally {
    await api.server.close();
  }
});

onTerminal('Ctrl-Z and Ctrl-\\ in status --watch give the terminal back', async () => {
  const api = await serve();
  try {
    const cwd = folder({ 'fleetform.yaml': RUNNING });
    assert.is((await fleetform(['apply', '--auto-approve'], cwd, api.env)).code, 0);
    await terminal(
      cwd,
      'PS1="ready> " bash --norc --noprofile',
      async ({ keys, shows, hasCursor }) => {
        await shows('ready>');
        keys(`${process.execPath} ${CLI} status --watch --interval 1s`, 'Enter');
        await shows(/^▶ now +running/m);
        keys('C-z');
        await shows(/Stopped/);
        assert.ok(hasCursor());
        keys('clear; fg', 'Enter');
        await shows(/^▶ now +running/m);
        assert.not.ok(hasCursor());
        keys('C-\\');
        await shows(/Quit/);
        assert.ok(hasCursor());
      },
      { env: api.env, rows: 40 },
    );
  } finally {
    await api.server.close();
  }
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  it(`${signal} while the API keeps one waiting ends at once with 130`, async () => {
    const api = await serve({ delayMs: 20_000 });
    try {
      for (const command of [['status', '--watch'], ['plan'], ['status'], ['import', 'restart', '1']]) {
        const before = api.requests.length;
        const { child, ended } = start(command, folder({ 'fleetform.yaml': FILE }), api.env);
        while (api.requests.length === before) await new Promise((done) => setTimeout(done, 10));
        child.kill(signal);
        assert.is((await ended).code, 130, command.join(' '));
      }
    } finally {
      await api.server.close();
    }
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
