// The branch as it is. Each environment has been reviewed on its own, so one that fails does not keep the others from it.
import { begin, environments, filesOf, fleetform, INTERRUPTED, isStopped, refuse } from './lib.mjs';

const failed = [];
for (const environment of environments) {
  begin(environment);
  const args = ['apply', ...filesOf(environment), '--auto-approve', '--lock-timeout', '10m'];
  if ((await fleetform(environment, args)) !== 0) failed.push(environment);
  if (isStopped()) process.exit(INTERRUPTED);
}
if (failed.length > 0) refuse(`Not applied, or not all of it: ${failed.join(' ')}`);
