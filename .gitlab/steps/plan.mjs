// Plans every environment; one that fails does not keep the others from it. plan/comment.md is the note on all, and
// plan/code-quality.json has what is wrong at a line.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import {
  begin,
  environments,
  filesOf,
  fleetform,
  fleetformWithoutKeys,
  isOne,
  placeOf,
  refuse,
} from './lib.mjs';
import { writeQuality } from './quality.mjs';

const failed = [];
const names = new Map();
for (const environment of environments) {
  begin(environment);
  const files = filesOf(environment);
  if (
    process.argv.includes('--tidy') &&
    (await fleetformWithoutKeys(['fmt', '--check', '--diff', ...files.slice(1)]))
  ) {
    failed.push(environment);
    continue;
  }
  const place = placeOf(environment);
  const file = `${place}/live.plan.json`;
  const reports = ['--out', file, '--html', `${place}/plan.html`];
  if (isOne) reports.push('--markdown', 'plan/comment.md');
  if ((await fleetform(environment, ['plan', ...files, ...reports])) !== 0) failed.push(environment);
  else names.set(environment, JSON.parse(readFileSync(file, 'utf8')).name);
}
const plans = environments.map((environment) => `${placeOf(environment)}/live.plan.json`);
writeQuality(plans);
if (!isOne) {
  // Of those that have failed, it says so, and then fails itself.
  await fleetformWithoutKeys([
    'show',
    ...plans.filter((file) => existsSync(file)),
    '--markdown',
    'plan/comment.md',
    '--quiet',
  ]);
}
// Two of one name would undo each other's.
const twice = [...names.values()].filter((name, at, all) => all.indexOf(name) !== at);
if (twice.length > 0) {
  rmSync('plan/comment.md', { force: true });
  refuse(`Two environments have the same name: ${twice.join(', ')}. Each needs its own.`);
}
if (failed.length > 0) refuse(`No plan of: ${failed.join(' ')}`);
