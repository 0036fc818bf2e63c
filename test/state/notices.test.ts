/** What a place that does not answer looks like to whoever waits. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { StateBackend } from '../../src/state/backend.ts';
import { withNotices } from '../../src/state/notices.ts';

const it = suite('notices of a backend');

it('a place that answers is not told of, one that does not is, once for all that wait', async () => {
  const told: string[] = [];
  let answer = (_: null) => {};
  const hanging = new Promise<null>((done) => {
    answer = done;
  });
  const backend = withNotices(
    { location: 'the place', read: () => hanging, inspectLock: async () => null } as unknown as StateBackend,
    (text) => told.push(text),
  );
  await backend.inspectLock();
  const reads = [backend.read(), backend.read(), backend.read()];
  while (told.length === 0) await new Promise((done) => setTimeout(done, 50));
  await new Promise((done) => setTimeout(done, 100));
  assert.equal(told, ['Waiting for the place (reading the state): no answer for 5 s']);
  answer(null);
  assert.equal(await Promise.all(reads), [null, null, null]);
});

it.run();
