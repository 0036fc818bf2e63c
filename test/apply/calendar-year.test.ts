/** Two months of the calendar's year (test/support/calendar/), over the changes of clock; the soak runs whole years. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runYear } from '../support/calendar/year.ts';

const it = suite('calendar');

const SEED = Number(process.env.FC_SEED ?? 1);
console.log(`calendar of seed ${SEED} (FC_SEED=… draws others)`);

for (const from of ['2026-02-20', '2026-09-20']) {
  it(`two months from ${from}: what a schedule names runs once, and in no freeze`, async () => {
    const story: string[] = [];
    const { wrongs, figures } = await runYear({
      seed: SEED,
      days: 61,
      from,
      tell: (line) => story.push(line),
    });
    assert.equal(wrongs, [], story.join('\n'));
    const counts = Object.fromEntries(figures);
    assert.ok(counts['changes of clock crossed']! >= 3, 'no change of clock');
    assert.ok(counts['occurrences wanted']! > 300, `only ${counts['occurrences wanted']} occurrences`);
  });
}

it('a year is its number alone', async () => {
  const year = () => runYear({ seed: 3, days: 20, from: '2026-03-20' });
  assert.equal(await year(), await year());
});

it.run();
