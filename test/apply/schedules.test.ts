import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runSchedule } from '../support/schedule.ts';

const it = suite('schedules');

const FIRST = Number(process.env.SCHEDULE_SEED ?? 1);
const COUNT = Number(process.env.SCHEDULE_COUNT ?? 400);
console.log(`schedules ${FIRST} to ${FIRST + COUNT - 1} (SCHEDULE_SEED, SCHEDULE_COUNT)`);

it('faults, crashes, strangers, lagging lists, two appliers: nothing twice, nothing lost, nobody else touched', async () => {
  for (let seed = FIRST; seed < FIRST + COUNT; seed += 1) {
    const verdict = await runSchedule(seed);
    const { duplicates, losses, touched, story } = verdict;
    assert.equal(
      { duplicates, losses, touched },
      { duplicates: 0, losses: 0, touched: 0 },
      `seed ${seed}:\n${story.join('\n')}`,
    );
  }
});

it.run();
