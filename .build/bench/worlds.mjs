// What the runs are about: desired-state files, and the account that they are planned against.
import { fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './measure.mjs';

const FLEET = '1394296486561117717';
const SERVER = fileURLToPath(new URL('./server.mjs', import.meta.url));
/** Unix seconds, in 2030: all that is planned is still to come. */
const FIRST = 1_900_000_000;

/** The folder of a file with so many batches, a minute apart. `state`: the settings of its backend. */
export function folderOf(count, { state } = {}) {
  const folder = join(temporaryFolder(), 'desired');
  mkdirSync(folder);
  const lines = ['version: 1', 'name: bench', ...(state === undefined ? [] : [`state: ${state}`])];
  lines.push(`fleets: { eu: "${FLEET}" }`, 'batches:');
  for (let i = 0; i < count; i += 1) {
    lines.push(
      `  restart-${i}:`,
      '    template: Restart game server',
      '    target: { fleet: eu }',
      `    executeAt: ${new Date((FIRST + i * 60) * 1000).toISOString().replace('.000Z', 'Z')}`,
      '    startingDeadline: 10m',
    );
  }
  writeFileSync(join(folder, 'fleetform.yaml'), `${lines.join('\n')}\n`);
  return folder;
}

/**
 * An account of the API on loopback, in a process of its own. `latency`: milliseconds for each answer. `servers`: how
 * many game servers the fleet has. `env` leads to it.
 */
export async function startApi({ latency = 0, servers = 1 } = {}) {
  const child = fork(SERVER, [JSON.stringify({ latency, fleets: { [FLEET]: servers } })]);
  const answer = () => new Promise((done) => child.once('message', done));
  const { url } = await answer();
  return {
    env: { FLEETFORM_TOKEN: 'bench', FLEETFORM_API_URL: url },
    /** Since it was last asked: `counts` by endpoint, `most` requests in flight at once. */
    async counts() {
      child.send('counts');
      return answer();
    },
    stop: () => child.send('stop'),
  };
}

export const total = ({ counts }) => Object.values(counts).reduce((sum, count) => sum + count, 0);
