/** The backend over one's own storage: as every backend, and what only a cell can do wrong. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emptyState } from '../../../src/model/recorded.ts';
import { cellBackend, type StateCell } from '../../../src/state/backends/cell.ts';
import { codeOfError } from '../../lock/volume.ts';
import { conformance, keep } from './conformance.ts';

/** A storage in memory: its text, and what happens at the next swap. */
class Memory implements StateCell {
  readonly location = 'memory';
  text: string | null = null;
  atSwap: (() => void) | null = null;

  async get() {
    return this.text;
  }

  async swap(expected: string | null, text: string) {
    const act = this.atSwap;
    this.atSwap = null;
    act?.();
    if (this.text !== expected) return false;
    this.text = text;
    return true;
  }
}

conformance(
  'state in a cell, as every backend',
  async () => {
    const memory = new Memory();
    return {
      open: async (options) => cellBackend(memory, options),
      put: async (text) => {
        memory.text = `${(memory.text ?? 'null\n').split('\n')[0]}\n${text}`;
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
  assert.match(message, 'memory changes all the time');
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

it.run();
