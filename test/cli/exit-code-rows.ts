/** Of every command, what it is called with, where, and how it ends: for the tests of exit codes, as text and as JSON. */
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { fleetform, folder, inHours } from '../support/cli.ts';

const FILE = [
  'version: 1',
  'name: live',
  'api: sandbox',
  'batches:',
  '  nightly:',
  '    template: Restart game server',
  '    target: { fleet: "1394296486561117717" }',
  `    executeAt: ${inHours(24)}`,
  '',
].join('\n');
const SYNTAX = 'version: 1\nbatches: [\n';
const UNKNOWN_TEMPLATE = FILE.replace('Restart game server', 'No such template');
const UNTIDY = FILE.replace('version: 1', 'version:   1   # first');

/** Where a row starts: a folder made once, and copied for each row. */
export const places: Record<string, string> = {
  empty: folder(),
  fresh: folder({ 'fleetform.yaml': FILE }),
  broken: folder({ 'fleetform.yaml': SYNTAX }),
  erring: folder({ 'fleetform.yaml': UNKNOWN_TEMPLATE }),
  untidy: folder({ 'fleetform.yaml': UNTIDY }),
  linked: folder({ 'fleetform.yaml': FILE }),
  applied: folder({ 'fleetform.yaml': FILE }),
  /** Applied; then the batch is gone from the file. */
  emptied: folder({ 'fleetform.yaml': FILE }),
};
let digest = '';
let batchId = '';

/** Once, before the rows are run. */
export async function fillPlaces(): Promise<void> {
  for (const place of ['applied', 'emptied']) {
    const { code, stderr } = await fleetform(['apply', '--auto-approve'], places[place]!);
    assert.is(code, 0, stderr);
  }
  writeFileSync(
    join(places.emptied!, 'fleetform.yaml'),
    'version: 1\nname: live\napi: sandbox\nbatches: {}\n',
  );
  symlinkSync('fleetform.yaml', join(places.linked!, 'link.yaml'));
  const saved = await fleetform(['plan', '--out', 'live.plan.json'], places.fresh!);
  assert.is(saved.code, 0, saved.stderr);
  for (const [file, flag] of [
    ['at.plan.json', '--at=2030-01-01T00:00:00Z'],
    ['drift.plan.json', '--refresh-only'],
  ] as const) {
    assert.is((await fleetform(['plan', flag, '--out', file], places.fresh!)).code, 0);
  }
  cpSync(join(places.fresh!, 'live.plan.json'), join(places.applied!, 'stale.plan.json'));
  const plan = JSON.parse(readFileSync(join(places.fresh!, 'live.plan.json'), 'utf8'));
  digest = plan.digest;
  await fleetform(['plan', '--destroy', '--out', 'destroy.plan.json'], places.applied!);
  writeFileSync(join(places.fresh!, 'edited.plan.json'), JSON.stringify({ ...plan, changes: [] }));
  const state = readFileSync(join(places.applied!, '.fleetform/live.state.json'), 'utf8');
  writeFileSync(join(places.applied!, 'backup.json'), state);
  batchId = JSON.parse(state).entries.nightly.batchIds[0];
}

type Row = readonly [
  place: keyof typeof places,
  args: string,
  code: 0 | 1 | 2,
  /** What stdout has; null: nothing at all. */
  stdout: RegExp | null,
  stderr: RegExp | null,
];

