/** The backend over one's own storage: as every backend, and what only a cell can do wrong. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FleetformError } from '../../../src/model/errors.ts';
import { emptyState } from '../../../src/model/recorded.ts';
import { cellBackend } from '../../../src/state/backends/cell.ts';
import type { StateCell } from '../../../src/state/backends/cell-change.ts';
import { codeOfError } from '../../lock/volume.ts';
import { conformance, keep } from './conformance.ts';

/** A storage in memory: its text, and what happens at the next swap. */
class Memory implements StateCell {
  readonly location = 'memory';
  text: string | null = null;
  swaps = 0;
  /** Of the swap of that number: what it rejects with, and whether it is done before that. */
  lost: { readonly nth: number; readonly when: 'before' | 'after' } | null = null;

  async get(): Promise<string | null | undefined> {
    return this.text;
  }

  async swap(expected: string | null, text: string) {
    this.swaps += 1;
    const lost = this.swaps === this.lost?.nth ? this.lost.when : null;
    if (lost === 'before') throw new Error('socket hang up');
    if (this.text !== expected) return false;
    this.text = text;
    if (lost === 'after') throw new Error('socket hang up');
    return true;
  }
}

const QUICK = { pausesMs: [1, 1] };

conformance(
  'state in a cell, as every backend',
  async () => {
    const memory = new Memory();
    return {
      open: async (options) => cellBackend(memory, { ...QUICK, ...options }),
      put: async (text) => {
        memory.text = `${(memory.text ?? 'null\n').split('\n')[0]}\n${text}`;
      },
      loseAnswer(nth, when) {
        memory.lost = { nth: memory.swaps + nth, when };
        return () => memory.swaps >= memory.lost!.nth;
      },
      end: async () => {},
    };
  },
  { showsLife: true },
).run();

const it = suite('state in a cell');
const STATE = emptyState({ lineage: '5f2c6f0e-8a77-4f0e-9a39-0b8a5b3f1c11', name: 'live', api: 'sandbox' });

it('of two who take the lock at once, one gets it', async () => {
  const memory = new Memory();
  const [ours, theirs] = [cellBackend(memory), cellBackend(memory)];
  let first: Awaited<ReturnType<typeof theirs.lock>> | undefined;
  const before = memory.swap.bind(memory);
  memory.swap = async (expected, text) => {
    memory.swap = before;
    first = await theirs.lock('apply');
    return before(expected, text);
  };
  assert.is(await codeOfError(ours.lock('apply')), 'state.locked');
  await first!.release();
  await (await ours.lock('apply')).release();
});

it('a swap that was done and not answered takes the lock all the same', async () => {
  const memory = new Memory();
  const before = memory.swap.bind(memory);
  memory.swap = async (expected, text) => {
    memory.swap = before;
    await before(expected, text);
    return false;
  };
  const lock = await cellBackend(memory).lock('apply');
  await lock.prove();
  await lock.release();
});

it('a lock that was taken and never answered is given back, or named', async () => {
  const memory = new Memory();
  const { get, swap } = memory;
  let isDown = false;
  memory.swap = async (expected, text) => {
    const isDone = await swap.call(memory, expected, text);
    isDown = true;
    if (isDone) throw new Error('ECONNRESET');
    return isDone;
  };
  memory.get = async () => {
    if (isDown) throw new Error('down');
    return get.call(memory);
  };
  const error = await cellBackend(memory, QUICK)
    .lock('apply')
    .catch((thrown) => thrown);
  assert.instance(error, FleetformError);
  assert.is(error.code, 'state.unreachable');
  assert.match(error.message, 'memory cannot be reached: down');
  assert.instance(error.cause, Error);
  const { id } = JSON.parse(memory.text!.split('\n')[0]!);
  assert.match(error.hint, id);
  isDown = false;
  memory.swap = swap;
  await cellBackend(memory).forceUnlock(id, true);
});

it('a write that was done and never answered is what the next one of its holder goes on from', async () => {
  const memory = new Memory();
  const backend = cellBackend(memory, { pausesMs: [] });
  const lock = await backend.lock('apply');
  const write = (serial: number, expectedSerial: number | null) =>
    backend.write({ ...STATE, serial }, { lock, expectedSerial });
  const { get } = memory;
  memory.lost = { nth: memory.swaps + 1, when: 'after' };
  memory.get = async () => {
    if (memory.swaps === memory.lost!.nth) throw new Error('down');
    return get.call(memory);
  };
  assert.is(await codeOfError(write(1, null)), 'state.unreachable');
  memory.get = get;
  await write(2, null);
  assert.is(await codeOfError(write(3, 1)), 'state.serial');
  await lock.release();
  assert.is((await backend.read())!.serial, 2);
});

