/** What every backend keeps to, run against the real thing: one suite, and a place for each backend to run it in. */
import { setTimeout as delay } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emptyState } from '../../../src/model/recorded.ts';
import type { State } from '../../../src/model/state.ts';
import { LockedError, type StateBackend, type StateLock } from '../../../src/state/backend.ts';
import type { KeptLockOptions } from '../../../src/state/backends/kept-lock.ts';
import { openJournal } from '../../../src/state/journal.ts';
import { waitForLock } from '../../../src/state/wait-for-lock.ts';
import { codeOfError } from '../../lock/volume.ts';
import { entryFor, intentFor } from '../records.ts';

/** Somewhere that a state is kept, empty at first. */
export interface Place {
  /** As another process would: it shares nothing in memory with those that were opened before. */
  open(options?: Partial<KeptLockOptions>): Promise<StateBackend>;
  /** Puts that text where the state is, past all locks. */
  put(text: string): Promise<void>;
  /**
   * The nth change of what is kept, from now on, gets no answer, before or after it is done. Returns whether that has
   * happened. Absent: nothing can come between a change and its answer, or a test of its own shows it.
   */
  loseAnswer?(nth: number, when: 'before' | 'after'): () => boolean;
  end(): Promise<void>;
}

export interface Abilities {
  /** Whether the place knows when a holder last showed a sign of life. */
  readonly showsLife: boolean;
}

const STATE = emptyState({ lineage: '5f2c6f0e-8a77-4f0e-9a39-0b8a5b3f1c11', name: 'live', api: 'sandbox' });

