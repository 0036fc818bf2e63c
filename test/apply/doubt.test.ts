import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CONFIRMED, nextPause, pause } from '../../src/apply/doubt.ts';

const it = suite('doubt');

it('looks come at growing intervals, and never later than the end of doubt', () => {
  const pauses = Array.from({ length: 8 }, (_, looks) => nextPause(looks, 1_000_000));
  assert.equal(pauses, [250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
  assert.is(nextPause(5000, 1_000_000), 8000);
  assert.is(nextPause(5, 3000), 3000);
  assert.is(nextPause(5, 0.4), 1);
  assert.is(nextPause(0, Number.POSITIVE_INFINITY), 250);
});

it('after the end of doubt they confirm each other, a second apart', () => {
  assert.is(CONFIRMED, 3);
  assert.equal([nextPause(0, 0), nextPause(9, -5000)], [1000, 1000]);
});

it('a wait ends at once when the apply is to stop, and leaves no listener behind', async () => {
  const stop = new AbortController();
  let isAsleep = false;
  const never = () => {
    isAsleep = true;
    return new Promise<void>(() => {});
  };
  const waiting = pause({ sleep: never, stop: stop.signal }, 60_000);
  stop.abort();
  assert.is(await waiting, false);
  isAsleep = false;
  assert.is(await pause({ sleep: never, stop: stop.signal }, 60_000), false);
  assert.not(isAsleep, 'nothing is begun');

  const slept: number[] = [];
  const { signal } = new AbortController();
  let listeners = 0;
  const counted = new Proxy(signal, {
    get: (target, key) => {
      if (key === 'addEventListener') listeners += 1;
      if (key === 'removeEventListener') listeners -= 1;
      const value = Reflect.get(target, key) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const sleep = async (ms: number) => {
    slept.push(ms);
  };
  assert.is(await pause({ sleep, stop: counted }, 250), true);
  assert.equal(slept, [250]);
  assert.is(listeners, 0);
});

it('a sleep that fails is told, not taken for its end', async () => {
  const { signal } = new AbortController();
  const error = await pause({ sleep: () => Promise.reject(new Error('no clock')), stop: signal }, 1).then(
    () => null,
    (thrown) => thrown,
  );
  assert.is(error?.message, 'no clock');
});

it.run();