it('a write that was done before a sign of life, and not answered, is done', async () => {
  const memory = new Memory();
  const backend = cellBackend(memory, QUICK);
  const lock = await backend.lock('apply');
  const { swap } = memory;
  memory.swap = async (expected, text) => {
    memory.swap = swap;
    await swap.call(memory, expected, text);
    memory.text = memory.text!.replace(/"beat":\d+/, '"beat":1');
    throw new Error('socket hang up');
  };
  await backend.write({ ...STATE, serial: 1 }, { lock, expectedSerial: null });
  assert.is((await backend.read())!.serial, 1);
  await lock.release();
});

it('what a Map does not have is nothing, and an error of the caller keeps its code', async () => {
  const memory = new Memory();
  memory.get = async () => memory.text ?? undefined;
  assert.is(await cellBackend(memory).read(), null);
  await keep(cellBackend(memory), { ...STATE, serial: 1 }, null);
  memory.get = async () => {
    throw new FleetformError('mine.denied', 'no');
  };
  assert.is(await codeOfError(cellBackend(memory, QUICK).read()), 'mine.denied');
});

it('what is no cell of ours is refused, and left as it is', async () => {
  for (const text of ['', 'hello', '{}\n', JSON.stringify(STATE), 'null']) {
    const memory = new Memory();
    memory.text = text;
    const backend = cellBackend(memory);
    assert.is(await codeOfError(backend.read()), 'state.invalid', JSON.stringify(text));
    assert.is(await codeOfError(backend.lock('apply')), 'state.invalid', JSON.stringify(text));
    assert.is(memory.text, text);
  }
});

it('gives up a place that always changes first', async () => {
  const memory = new Memory();
  memory.swap = async () => false;
  let message = '';
  await cellBackend(memory)
    .lock('apply')
    .catch((error) => {
      message = error.message;
    });
  assert.match(message, 'it changes all the time');
});

it('dates signs of life by the clock that is given', async () => {
  const memory = new Memory();
  let now = 1_800_000_000_000;
  const backend = cellBackend(memory, { clock: () => now });
  const lock = await backend.lock('apply');
  now += 42_000;
  assert.is((await backend.inspectLock())!.silentSeconds, 42);
  await keep(cellBackend(new Memory()), { ...STATE, serial: 1 }, null);
  await lock.release();
});

/** Asks for something and never hears of it again; what it was asked is done all the same, or not. */
class Silent extends Memory {
  silent: 'get' | 'swap' | 'swap, done' | null = null;

  override async get() {
    return this.silent === 'get' ? new Promise<never>(() => {}) : super.get();
  }

  override async swap(expected: string | null, text: string) {
    if (this.silent === 'swap, done') await super.swap(expected, text);
    return this.silent?.startsWith('swap') === true
      ? new Promise<never>(() => {})
      : super.swap(expected, text);
  }
}

it('a storage that never answers is not waited for: what it was asked is in doubt', async () => {
  const memory = new Silent();
  const backend = cellBackend(memory, { pausesMs: [1], timeoutMs: 5 });
  const lock = await backend.lock('apply');
  await backend.write(STATE, { lock, expectedSerial: null });
  memory.silent = 'get';
  for (const asked of [() => backend.read(), () => backend.inspectLock(), () => backend.lock('plan')]) {
    const error = await asked().then(
      () => null,
      (one: FleetformError) => one,
    );
    assert.is(error?.code, 'state.unreachable');
    assert.match(error?.message ?? '', 'no answer within 0.005 s (2 times)');
  }
  const next = { ...STATE, serial: STATE.serial + 1 };
  memory.silent = 'swap';
  const write = () => backend.write(next, { lock, expectedSerial: STATE.serial });
  assert.is(await codeOfError(write()), 'state.unreachable');
  memory.silent = 'swap, done';
  await write();
  memory.silent = null;
  assert.is((await backend.read())?.serial, next.serial);
  await lock.release();
});

it('who waits for it is cut off by a stop', async () => {
  const memory = new Silent();
  memory.silent = 'get';
  const stop = new AbortController();
  const reading = cellBackend(memory).read(stop.signal);
  stop.abort(new Error('enough'));
  assert.is(await reading.catch(({ message }: Error) => message), 'enough');
});

it('what is to be done about its lock is said in the words of a program: no command reaches it', async () => {
  const memory = new Memory();
  const [ours, theirs] = [cellBackend(memory, QUICK), cellBackend(memory, QUICK)];
  const { holder } = await ours.lock('apply');
  const hintOf = (asked: Promise<unknown>) =>
    asked.then(
      () => '',
      ({ hint }: FleetformError) => hint ?? '',
    );
  const busy = await hintOf(theirs.lock('apply'));
  assert.match(busy, '`lockTimeoutMs`');
  assert.match(busy, `\`forceUnlock("${holder.id}", false)\``);
  const alive = await hintOf(theirs.forceUnlock(holder.id, false));
  assert.match(alive, `\`forceUnlock("${holder.id}", true)\``);
  for (const hint of [busy, alive]) assert.not.match(hint, 'fleetform force-unlock');
});

it.run();
