// `npm run soak -- --calendar [--years N] [--seed S]`: a year of pipelines over schedules and freezes
// (test/support/calendar/), each drawn from its number. Prints the figures; exit 1 when anything was wrong. With
// `--story`: each edit of the file and each pipeline.

/** So many wrongs of a year in full. */
const WRONGS = 12;

export async function calendar({ runYear }, { years, seed: first, story }) {
  let failed = 0;
  for (let seed = first; seed < first + years; seed += 1) {
    const started = Date.now();
    const verdict = await runYear({ seed, ...(story && { tell: (line) => console.log(line) }) });
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`\nyear ${seed} (--seed ${seed} draws it again), ${seconds} s:`);
    for (const [name, count] of verdict.figures) row(count, name);
    console.log('cancelled because of');
    for (const [name, count] of verdict.cancels) row(count, `  ${name}`);
    console.log('pipelines ended');
    for (const [name, count] of [...verdict.endings].sort()) row(count, `  ${name}`);
    row(verdict.wrongs.length, 'wrong');
    for (const { what, text } of verdict.wrongs.slice(0, WRONGS)) console.log(`  ${what}: ${text}`);
    if (verdict.wrongs.length > 0) failed += 1;
  }
  console.log(`\n${years} years (seeds ${first} to ${first + years - 1}): ${failed} failed`);
  return failed === 0;
}

function row(count, name) {
  console.log(`${String(count).padStart(8)}  ${name}`);
}
