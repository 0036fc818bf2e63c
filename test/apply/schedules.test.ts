/** Some of the random schedules of test/support/schedules/; the soak runs many. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runSchedule } from '../support/schedules/schedule.ts';

const it = suite('schedules');

const FIRST = Number(process.env.SCHEDULE_SEED ?? 1);
const COUNT = Number(process.env.SCHEDULE_COUNT ?? 150);
console.log(`schedules ${FIRST} to ${FIRST + COUNT - 1} (SCHEDULE_SEED, SCHEDULE_COUNT)`);

it('whatever the API, people, machines and edits do: nothing runs twice, and "done" is true', async () => {
  for (let seed = FIRST; seed < FIRST + COUNT; seed += 1) {
    const { wrongs, story } = await runSchedule(seed);
    assert.equal(wrongs, [], `seed ${seed}:\n${story.join('\n')}`);
  }
});

it.run();
