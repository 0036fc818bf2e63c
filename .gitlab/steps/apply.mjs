// Applies the plans of the job before, in the environments' order: exactly those, or nothing. The first that fails is the
// last that is begun: who pressed the button looks at it before the next fleet is touched. plan/result.json says what
// became of each.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import {
  begin,
  environments,
  filesOf,
  fleetform,
  fleetformWithoutKeys,
  INTERRUPTED,
  isStopped,
  placeOf,
  refuse,
} from './lib.mjs';

const became = {};
function record(environment, what) {
  became[environment] = what;
  writeFileSync('plan/result.json', JSON.stringify(became));
}

const planOf = (environment) => `${placeOf(environment)}/live.plan.json`;
const missing = environments.filter((environment) => !existsSync(planOf(environment)));
if (missing.length > 0) refuse(`There is no plan of: ${missing.join(' ')}`);
let failed = null;
for (const environment of environments) {
  if (failed !== null) {
    record(environment, 'not begun');
    console.error(`${environment} was not begun, as ${failed} was not applied.`);
    continue;
  }
  begin(environment);
  const file = planOf(environment);
  // It prints the plan's digest: the one that the job before has shown.
  await fleetformWithoutKeys(['show', file]);
  // Cut short, it is left so.
  record(environment, 'begun');
  const args = ['apply', file, ...filesOf(environment), '--lock-timeout', '10m'];
  const log = `${placeOf(environment)}/apply.log`;
  const code = await fleetform(environment, args, log);
  const what = outcomeOf(code, log);
  record(environment, what);
  if (what === 'failed' || what === 'begun') failed = environment;
}
process.exitCode = isStopped() ? INTERRUPTED : failed === null ? 0 : 1;

/** A job that is run again finds what the one before it has applied, and goes on after that. */
function outcomeOf(code, log) {
  if (code === 0) return 'applied';
  if (code === INTERRUPTED) return 'begun';
  const isDone = /^error: nothing of this plan is left to do: /m.test(readFileSync(log, 'utf8'));
  return isDone ? 'applied before' : 'failed';
}
