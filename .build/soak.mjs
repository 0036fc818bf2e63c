// `npm run soak -- --runs 10000 [--seed 1]`: random schedules of faults, crashes, strangers, lagging lists and
// appliers side by side, each drawn from its number, and what became of them. Exit 1 on any duplicate or loss.
import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
});
const runs = Number(values.runs);
const first = Number(values.seed);
if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(first)) {
  console.error('usage: npm run soak -- --runs N [--seed N]');
  process.exit(1);
}

// A name of its own: several runs may start in one folder at the same moment.
const outfile = `node_modules/.cache/fleetform-soak/schedule-${process.pid}.mjs`;
await build({
  entryPoints: ['test/support/schedule.ts'],
  outfile,
  bundle: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  define: { FLEETFORM_VERSION: '"0.0.0-soak"' },
  logLevel: 'error',
});
const { runSchedule } = await import(`../${outfile}`);
await rm(outfile);

const sums = { duplicates: 0, losses: 0, touched: 0, stuck: 0 };
for (let seed = first; seed < first + runs; seed += 1) {
  try {
    const verdict = await runSchedule(seed);
    for (const key of ['duplicates', 'losses', 'touched']) sums[key] += verdict[key];
    if (verdict.duplicates + verdict.losses + verdict.touched > 0) {
      console.log(`seed ${seed}:\n  ${verdict.story.join('\n  ')}`);
    }
  } catch (error) {
    sums.stuck += 1;
    console.log(`seed ${seed}: ${error.message}`);
  }
  if ((seed - first + 1) % 1000 === 0 && seed - first + 1 < runs)
    console.log(`… ${seed - first + 1} of ${runs}`);
}
console.log(
  `${runs} schedules (seeds ${first} to ${first + runs - 1}): ${sums.duplicates} duplicates, ${sums.losses} losses, ` +
    `${sums.touched} foreign tasks touched, ${sums.stuck} not converged`,
);
process.exit(Object.values(sums).every((sum) => sum === 0) ? 0 : 1);
