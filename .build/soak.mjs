// `npm run soak -- --runs 10000 [--seed 1]`: random schedules (test/support/schedules/), each drawn from its number.
// Says how often each class of trouble occurred and how the schedules ended. Exit 1 when anything went wrong, and when
// a class never occurred: a net with a hole catches nothing there. `--runs 1 --seed N` prints the story of one.
// `--calendar`: years of pipelines over schedules and freezes instead (calendar.mjs).
import { mkdir, rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { calendar } from './calendar.mjs';

/** Fewer schedules than this need not have met each class. */
const ENOUGH = 1000;
/** So many stories in full; of the others the number and the wrongs. */
const STORIES = 3;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: process.env.FC_SEED ?? '1' },
    quiet: { type: 'boolean', default: false },
    calendar: { type: 'boolean', default: false },
    years: { type: 'string', default: '1' },
    story: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
const years = Number(values.years);
const first = Number(values.seed);
if (![runs, years].every((count) => Number.isInteger(count) && count > 0) || !Number.isInteger(first)) {
  console.error('usage: npm run soak -- --runs N [--seed N] [--quiet]');
  console.error('       npm run soak -- --calendar [--years N] [--seed N] [--story]');
  process.exit(1);
}
if (values.calendar) {
  const isWell = await calendar(await bundle('test/support/calendar/year.ts'), {
    years,
    seed: first,
    story: values.story,
  });
  process.exit(isWell ? 0 : 1);
}

const { runSchedule, CLASSES } = await bundle('test/support/schedules/schedule.ts');
const counts = new Map(CLASSES.map((name) => [name, 0]));
/** Class → the failed schedules in which it occurred, and the one of them with the least other trouble. */
const suspects = new Map();
const wrongs = new Map();
const ends = new Map();
let failed = 0;
const started = Date.now();
for (let seed = first; seed < first + runs; seed += 1) {
  await one(seed);
  const done = seed - first + 1;
  if (done % 1000 === 0 && done < runs) console.log(`… ${done} of ${runs}, ${failed} failed`);
}
report();

async function one(seed) {
  let verdict;
  try {
    verdict = await runSchedule(seed);
  } catch (error) {
    verdict = {
      wrongs: [{ what: 'the schedule broke', text: error.stack }],
      questions: [],
      story: [],
      counts: [],
    };
  }
  for (const [name, count] of verdict.counts) add(counts, name, count);
  add(
    ends,
    verdict.questions.length === 0 ? 'as the file wants it' : `asking: ${verdict.questions.join(', ')}`,
  );
  if (runs === 1) console.log(verdict.story.join('\n'));
  if (verdict.wrongs.length === 0) return;
  failed += 1;
  for (const name of verdict.counts.keys()) {
    const { times = 0, classes = Number.POSITIVE_INFINITY, simplest } = suspects.get(name) ?? {};
    const isSimpler = verdict.counts.size < classes;
    suspects.set(name, {
      times: times + 1,
      classes: isSimpler ? verdict.counts.size : classes,
      simplest: isSimpler ? seed : simplest,
    });
  }
  for (const what of new Set(verdict.wrongs.map((wrong) => wrong.what))) {
    const seeds = wrongs.get(what) ?? [];
    wrongs.set(what, [...seeds, seed]);
  }
  if (runs === 1 || values.quiet) return;
  const told = verdict.wrongs.map(({ what, text }) => `  ${what}: ${text}`);
  console.log(
    [`seed ${seed}:`, ...(failed <= STORIES ? verdict.story.map((line) => `  ${line}`) : told)].join('\n'),
  );
}

function report() {
  const missing = [...counts].filter(([, count]) => count === 0).map(([name]) => name);
  if (runs > 1) {
    table('How often each class of trouble occurred', counts, suspectOf);
    table('How the schedules ended', ends, () => '');
  }
  for (const [what, seeds] of wrongs) {
    const more = seeds.length > 12 ? `, … ${seeds.length} in all` : '';
    console.log(`${what}: seeds ${seeds.slice(0, 12).join(', ')}${more}`);
  }
  const speed = Math.round((runs * 1000) / (Date.now() - started));
  console.log(`${runs} schedules (seeds ${first} to ${first + runs - 1}), ${speed}/s: ${failed} failed`);
  const isHoled = runs >= ENOUGH && missing.length > 0;
  if (isHoled) console.log(`never occurred: ${missing.join('; ')}`);
  process.exit(failed === 0 && !isHoled ? 0 : 1);
}

function table(title, entries, noteOf) {
  console.log(`\n${title}:`);
  for (const [name, count] of entries) console.log(`${String(count).padStart(8)}  ${name}${noteOf(name)}`);
  console.log();
}

function suspectOf(name) {
  const suspect = suspects.get(name);
  if (suspect === undefined) return '';
  const { times, simplest, classes } = suspect;
  return `  (in ${times} that failed; the simplest is ${simplest}, of ${classes} classes)`;
}

function add(map, name, count = 1) {
  map.set(name, (map.get(name) ?? 0) + count);
}

async function bundle(entry) {
  // A name of its own: several runs may start in one folder at the same moment.
  const outfile = `node_modules/.cache/fleetform-soak/schedule-${process.pid}.mjs`;
  await mkdir('node_modules/.cache/fleetform-soak', { recursive: true });
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    define: { FLEETFORM_VERSION: '"0.0.0-soak"' },
    logLevel: 'error',
  });
  const bundled = await import(`../${outfile}`);
  await rm(outfile);
  return bundled;
}