export const ROWS: readonly Row[] = [
  ['empty', 'init', 0, /Wrote fleetform\.yaml/, null],
  ['fresh', 'init', 1, null, /exists already/],
  ['fresh', 'validate', 0, /valid/, null],
  ['broken', 'validate', 1, null, /error:/],
  ['fresh', 'calendar --days 3', 0, /3 days/, null],
  ['fresh', 'calendar --days 0', 1, null, /error:/],
  ['broken', 'calendar', 1, null, /error:/],
  ['empty', 'validate', 1, null, /error:/],
  ['fresh', 'fmt --check', 0, null, null],
  ['untidy', 'fmt --check', 1, /fleetform\.yaml/, null],
  ['untidy', 'fmt', 0, /fleetform\.yaml/, null],
  ['broken', 'fmt', 1, null, /error:/],
  ['fresh', 'plan', 0, /Plan: 1 to create/, null],
  ['fresh', 'plan --detailed-exitcode', 2, /Plan: 1 to create/, null],
  ['applied', 'plan --detailed-exitcode', 0, /No changes/, null],
  ['erring', 'plan --detailed-exitcode', 1, /nothing in this plan/, /did you mean|does not exist/],
  ['broken', 'plan --detailed-exitcode', 1, null, /error:/],
  ['emptied', 'plan', 1, /1 error/, /--allow-empty/],
  ['emptied', 'plan --allow-empty --detailed-exitcode', 2, /1 to cancel/, null],
  ['applied', 'plan --destroy --detailed-exitcode', 2, /1 to cancel/, null],
  ['applied', 'plan --replace nightly --detailed-exitcode', 2, /1 to replace/, null],
  ['applied', 'plan --refresh-only --detailed-exitcode', 0, /No drift/, null],
  ['applied', 'plan --refresh-only --destroy', 1, null, /cannot be combined/],
  ['applied', 'plan --replace nightly --destroy', 1, null, /cannot be combined/],
  ['applied', 'plan --replace nightly --exclude nightly', 1, /1 error/, /would not be replaced/],
  ['applied', 'apply --auto-approve --replace nightly --exclude nightly', 1, /1 error/, /would not be/],
  ['fresh', 'plan --target nightly --exclude nightly', 1, /1 error/, /leaves out everything/],
  ['fresh', 'plan --at 2030-01-01T00:00:00Z', 0, /preview of the plan at 2030-01-01/, /missed|has passed/],
  ['fresh', 'plan --at tomorrow', 1, null, /is not a time/],
  ['fresh', 'plan --target nightly --detailed-exitcode', 2, /1 to create/, /this plan is partial/],
  ['fresh', 'plan --exclude nightly --detailed-exitcode', 0, /No changes/, /this plan is partial/],
  ['fresh', 'plan --target nobody', 1, /1 error/, /no such address/],
  ['applied', 'plan --refresh=false --detailed-exitcode', 0, /No changes/, null],
  ['applied', 'plan --refresh maybe', 1, null, /true or false/],
  ['fresh', 'plan --out -', 0, /^\{/, null],
  ['fresh', 'plan --out - --markdown -', 1, null, /all write to stdout/],
  ['fresh', 'plan --markdown -', 0, /^<!-- fleetform/, null],
  ['fresh', 'plan --html -', 0, /^<!doctype html>/i, null],
  ['fresh', 'plan --out no/such/folder/x.json', 1, null, /cannot be written/],
  ['fresh', 'plan --out ./fleetform.yaml', 1, null, /would overwrite the desired state/],
  ['linked', 'plan --out link.yaml', 1, null, /would overwrite the desired state/],
  ['applied', 'plan --html .fleetform/plan.html', 1, null, /folder of the recorded state/],
  ['fresh', 'plan --markdown .fleetform/live.state.json', 1, null, /folder of the recorded state/],
  ['fresh', 'plan --markdown x.md --html ./x.md', 1, null, /--markdown and --html would both write/],
  ['applied', 'status --html fleetform.yaml', 1, null, /would overwrite the desired state/],
  ['fresh', 'show live.plan.json', 0, /Plan: 1 to create/, null],
  ['fresh', 'show live.plan.json --detailed-exitcode', 2, /Plan: 1 to create/, null],
  ['fresh', 'show', 0, /No state exists yet/, null],
  ['applied', 'show', 0, /nightly/, null],
  ['fresh', 'show edited.plan.json', 1, null, /changed after it was created/],
  ['fresh', 'apply edited.plan.json', 1, null, /changed after it was created/],
  ['fresh', 'show fleetform.yaml', 1, null, /is not a fleetform plan/],
  ['fresh', 'show nothing.json', 1, null, /cannot be read/],
  ['fresh', 'apply', 1, /Plan: 1 to create/, /cannot ask for approval/],
  ['fresh', 'apply --auto-approve', 0, /Apply complete: 1 created/, /created/],
  ['fresh', 'apply live.plan.json', 0, /Apply complete: 1 created/, /created/],
  ['fresh', 'apply live.plan.json --target nightly', 1, null, /applied as it was reviewed/],
  ['fresh', 'apply live.plan.json --expect DIGEST', 0, /Apply complete: 1 created/, /Plan sha256:/],
  ['fresh', `apply live.plan.json --expect ${'0'.repeat(64)}`, 1, null, /is not the plan that was reviewed/],
  ['fresh', 'apply live.plan.json --expect abc', 1, null, /is not a digest/],
  ['fresh', 'apply --expect DIGEST --auto-approve', 1, null, /needs a saved plan/],
  ['fresh', 'apply live.plan.json --assume-missing', 1, null, /made without --assume-missing/],
  ['applied', 'apply destroy.plan.json', 1, null, /--destroy, and apply needs the same flags/],
  ['applied', 'apply destroy.plan.json --destroy', 0, /1 cancelled/, /cancelled/],
  ['applied', 'apply --destroy --auto-approve', 0, /1 cancelled/, /cancelled/],
  ['fresh', 'apply at.plan.json', 1, null, /\(--at\), which cannot be applied/],
  ['fresh', 'apply drift.plan.json', 1, null, /--refresh-only\), which cannot be applied/],
  ['applied', 'apply --auto-approve', 0, /No changes/, null],
  ['applied', 'apply stale.plan.json', 1, null, /probably been applied already/],
  ['erring', 'apply --auto-approve', 1, /nothing in this plan/, /does not exist/],
  ['emptied', 'apply --auto-approve', 1, /1 error/, /--allow-empty/],
  ['emptied', 'apply --auto-approve --allow-empty', 0, /1 cancelled/, /cancelled/],
  [
    'applied',
    'apply --auto-approve --wait=1s',
    0,
    /No changes/,
    /Not waiting for: nightly, batch \d+, which starts/,
  ],
  ['applied', 'destroy', 1, /1 to cancel/, /cannot ask for approval/],
  ['applied', 'destroy --auto-approve', 0, /1 cancelled/, /cancelled/],
  ['fresh', 'status', 0, /nightly +not applied/, null],
  ['applied', 'status', 0, /nightly +scheduled/, null],
  ['applied', 'status --html -', 0, /^<!doctype html>/i, null],
  ['broken', 'status', 1, null, /error:/],
  ['fresh', 'templates', 0, /Restart game server/, null],
  ['fresh', 'import nightly 999999', 1, null, /has no batch/],
  ['applied', 'import nightly BATCH', 1, null, /is already bound to batch/],
  ['applied', 'import nightly BATCH --force', 0, /is bound to batch/, null],
  ['applied', 'state list', 0, /^nightly\n$/, null],
  ['applied', 'state list nobody', 1, null, /no address nobody/],
  ['applied', 'state show nightly', 0, /Restart game server/, null],
  ['applied', 'state show nobody', 1, null, /no address nobody/],
  ['applied', 'state rm nightly', 0, /Forgot nightly/, /not cancelled/],
  ['applied', 'state rm nobody', 1, null, /no address nobody/],
  ['applied', 'state mv nightly night', 0, /Moved nightly to night/, null],
  ['applied', 'state mv nobody night', 1, null, /no address nobody/],
  ['applied', 'state mv nightly ../night', 1, null, /is not an address/],
  ['applied', 'state pull', 0, /^\{/, null],
  ['fresh', 'state pull', 0, null, /No state exists yet/],
  ['applied', 'state push backup.json', 0, /is now serial/, null],
  ['applied', 'state push fleetform.yaml', 1, null, /is not a fleetform state/],
  ['applied', 'state pull --serial 1', 1, null, /keeps no history/],
  ['applied', 'state history', 1, null, /keeps no history/],
  ['applied', 'state history --limit none', 1, null, /--limit/],
  ['applied', 'state migrate', 1, null, /--to is missing/],
  ['applied', 'state migrate --to s3', 1, null, /local, git, http or postgres/],
  ['applied', 'state migrate --to local', 1, null, /no state of this name was found outside of local/],
  ['applied', 'state migrate --to postgres', 1, null, /FLEETFORM_STATE_POSTGRES_URL/],
  ['applied', 'lock list', 0, /^Nothing is locked/, null],
  ['applied', 'force-unlock nothing', 1, null, /error:/],
  ['fresh', 'sandbox advance 1h', 0, /moved by 1 h/, null],
  ['fresh', 'sandbox advance soon', 1, null, /is not a duration/],
  ['fresh', 'sandbox reset', 0, /was reset/, null],
  ['fresh', 'sandbox serve --port 70000', 1, null, /port/],
  ['empty', 'schema plan', 0, /^\{/, null],
  ['empty', 'schema nothing', 1, null, /desired-state/],
  ['empty', 'completion bash', 0, /_fleetform/, null],
  ['empty', 'completion tcsh', 1, null, /bash, zsh, fish/],
  ['empty', 'version', 0, /^fleetform \d/, null],
  ['empty', '--version', 0, /^fleetform \d/, null],
  ['fresh', 'status --interval 5m', 1, null, /--interval needs --watch/],
  [
    'fresh',
    'plan --out /dev/null',
    0,
    /Plan: 1 to create/,
    /^\nWritten to \/dev\/null \(sha256:[0-9a-f]+\)\.\n$/,
  ],
  [
    'fresh',
    'plan --out saved.json',
    0,
    /Plan: 1 to create/,
    /To apply exactly this plan:\n {2}fleetform apply saved/,
  ],
  ['empty', '-V', 0, /^fleetform \d/, null],
  ['empty', '--help', 0, /Usage: fleetform/, null],
  ['empty', 'help plan', 0, /Usage: fleetform plan/, null],
  ['empty', '--chdir nowhere validate', 1, null, /no such folder/],
  ['empty', '--chdir= validate', 1, null, /--chdir is empty/],
  ['empty', 'validate --file=', 1, null, /--file is empty/],
  ['fresh', 'plan --out=', 1, null, /--out is empty/],
  ['empty', 'init -f x.yaml', 1, null, /does not take -f/],
  ['empty', 'plam', 1, null, /plan/],
  ['empty', 'plan --nonsense', 1, null, /unknown option/],
];

export function wordsOf(args: string): string[] {
  return args.split(' ').map((word) => (word === 'BATCH' ? batchId : word === 'DIGEST' ? digest : word));
}

export function copyOf(place: string): string {
  const copy = folder();
  for (const name of readdirSync(places[place]!)) {
    cpSync(join(places[place]!, name), join(copy, name), { recursive: true, verbatimSymlinks: true });
  }
  return copy;
}
