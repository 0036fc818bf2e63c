// Started by a person: COMMAND and its arguments. People who can start it may not be allowed to have the key: so it accepts
// no flag and no file, each command has its own arguments, and nothing is evaluated. GitLab has checked the inputs; here
// they are checked once more.
import { env, environments, filesOf, fleetform, isOne, refuse } from './lib.mjs';

/** A dash is none. */
const inputNamed = (name) => (env[name] === '-' ? '' : (env[name] ?? ''));
const command = inputNamed('COMMAND');
const [ADDRESS, BATCHES, LOCK, ENVIRONMENT] = ['ADDRESS', 'BATCHES', 'LOCK', 'ENVIRONMENT'].map(inputNamed);
const given = { address: ADDRESS, batches: BATCHES, lock: LOCK };
const wait = '--lock-timeout=10m';
const target = ADDRESS === '' ? [] : [`--target=${ADDRESS}`];
const ids = BATCHES.split(' ');

/** Of each: what it needs, what it may have besides, and what is run with it. The files come after its name. */
const COMMANDS = {
  plan: { may: ['address'], run: ['plan'], args: target },
  apply: { may: ['address'], run: ['apply'], args: ['--auto-approve', wait, ...target] },
  'assume missing': {
    needs: ['address'],
    run: ['apply'],
    args: ['--auto-approve', '--assume-missing', wait, ...target],
  },
  'force-unlock': { needs: ['lock'], run: ['force-unlock'], args: [LOCK] },
  import: { needs: ['address', 'batches'], run: ['import'], args: [wait, ADDRESS, ...ids] },
  'import force': {
    needs: ['address', 'batches'],
    run: ['import'],
    args: ['--force', wait, ADDRESS, ...ids],
  },
  'lock list': { run: ['lock', 'list'], args: [] },
  'state list': { may: ['address'], run: ['state', 'list'], args: ADDRESS === '' ? [] : [ADDRESS] },
  // To where the file says that the state is, from where it said so before.
  'state migrate': { run: ['state', 'migrate'], args: ['--to', 'http', wait] },
  'state rm': { needs: ['address'], run: ['state', 'rm'], args: [wait, ADDRESS] },
};

const SHAPES = [
  [
    ADDRESS,
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}(\[[A-Za-z0-9:._~%=,+-]{1,400}\])?(@[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$/,
    'this is not an address: expected a batch of the file, such as nightly or nightly[fleet:eu]',
  ],
  [
    BATCHES,
    /^[0-9]{1,20}( [0-9]{1,20}){0,49}$/,
    'these are not ids of batches: digits, separated by single spaces',
  ],
  [LOCK, /^[0-9A-Za-z][0-9A-Za-z.-]{0,254}$/, 'this is not a lock id: lock list shows it'],
];

const {
  needs = [],
  may = [],
  run,
  args,
} = Object.hasOwn(COMMANDS, command)
  ? COMMANDS[command]
  : refuse('By hand: command is one of those that this pipeline offers.');
for (const [value, shape, why] of SHAPES) {
  if (value !== '' && !shape.test(value)) refuse(`By hand: ${why}.`);
}
for (const [name, value] of Object.entries(given)) {
  if (value !== '' && ![...needs, ...may].includes(name)) refuse(`By hand: ${command} takes no ${name}.`);
  if (value === '' && needs.includes(name)) refuse(`By hand: ${command} needs: ${needs.join(' ')}.`);
}
if (ENVIRONMENT === '' && !isOne) {
  refuse(`By hand: there are several environments, so say which one: ${environments.join(' ')}`);
}
const environment = ENVIRONMENT || environments[0];
if (!environments.includes(environment)) {
  refuse(`By hand: this is not one of the environments: ${environments.join(' ')}`);
}
process.exitCode = await fleetform(environment, [...run, ...filesOf(environment), ...args]);
