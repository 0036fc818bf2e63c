import { getEventListeners } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { interruptibleSleep, unlessAborted } from '../../src/api/waiting.ts';

const it = suite('waiting');

const never = () => new Promise<never>(() => {});
const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => error,
  );

it('work goes on to its end, or as far as the signal lets it, and leaves no listener', async () => {
  const { signal } = new AbortController();
  assert.is(await unlessAborted(signal, async () => 7), 7);
  assert.is(await reasonOf(unlessAborted(signal, () => Promise.reject('broken'))), 'broken');
  await interruptibleSleep(async () => {}, 1, signal);
  assert.is(getEventListeners(signal, 'abort').length, 0);

  for (const wait of [
    (one: AbortSignal) => unlessAborted(one, never),
    (one: AbortSignal) => interruptibleSleep(never, 1, one),
  ]) {
    const stop = new AbortController();
    const waiting = reasonOf(wait(stop.signal));
    stop.abort('stopped');
    assert.is(await waiting, 'stopped');
    assert.is(getEventListeners(stop.signal, 'abort').length, 0);
  }
});

it('what is stopped already does not begin', async () => {
  let begun = 0;
  const work = async () => {
    begun += 1;
  };
  const signal = AbortSignal.abort('stopped');
  assert.is(await reasonOf(unlessAborted(signal, work)), 'stopped');
  assert.is(await reasonOf(interruptibleSleep(work, 1, signal)), 'stopped');
  assert.is(begun, 0);
});

it.run();