/** All of it; the caller adds what only its backend can do, and runs the suite. */
export function conformance(name: string, make: () => Promise<Place>, { showsLife }: Abilities) {
  const it = suite<{ place: Place; backends: StateBackend[]; open: Place['open'] }>(name);

  it.before.each(async (context) => {
    context.place = await make();
    context.backends = [];
    context.open = async (options) => {
      const backend = await context.place.open(options);
      context.backends.push(backend);
      return backend;
    };
  });
  it.after.each(async ({ place, backends }) => {
    for (const backend of backends) await backend.close();
    await place.end();
  });

  it('reads what was written, and nothing before that', async ({ open }) => {
    const backend = await open();
    assert.is(await backend.read(), null);
    await keep(backend, { ...STATE, serial: 3 }, null);
    assert.equal(await backend.read(), { ...STATE, serial: 3 });
    assert.equal(await (await open()).read(), { ...STATE, serial: 3 });
  });

  it('keeps all that is known of a batch and a create', async ({ open }) => {
    const state: State = {
      ...STATE,
      serial: 1,
      entries: {
        old: entryFor('1'),
        'nightly[fleet:eu]': { ...entryFor('18446744073709551615'), phase: 'läuft … 🕹' },
        fresh: { ...entryFor('2'), replacing: true, stamps: { '2': { createdAt: 5, executeAt: null } } },
      },
      intents: [intentFor('a'), { ...intentFor('b'), sentAt: null }, { ...intentFor('c'), sentAt: 7 }],
      sight: { newest: 5, ids: ['2'] },
    };
    await keep(await open(), state, null);
    assert.equal(await (await open()).read(), state);
  });

  it('keeps the order of the entries, which a plan shows', async ({ open }) => {
    const names = ['z', 'a', '10', '9', 'm'];
    const entries = Object.fromEntries(names.map((one) => [`b-${one}`, entryFor('1')]));
    await keep(await open(), { ...STATE, serial: 1, entries }, null);
    assert.equal(Object.keys((await (await open()).read())!.entries), Object.keys(entries));
  });

  it('replaces only the state that was expected', async ({ open }) => {
    const backend = await open();
    const lock = await backend.lock('test');
    const write = (serial: number, expectedSerial: number | null) =>
      backend.write({ ...STATE, serial }, { lock, expectedSerial });
    assert.is(await codeOfError(write(1, 0)), 'state.serial');
    await write(1, null);
    assert.is(await codeOfError(write(2, null)), 'state.serial');
    await write(2, 1);
    assert.is(await codeOfError(write(3, 1)), 'state.serial');
    assert.is((await backend.read())?.serial, 2);
    await write(3, 2);
    await lock.release();
    assert.is((await backend.read())?.serial, 3);
  });

  it('a journal is kept record by record, whatever each costs, and nothing is left of it at the end', async ({
    open,
  }) => {
    const [one, two] = [await open({ freshMs: 0 }), await open()];
    const lock = await one.lock('test');
    const log = openJournal(one, lock, { ...STATE, serial: 4 }, null);
    const names = ['a', 'b', 'c', 'd'];
    await log.record([]);
    await log.record({ kind: 'intend', intents: names.map((name) => intentFor(name)) });
    for (const [i, address] of names.entries()) {
      await log.record({ kind: 'bind', address, entry: entryFor(String(i)) }, i === 2 ? 'soon' : 'at-once');
      assert.equal(await two.read(), log.current());
    }
    await log.end();
    assert.equal(await two.read(), log.current());
    await lock.release();
    assert.equal(await (await open()).read(), log.current());
    assert.is(await one.inspectLock(), null);
    assert.is(await codeOfError(log.record({ kind: 'unbind', address: 'a' })), 'state.lock-lost');
  });

  it('what was recorded before the lock was taken away is kept, and nothing after', async ({ open }) => {
    const [one, two] = [await open({ freshMs: 0 }), await open()];
    const lock = await one.lock('test');
    const log = openJournal(one, lock, STATE, null);
    for (const address of ['a', 'b', 'c']) await log.record({ kind: 'bind', address, entry: entryFor('1') });
    const kept = log.current();
    await two.forceUnlock(lock.holder.id, true);
    const late = log.record({ kind: 'bind', address: 'd', entry: entryFor('2') });
    assert.is(await codeOfError(late), 'state.lock-lost');
    await log.end();
    assert.equal(await two.read(), kept);
    const next = await two.lock('test');
    await two.write({ ...kept, serial: kept.serial + 1 }, { lock: next, expectedSerial: kept.serial });
    await next.release();
    assert.is((await (await open()).read())?.serial, kept.serial + 1);
  });

  it('what is written is there before the lock is given back', async ({ open }) => {
    const [one, two] = [await open(), await open()];
    const lock = await one.lock('test');
    await one.write({ ...STATE, serial: 1 }, { lock, expectedSerial: null });
    assert.is((await two.read())?.serial, 1);
    await one.write({ ...STATE, serial: 2 }, { lock, expectedSerial: 1 });
    assert.is((await two.read())?.serial, 2);
    await lock.release();
  });

  it('a lock that changes nothing leaves nothing', async ({ open }) => {
    const backend = await open();
    await (await backend.lock('test')).release();
    assert.is(await backend.read(), null);
    await keep(backend, { ...STATE, serial: 1 }, null);
    await (await backend.lock('test')).release();
    assert.equal(await (await open()).read(), { ...STATE, serial: 1 });
    assert.is(await backend.inspectLock(), null);
  });

  it('has one holder, and names it', async ({ open }) => {
    const [one, two] = [await open(), await open()];
    const lock = await one.lock('apply');
    try {
      await two.lock('destroy');
      assert.unreachable();
    } catch (error) {
      assert.instance(error, LockedError);
      const { holder, message, hint } = error as LockedError;
      assert.equal([holder.id, holder.operation], [lock.holder.id, 'apply']);
      assert.match(message, lock.holder.who);
      assert.match(hint ?? '', `${lock.holder.id}`);
    }
    assert.is((await two.inspectLock())?.holder.id, lock.holder.id);
    await lock.prove();
    await lock.release();
    assert.is(await two.inspectLock(), null);
    await (await two.lock('destroy')).release();
  });

  it('nobody writes without the lock', async ({ open }) => {
    const [one, two] = [await open({ freshMs: 0 }), await open()];
    const lock = await one.lock('test');
    const write = () => one.write({ ...STATE, serial: 1 }, { lock, expectedSerial: null });
    const removed = await two.forceUnlock(lock.holder.id, true);
    assert.is(removed.id, lock.holder.id);
    assert.is(await codeOfError(lock.prove()), 'state.lock-lost');
    assert.ok(lock.lost.aborted);
    assert.is(await codeOfError(write()), 'state.lock-lost');
    const next = await two.lock('test');
    assert.is(await codeOfError(write()), 'state.lock-lost');
    await lock.release();
    await next.prove();
    assert.is((await one.inspectLock())?.holder.id, next.holder.id, 'the old holder left the new lock alone');
    await next.release();
    assert.is(await two.read(), null);
    const released = await one.lock('test');
    await released.release();
    const late = one.write({ ...STATE, serial: 1 }, { lock: released, expectedSerial: null });
    const error = (await late.catch((thrown) => thrown)) as Error & { code?: string };
    assert.is(error.code, 'state.lock-lost');
    assert.match(error.message, 'has been released');
  });

  it('a write notices by itself that the lock is gone', async ({ open }) => {
    const [one, two] = [await open({ freshMs: 60_000 }), await open()];
    const lock = await one.lock('test');
    await one.write({ ...STATE, serial: 1 }, { lock, expectedSerial: null });
    await two.forceUnlock(lock.holder.id, true);
    const next = await two.lock('test');
    await two.write({ ...STATE, serial: 2 }, { lock: next, expectedSerial: 1 });
    const late = one.write({ ...STATE, serial: 2 }, { lock, expectedSerial: 1 });
    assert.is(await codeOfError(late), 'state.lock-lost');
    assert.ok(lock.lost.aborted);
    assert.is((await two.read())?.serial, 2);
    await next.release();
  });

  it('exactly the lock that is named is removed', async ({ open }) => {
    const backend = await open();
    const other = '5f2c6f0e-8a77-4f0e-9a39-0b8a5b3f1c12';
    assert.is(await codeOfError(backend.forceUnlock(other, true)), 'state.no-such-lock');
    const lock = await backend.lock('test');
    assert.is(await codeOfError(backend.forceUnlock(other, true)), 'state.no-such-lock');
    await lock.prove();
    await lock.release();
    assert.is(await codeOfError(backend.forceUnlock(lock.holder.id, true)), 'state.no-such-lock');
  });

  it('a holder that showed a sign of life a moment ago keeps its lock, but for force', async ({ open }) => {
    const [one, two] = [await open(), await open()];
    const lock = await one.lock('test');
    assert.is(await codeOfError(two.forceUnlock(lock.holder.id, false)), 'state.lock-alive');
    await lock.prove();
    await lock.release();
  });

  if (showsLife) {
    it('a heartbeat is a sign of life, and its loss is noticed', async ({ open }) => {
      const [one, two] = [await open({ heartbeatMs: 100 }), await open()];
      const lock = await one.lock('test');
      await delay(1500);
      assert.ok((await two.inspectLock())!.silentSeconds! <= 1);
      await two.forceUnlock(lock.holder.id, true);
      for (let waited = 0; !lock.lost.aborted && waited < 20_000; waited += 20) await delay(20);
      assert.ok(lock.lost.aborted);
    });
  }

  it('a wait for the lock that is stopped leaves no lock', async ({ open }) => {
    const backend = await open();
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    assert.is(await backend.lock('test', stop.signal).catch((error) => error), stop.signal.reason);
    assert.is(await backend.inspectLock(), null);
  });

  it('six writers at once lose nothing', async ({ open }) => {
    const rounds = 3;
    const write = async (writer: number) => {
      const backend = await open();
      for (let round = 0; round < rounds; round += 1) {
        const lock = await patient(backend);
        const before = await backend.read();
        const entries = { ...before?.entries, [`w${writer}-${round}`]: entryFor('1') };
        const serial = (before?.serial ?? 0) + 1;
        await backend.write({ ...STATE, serial, entries }, { lock, expectedSerial: before?.serial ?? null });
        await lock.release();
      }
    };
    await Promise.all([0, 1, 2, 3, 4, 5].map(write));
    const state = await (await open()).read();
    assert.is(Object.keys(state!.entries).length, 6 * rounds);
    assert.is(state!.serial, 6 * rounds);
  });

  it('holds 10,000 entries', async ({ open }) => {
    const entries = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, at) => [`b${at}`, entryFor(String(at + 1))]),
    );
    await keep(await open(), { ...STATE, serial: 1, entries }, null);
    const read = await (await open()).read();
    assert.is(Object.keys(read!.entries).length, 10_000);
    assert.equal(read!.entries.b9999, entries.b9999);
  });

  for (const when of ['before', 'after'] as const) {
    it(`whichever change is not answered, ${when} it is done, nothing is lost and no lock stays`, async ({
      open,
      place,
    }) => {
      if (place.loseAnswer === undefined) return;
      let serial: number | null = null;
      for (let nth = 1, isLost: (() => boolean) | undefined; isLost?.() !== false; nth += 1) {
        const backend = await open();
        isLost = place.loseAnswer(nth, when);
        const lock = await backend.lock('test');
        const before = await backend.read();
        assert.is(before?.serial ?? null, serial);
        const log = openJournal(backend, lock, before ?? STATE, serial);
        for (const address of ['a', 'b', 'c'])
          await log.record({ kind: 'bind', address, entry: entryFor(String(nth)) });
        await log.end();
        await lock.release();
        assert.is(await backend.inspectLock(), null, `${nth}`);
        assert.equal(await (await open()).read(), log.current(), `${nth}`);
        serial = log.current().serial;
        assert.ok(nth < 50);
        await backend.close();
      }
    });
  }

  for (const [what, text, code] of [
    ['a torn state', '{"version":1,"lineage"', 'state.invalid'],
    ['another document', '[]', 'state.invalid'],
    ['an unknown field', JSON.stringify({ ...STATE, extra: 1 }), 'state.invalid'],
    ['a newer version', JSON.stringify({ ...STATE, version: 3 }), 'state.version'],
  ] as const) {
    it(`${what} is ${code}, naming the place`, async ({ open, place }) => {
      const backend = await open();
      await keep(backend, { ...STATE, serial: 1 }, null);
      await place.put(text);
      const error = (await (await open()).read().catch((thrown) => thrown)) as Error & { code?: string };
      assert.is(error.code, code);
      assert.match(error.message, backend.location);
    });
  }

  return it;
}

export async function keep(
  backend: StateBackend,
  state: State,
  expectedSerial: number | null,
): Promise<void> {
  const lock = await backend.lock('test');
  try {
    await backend.write(state, { lock, expectedSerial });
  } finally {
    await lock.release();
  }
}

function patient(backend: StateBackend): Promise<StateLock> {
  return waitForLock(backend, 'test', {
    lockTimeoutMs: 120_000,
    sleep: (ms) => delay(ms / 10),
    onWait: () => {},
    stop: new AbortController().signal,
  });
}
