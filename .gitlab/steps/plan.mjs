// Plans every environment; one that fails does not keep the others from it. plan/comment.md is the note on all, and
// plan/code-quality.json has what is wrong at a line.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import {
  begin,
  environments,
  filesOf,
  fleetform,
  fleetformWithoutKeys,
  isOne,
  isValid,
  placeOf,
  refuse,
} from './lib.mjs';
import { writeQuality } from './quality.mjs';

const failed = [];
const names = new Map();
for (const environment of environments) {
  begin(environment);
  const files = filesOf(environment);
  const place = placeOf(environment);
  const file = `${place}/live.plan.json`;
  if (process.argv.includes('--tidy')) {
    // What is wrong in a file is told by the plan, at its line; of one that is right the format counts.
    if (
      isValid(files) &&
      (await fleetformWithoutKeys(['fmt', '--check', '--diff', ...files.slice(1)])) !== 0
    ) {
      failed.push(environment);
      if (!isOne) writeFileSync(file, untidy(environment));
      continue;
    }
  }
  const reports = ['--out', file, '--html', `${place}/plan.html`];
  if (isOne) reports.push('--markdown', 'plan/comment.md');
  if ((await fleetform(environment, ['plan', ...files, ...reports])) !== 0) failed.push(environment);
  else names.set(environment, JSON.parse(readFileSync(file, 'utf8')).name);
}
const plans = environments.map((environment) => `${placeOf(environment)}/live.plan.json`);
writeQuality(plans);
if (!isOne) {
  // Of those that have failed, it says so, and then fails itself.
  await fleetformWithoutKeys(['show', ...plans, '--markdown', 'plan/comment.md', '--quiet']);
}
// Two of one name would undo each other's.
const twice = [...names.values()].filter((name, at, all) => all.indexOf(name) !== at);
if (twice.length > 0) {
  rmSync('plan/comment.md', { force: true });
  refuse(`Two environments have the same name: ${twice.join(', ')}. Each needs its own.`);
}
if (failed.length > 0) refuse(`No plan of: ${failed.join(' ')}`);

/** A plan that says that none was made, as `plan --out` leaves one. */
function untidy(environment) {
  const plannedAt = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const fleetformVersion = execFileSync('fleetform', ['--version'], { encoding: 'utf8' }).trim();
  const diagnostic = {
    severity: 'error',
    code: 'desired.format',
    message: `${environment} is not in the standard format, so it was not planned`,
    hint: '`fleetform fmt` puts it into it; the job shows what it changes.',
  };
  const scope = {
    targets: [],
    excludes: [],
    replaces: [],
    refresh: true,
    assumeMissing: false,
    allowEmpty: false,
  };
  const about = { name: null, api: null, mode: 'normal', scope, at: null };
  const document = { formatVersion: '1.0', fleetformVersion, failed: true, plannedAt, ...about };
  return `${JSON.stringify({ ...document, diagnostics: [diagnostic] }, null, 2)}\n`;
}
