// The last part of `npm run demo`: a schedule, a freeze, and a pipeline that applies them once a day, in a week of the
// sandbox's clock. Of each command the last line is shown. What ran is read from the sandbox's own record.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const DAY = 86_400;
const NIGHTS = 7;
/** Those that the freeze is over. */
const FROZEN = [3, 4];
/** The days on which the pipeline is down. */
const DOWN = [4, 5];

const iso = (seconds) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

export function week(cli, parent, env) {
  const folder = join(parent, 'week');
  mkdirSync(folder);
  // Half a day from now, so that no night is due while a command runs.
  const first = Math.floor(Date.now() / 3_600_000 + 12) * 3600;
  const nights = Array.from({ length: NIGHTS }, (_, index) => first + index * DAY);
  writeFileSync(join(folder, 'fleetform.yaml'), fileOf(nights));
  console.log(fileOf(nights).trimEnd());

  const fleetform = (...args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd: folder, env });
    if (status !== 0) throw new Error(`fleetform ${args[0]} exited with ${status}: ${stderr}`);
    return String(stdout).trimEnd().split('\n');
  };
  const line = (day, text) => console.log(`day ${day}  ${text}`);
  console.log('\n$ fleetform apply --auto-approve && fleetform sandbox advance 24h\n');
  for (let day = 1; day <= NIGHTS; day += 1) {
    line(day, DOWN.includes(day) ? 'no pipeline' : fleetform('apply', '--auto-approve').at(-1));
    fleetform('sandbox', 'advance', '24h');
  }
  console.log('\n$ fleetform state list\n');
  console.log(fleetform('state', 'list').join('\n'));
  console.log('\nWhat the sandbox has run:\n');
  const { batches } = JSON.parse(readFileSync(join(folder, '.fleetform/sandbox.json'), 'utf8'));
  for (const [index, night] of nights.entries()) {
    const runs = batches.filter(({ executeAt }) => executeAt === night).length;
    const isFrozen = FROZEN.includes(index + 1);
    console.log(
      `${iso(night)}  ${runs === 1 ? 'once' : `${runs} times`}${isFrozen ? ', as it is frozen' : ''}`,
    );
    if (runs !== (isFrozen ? 0 : 1)) throw new Error(`the night of ${iso(night)} ran ${runs} times`);
  }
}

function fileOf(nights) {
  const [from, to] = [nights[FROZEN[0] - 1] - 3600, nights[FROZEN.at(-1) - 1] + 3600];
  return `version: 1
name: week
api: sandbox
timezone: UTC
fleets: { eu: "1394296486561117717" }
freezes:
  - { name: finals, from: ${iso(from)}, to: ${iso(to)} }
batches:
  nightly-restart:
    template: Restart game server
    target: { fleet: eu }
    schedule: { cron: 0 ${new Date(nights[0] * 1000).getUTCHours()} * * *, timezone: UTC, horizon: 4d }
`;
}
