// `npm run demo`: the main job, on the embedded sandbox, in a temporary folder. It only runs the commands that it
// prints; whatever else is on the screen, fleetform itself has put there. (For the week at its end, see demo-week.mjs.)
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { week } from './demo-week.mjs';

const cli = resolve('dist/cli.js');
const folder = mkdtempSync(join(tmpdir(), 'fleetform-demo-'));
const file = join(folder, 'fleetform.yaml');
const env = { ...process.env };
for (const name of Object.keys(env)) if (name.startsWith('FLEETFORM_')) delete env[name];

// On a terminal, one screen at a time. A pipe and a pipeline have nobody to press a key.
const isRead = process.stdin.isTTY && process.stdout.isTTY && !env.CI;
let isFirst = true;
/** What a shell says of a program that Ctrl-C ended. */
const INTERRUPTED = 130;

async function pause() {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  // Ctrl-C and the end of the input go on to the end of the demo's own folder, too.
  const over = new Promise((end) => lines.once('SIGINT', () => end(INTERRUPTED)).once('close', () => end(0)));
  const exitCode = await Promise.race([
    lines.question('\n(Enter goes on, Ctrl-C ends) ').then(() => null),
    over,
  ]);
  lines.close();
  if (exitCode !== null) throw new Stopped(exitCode);
}

class Stopped extends Error {
  constructor(exitCode) {
    super();
    this.exitCode = exitCode;
  }
}

async function rule(text) {
  if (isRead && !isFirst) await pause();
  isFirst = false;
  console.log(`\n\u2500\u2500 ${text} ${'\u2500'.repeat(Math.max(0, 76 - text.length))}\n`);
}

function write(text) {
  writeFileSync(file, text);
  console.log(text.trimEnd());
}

function fleetform(args, expected = 0) {
  console.log(`\n$ fleetform ${args.join(' ')}\n`);
  const { status } = spawnSync(process.execPath, [cli, ...args], { cwd: folder, env, stdio: 'inherit' });
  if (status !== expected)
    throw new Error(`fleetform ${args[0]} exited with ${status}, expected ${expected}`);
}

function tomorrowAt(hour) {
  const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  return `${day}T${String(hour).padStart(2, '0')}:30:00Z`;
}

try {
  const example = readFileSync('examples/demo/fleetform.yaml', 'utf8');
  const first = example.replace(/executeAt: .*/g, `executeAt: ${tomorrowAt(3)}`);

  await rule('A file says what should run, where and when');
  write(first);
  await rule('plan shows what is missing');
  fleetform(['plan', '--detailed-exitcode'], 2);
  await rule('apply creates it');
  fleetform(['apply', '--auto-approve']);
  await rule('What was to run at once is running');
  fleetform(['status', '--watch']);
  await rule('Nothing is left to do');
  fleetform(['plan', '--detailed-exitcode', '--concise']);
  await rule('The restart moves by an hour, the deploy is dropped');
  write(first.replace(tomorrowAt(3), tomorrowAt(4)).replace(/^ {2}deploy-canary:\n(?: {4}.*\n)+/m, ''));
  fleetform(['plan', '--concise']);
  fleetform(['apply', '--auto-approve', '--quiet']);
  fleetform(['status']);
  await rule('A schedule: every night but for the finals, by a pipeline once a day, for a week');
  week(cli, folder, env);
  await rule('Done');
  console.log('Everything happened in a temporary folder, which is gone. Your own: fleetform init');
} catch (error) {
  if (!(error instanceof Stopped)) throw error;
  console.log('');
  process.exitCode = error.exitCode;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
