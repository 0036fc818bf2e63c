/** A lock that is kept elsewhere, as its holder has it: in time that the test makes. */
import { setImmediate as turn } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type KeptLockOptions, keptLock } from '../../../src/state/backends/kept-lock.ts';
import { HOLDER, idOf } from '../../lock/volume.ts';

const it = suite('kept lock');

/** A place that answers what the test says, and counts how often it is asked. */
class Place {
  now = 0;
  /** How far the wall clock is ahead of the monotonic one. */
  slept = 0;
  answer: () => Promise<string | null> = async () => null;
  readonly asked: string[] = [];

  lock(options: Partial<KeptLockOptions> = {}) {
    const ask = (what: string) => () => {
      this.asked.push(what);
      return this.answer();
    };
    return keptLock(
      { look: ask('look'), beat: ask('beat'), release: async () => void this.asked.push('release') },
      { id: idOf('x'), ...HOLDER },
      'the place',
      {
        heartbeatMs: 1e6,
        silentMs: 60_000,
        freshMs: 2000,
        monotonic: () => this.now,
        wall: () => this.now + this.slept,
        ...options,
      },
    );
  }
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: { code: string }) => error.code,
  );

it('a proof holds for a moment, and the next is asked for before that is over', async () => {
  const place = new Place();
  const lock = place.lock();
  await lock.prove();
  place.now = 1000;
  await lock.prove();
  assert.equal(place.asked, []);
  place.now = 1500;
  await lock.prove();
  assert.equal(place.asked, ['look'], 'in the background');
  await turn();
  place.now = 2400;
  await lock.prove();
  assert.equal(place.asked, ['look']);
  place.now = 9000;
  await lock.prove();
  assert.equal(place.asked, ['look', 'look']);
  await lock.release();
});

it('one look serves all that wait for it', async () => {
  const place = new Place();
  const lock = place.lock();
  place.now = 9000;
  await Promise.all(Array.from({ length: 50 }, () => lock.prove()));
  assert.equal(place.asked, ['look']);
  await lock.release();
});

it('a place that takes longer to answer than a proof holds still proves', async () => {
  const place = new Place();
  const lock = place.lock({ freshMs: 100 });
  place.answer = async () => {
    place.now += 5000;
    return null;
  };
  place.now = 1000;
  await lock.prove();
  assert.equal(place.asked, ['look']);
  await lock.release();
});

it('a write that the place has accepted is a proof, as old as its beginning', async () => {
  const place = new Place();
  const lock = place.lock();
  place.now = 9000;
  lock.confirm(8500);
  await lock.prove();
  place.now = 10_600;
  await lock.prove();
  assert.equal(place.asked, ['look']);
  await lock.release();
});

it('what is lost stays lost, and is not given back', async () => {
  const place = new Place();
  const lock = place.lock({ freshMs: 0 });
  place.answer = async () => 'now belongs to bob';
  place.now = 1;
  assert.is(await codeOf(lock.prove()), 'state.lock-lost');
  assert.ok(lock.lost.aborted);
  place.answer = async () => null;
  assert.is(await codeOf(lock.prove()), 'state.lock-lost');
  await lock.release();
  assert.not(place.asked.includes('release'));
});

it('a place that cannot be asked proves nothing, and takes nothing away', async () => {
  const place = new Place();
  const lock = place.lock({ freshMs: 0 });
  place.answer = () => Promise.reject(new Error('no route'));
  place.now = 1;
  assert.is(await codeOf(lock.prove()), 'state.lock-unproven');
  assert.not(lock.lost.aborted);
  place.answer = async () => null;
  await lock.prove();
  await lock.release();
  assert.is(await codeOf(lock.prove()), 'state.lock-lost', 'after its release it proves nothing');
});

it('a holder that has not reached the place for as long as others wait is the holder no more', async () => {
  const place = new Place();
  const lock = place.lock({ heartbeatMs: 5, silentMs: 1000 });
  place.answer = () => Promise.reject(new Error('no route'));
  place.now = 1001;
  for (let waits = 0; !lock.lost.aborted && waits < 1000; waits += 1)
    await new Promise((done) => setTimeout(done, 5));
  assert.ok(lock.lost.aborted);
  assert.match((lock.lost.reason as Error).message, 'can no longer be reached');
});

it('a beat that never ends is not joined by others, and does not hide the silence', async () => {
  const place = new Place();
  const lock = place.lock({ heartbeatMs: 5, silentMs: 1000 });
  place.answer = () => new Promise(() => {});
  while (place.asked.length < 1) await new Promise((done) => setTimeout(done, 5));
  await new Promise((done) => setTimeout(done, 50));
  assert.equal(place.asked, ['beat']);
  assert.not(lock.lost.aborted);
  place.now = 1001;
  for (let waits = 0; !lock.lost.aborted && waits < 1000; waits += 1)
    await new Promise((done) => setTimeout(done, 5));
  assert.ok(lock.lost.aborted);
});

it('what was out of reach is still given back, what was taken is not', async () => {
  const place = new Place();
  const lock = place.lock({ heartbeatMs: 5, silentMs: 1000 });
  place.answer = () => Promise.reject(new Error('no route'));
  place.now = 1001;
  for (let waits = 0; !lock.lost.aborted && waits < 1000; waits += 1)
    await new Promise((done) => setTimeout(done, 5));
  await lock.release();
  assert.ok(place.asked.includes('release'));
});

it('a machine that slept asks before it goes on, and goes on if the lock is still its own', async () => {
  const place = new Place();
  const lock = place.lock();
  place.slept = 3_600_000;
  await lock.prove();
  assert.equal(place.asked, ['look']);
  await lock.prove();
  assert.equal(place.asked, ['look']);
  await lock.release();
});

it.run();
