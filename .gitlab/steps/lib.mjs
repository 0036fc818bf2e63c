// What the steps have in common: the environments with their places and states, fleetform as a child, refusals.
// Invariant: nothing goes through a shell. What others write (names, inputs, branches) is an argument or a variable.
import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

export const { env } = process;

export function refuse(text) {
  console.error(text.replace(/[\r\n]/g, ' '));
  process.exit(1);
}

/** Plain relative paths, so that each may stand in a path, in Markdown and in a list of words. */
const ENVIRONMENT = /^[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/;

export const environments = (env.FLEETFORM_ENVIRONMENTS ?? '').split(/\s+/).filter((word) => word !== '');
if (environments.length === 0) environments.push('.');
for (const [at, name] of environments.entries()) {
  if (name !== '.' && !ENVIRONMENT.test(name)) {
    refuse(
      'The input environments has folders or files of this repository, such as envs/live, separated by spaces: letters, digits, . _ and -',
    );
  }
  if (environments.indexOf(name) !== at) refuse(`The input environments names ${name} twice.`);
}
const states = environments.map(stateOf);
for (const [at, state] of states.entries()) {
  const first = states.indexOf(state);
  if (first !== at) {
    refuse(`${environments[first]} and ${environments[at]} would share the state ${state}: rename one.`);
  }
}

/** The name of its state in GitLab. The settings decide it alone, so no branch can bring another one. */
function stateOf(environment) {
  const state = env.FLEETFORM_STATE || 'fleetform';
  return environment === '.' ? state : `${state}-${environment.replace(/[/.]/g, '-')}`;
}

export const isOne = environments.length === 1;

/** What names its files for fleetform: a dot is what it finds itself. */
export function filesOf(environment) {
  return environment === '.' ? [] : ['-f', environment];
}

/** Where its plan and reports are. */
export function placeOf(environment) {
  const place = environment === '.' ? 'plan' : `plan/${environment}`;
  mkdirSync(place, { recursive: true });
  return place;
}

/** With several, which one this is. */
export function begin(environment) {
  if (!isOne) console.log(`== ${environment}`);
}

const SECRETS = ['GITLAB_BOT_TOKEN', 'CI_JOB_TOKEN', 'FLEETFORM_TOKEN', 'TF_HTTP_PASSWORD'];

function without(names) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}

/** The environment's key and state, and no other secret of the job. */
function withKeys(environment) {
  if (!env.FLEETFORM_API_URL) {
    refuse('The variable FLEETFORM_API_URL must name the API that the key belongs to: set it.');
  }
  const address = `${env.CI_API_V4_URL}/projects/${env.CI_PROJECT_ID}/terraform/state/${stateOf(environment)}`;
  return {
    ...without(['GITLAB_BOT_TOKEN', 'CI_JOB_TOKEN']),
    TF_HTTP_ADDRESS: address,
    TF_HTTP_LOCK_ADDRESS: `${address}/lock`,
    TF_HTTP_UNLOCK_ADDRESS: `${address}/lock`,
    TF_HTTP_LOCK_METHOD: 'POST',
    TF_HTTP_UNLOCK_METHOD: 'DELETE',
    TF_HTTP_USERNAME: 'gitlab-ci-token',
    TF_HTTP_PASSWORD: env.CI_JOB_TOKEN ?? '',
  };
}

/** Runs fleetform for an environment; returns its exit code. `log`: a file that gets all that it prints, too. */
export function fleetform(environment, args, log) {
  return run(args, withKeys(environment), log);
}

/** Whether nothing is wrong in the files. Prints nothing. */
export function isValid(files) {
  return (
    spawnSync('fleetform', ['validate', ...files], { env: without(SECRETS), stdio: 'ignore' }).status === 0
  );
}

/** Without any key. */
export function fleetformWithoutKeys(args, log) {
  return run(args, without(SECRETS), log);
}

/** What cancels a job has asked to stop: from then on nothing is begun. */
let stopping = null;
/** Who has to be told, while it runs; undefined: there was nobody yet. */
let running;

/**
 * Once: a second signal would end fleetform in the middle of its recording. A runner may send several, to this process
 * alone or to its whole group, so fleetform is in a group of its own.
 */
function stop(signal) {
  if (running === undefined) process.exit(INTERRUPTED);
  if (stopping !== null) return;
  stopping = signal;
  running?.kill(signal);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);

export const isStopped = () => stopping !== null;
export const INTERRUPTED = 130;

async function run(args, environment, log) {
  if (isStopped()) return INTERRUPTED;
  if (log !== undefined) mkdirSync(dirname(log), { recursive: true });
  const copy = log === undefined ? null : createWriteStream(log);
  const child = spawn('fleetform', args, {
    env: environment,
    detached: true,
    stdio: ['ignore', copy === null ? 'inherit' : 'pipe', copy === null ? 'inherit' : 'pipe'],
  });
  running = child;
  for (const [stream, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    stream?.on('data', (text) => {
      to.write(text);
      copy.write(text);
    });
  }
  return new Promise((done) => {
    child.on('error', (error) => refuse(`fleetform does not start: ${error.message}`));
    child.on('close', (code) => {
      running = null;
      if (copy === null) done(code ?? INTERRUPTED);
      else copy.end(() => done(code ?? INTERRUPTED));
    });
  });
}
