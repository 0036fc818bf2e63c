// `npm run demo`: the main job, on the embedded sandbox, in a temporary folder. It only runs the commands that it
// prints; whatever else is on the screen, fleetform itself has put there. (For the week at its end, see demo-week.mjs.)
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { week } from './demo-week.mjs';

const cli = resolve('dist/cli.js');
const folder = mkdtempSync(join(tmpdir(), 'fleetform-demo-'));
const file = join(folder, 'fleetform.yaml');
const env = { ...process.env };
for (const name of Object.keys(env)) if (name.startsWith('FLEETFORM_')) delete env[name];

const rule = (text) =>
  console.log(`\n\u2500\u2500 ${text} ${'\u2500'.repeat(Math.max(0, 76 - text.length))}\n`);

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

  rule('A file says what should run, where and when');
  write(first);
  rule('plan shows what is missing');
  fleetform(['plan', '--detailed-exitcode'], 2);
  rule('apply creates it');
  fleetform(['apply', '--auto-approve']);
  rule('What was to run at once is running');
  fleetform(['status', '--watch']);
  rule('Nothing is left to do');
  fleetform(['plan', '--detailed-exitcode', '--concise']);
  rule('The restart moves by an hour, the deploy is dropped');
  write(first.replace(tomorrowAt(3), tomorrowAt(4)).replace(/^ {2}deploy-canary:\n(?: {4}.*\n)+/m, ''));
  fleetform(['plan', '--concise']);
  fleetform(['apply', '--auto-approve', '--quiet']);
  fleetform(['status']);
  rule('A schedule: every night but for the finals, by a pipeline once a day, for a week');
  week(cli, folder, env);
  rule('Done');
  console.log('Everything happened in a temporary folder, which is gone. Your own: fleetform init');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
