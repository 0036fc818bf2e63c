/** A terminal that is stopped and a pipe that nobody reads: the work is done meanwhile, and all is read in its order. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CLI, environment, folder, inHours } from '../support/cli.ts';
import { terminal } from '../support/terminal.ts';
import { needs } from '../support/tools.ts';

const it = needs(suite('slow readers'), 'bash', 'tmux');

const BATCHES = 400;

function workFolder(): string {
  const batches = Array.from({ length: BATCHES }, (_, at) => {
    const target = 'target: { fleet: "1394296486561117717" }';
    return `  b${at}: { template: Collect logs, ${target}, executeAt: ${inHours(24 + at)} }\n`;
  });
  const head = 'version: 1\nname: live\napi: sandbox\nbatches:\n';
  return folder({ 'fleetform.yaml': head + batches.join('') });
}

/** The work is over: everything is recorded, and the lock is given back. */
async function isDone(cwd: string): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    await new Promise((done) => setTimeout(done, 100));
    if (entriesIn(cwd) !== BATCHES) continue;
    if (!readdirSync(join(cwd, '.fleetform')).some((name) => name.includes('lock'))) return;
  }
  throw new Error(`it waits for its reader: ${entriesIn(cwd)} of ${BATCHES} are recorded`);
}

function entriesIn(cwd: string): number {
  try {
    const state = JSON.parse(readFileSync(join(cwd, '.fleetform/live.state.json'), 'utf8'));
    return state.intents.length === 0 ? Object.keys(state.entries).length : 0;
  } catch {
    return 0;
  }
}

/** What comes through a pipe that is not read before the work is done. */
async function readLate(cwd: string, command: string): Promise<string[]> {
  const late = `${command} | (while ! test -e read; do sleep 0.1; done; cat)`;
  const child = spawn('bash', ['-c', late], {
    cwd,
    env: environment({ FLEETFORM: `${process.execPath} ${CLI}` }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part) => {
    text += part;
  });
  const ended = new Promise((done) => child.on('close', done));
  await isDone(cwd).finally(() => writeFileSync(join(cwd, 'read'), ''));
  await ended;
  return text.trimEnd().split('\n');
}

it('one pipe for stdout and stderr: the work does not wait for it, and nothing is lost or out of order', async () => {
  const lines = await readLate(workFolder(), '$FLEETFORM apply --auto-approve 2>&1');
  const first = lines.findIndex((line) => line.endsWith(': creating'));
  const planned = lines.findIndex((line) => line.startsWith('Plan: '));
  assert.ok(planned > 2 * BATCHES && planned < first, `planned ${planned}, first ${first}`);
  assert.is(lines.filter((line) => /^b\d+: created, batch \d+/.test(line)).length, BATCHES);
  assert.match(lines.at(-1) ?? '', /400 created/);
});

it('--json: each event comes out, whenever it is read', async () => {
  const lines = await readLate(workFolder(), '$FLEETFORM apply --auto-approve --json');
  const types = lines.map((line) => JSON.parse(line).type);
  assert.is(types[0], 'version');
  assert.is(types.filter((type) => type === 'apply_complete').length, BATCHES);
  assert.is(types.at(-1), 'change_summary');
});

it('a terminal that is stopped with Ctrl-S does not stop an apply', async () => {
  const cwd = workFolder();
  const command = `stty ixon -echo; echo ready; read go; ${process.execPath} ${CLI} apply --auto-approve; echo over; exec sleep 60`;
  await terminal(cwd, `bash -c '${command}'`, async ({ keys, shows, history }) => {
    await shows('ready');
    keys('C-s');
    keys('Enter');
    await isDone(cwd);
    keys('C-q');
    const screen = await shows('over');
    assert.match(screen, /400 created[^\n]*\n+over/);
    // A frame that was never read is not drawn one after the other.
    assert.is(history().split('creating').length - 1 < BATCHES, true);
  });
});

it.run();
