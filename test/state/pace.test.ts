import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emptyState } from '../../src/model/recorded.ts';
import type { State } from '../../src/model/state.ts';
import type { StateLock } from '../../src/state/backend.ts';
import type { Edit } from '../../src/state/edits.ts';
import { openJournal } from '../../src/state/journal.ts';
import { entryFor } from './records.ts';

const it = suite('pace');

const START = emptyState({ lineage: 'l', name: 'live', api: 'sandbox' });
const LOCK = { lost: new AbortController().signal } as StateLock;

/** A place where a write takes `took` ms, and a clock that only moves by hand or by writes. */
function place(took: number) {
  let now = 0;
  const kept: string[][] = [];
  const rests: { ms: number; end: () => void; wasCut: boolean }[] = [];
  const stop = new AbortController();
  let trouble: Error | null = null;
  const backend = {
    read: async () => START,
    async write(state: State) {
      now += took;
      if (trouble !== null) throw trouble;
      kept.push(Object.keys(state.entries));
    },
    pace: {
      monotonic: () => now,
      sleep: (ms: number, signal: AbortSignal) =>
        new Promise<void>((resolve, reject) => {
          const rest = {
            ms,
            end: () => {
              now += ms;
              resolve();
            },
            wasCut: false,
          };
          rests.push(rest);
          signal.addEventListener('abort', () => {
            rest.wasCut = true;
            reject(signal.reason);
          });
        }),
    },
  };
  const log = openJournal(backend, LOCK, START, 0, () => 0, stop.signal);
  const fail = (error: Error | null) => {
    trouble = error;
  };
  return { log, kept, rests, stop, fail };
}

function bind(address: string): Edit {
  return { kind: 'bind', address, entry: entryFor('1') };
}

it('after a write the next one waits three times as long, and takes all that came', async () => {
  const { log, kept, rests } = place(100);
  await log.record(bind('a'), 'soon');
  const all = ['b', 'c', 'd'].map((name) => log.record(bind(name), 'soon'));
  await settled();
  assert.equal([kept, rests.map(({ ms }) => ms)], [[['a']], [300]]);
  rests[0]!.end();
  await Promise.all(all);
  assert.equal(kept, [['a'], ['a', 'b', 'c', 'd']]);
});

it('never longer than two seconds', async () => {
  const { log, rests } = place(60_000);
  await log.record(bind('a'));
  void log.record(bind('b'), 'soon');
  await settled();
  assert.equal(
    rests.map(({ ms }) => ms),
    [2000],
  );
});

it('who waits in order to send ends the rest of all, or has none', async () => {
  const { log, kept, rests } = place(100);
  await log.record(bind('a'));
  const soon = log.record(bind('b'), 'soon');
  await settled();
  await log.record(bind('c'));
  await soon;
  assert.equal([kept.at(-1), rests[0]!.wasCut], [['a', 'b', 'c'], true]);
  await log.record(bind('d'));
  assert.is(rests.length, 1);
});

it('also who comes while a write is under way, whoever is first in line then', async () => {
  const { log, rests, kept } = place(100);
  const all = [log.record(bind('a')), log.record(bind('b'), 'soon'), log.record(bind('c'))];
  await Promise.all(all);
  assert.equal([kept.length, rests.length], [2, 0]);
});

it('also of an edit that another has recorded to be kept soon', async () => {
  const { log, rests } = place(100);
  await log.record(bind('a'));
  const soon = log.record(bind('b'), 'soon');
  await settled();
  await log.record([]);
  await soon;
  assert.ok(rests[0]!.wasCut);
});

it('a signal ends the rest', async () => {
  const { log, kept, stop, rests } = place(100);
  await log.record(bind('a'));
  const soon = log.record(bind('b'), 'soon');
  await settled();
  stop.abort();
  await soon;
  await log.record(bind('c'), 'soon');
  assert.equal([kept.length, rests.length], [3, 1]);
});

it('a failed write fails those who waited, and the end tries once more without a word', async () => {
  const { log, kept, fail } = place(0);
  await log.record(bind('a'));
  fail(new Error('disk full'));
  const error = await log.record(bind('b'), 'soon').catch((thrown) => thrown);
  assert.is(error.message, 'disk full');
  await log.end();
  fail(null);
  await log.end();
  assert.equal(kept, [['a'], ['a', 'b']]);
  await log.end();
  assert.is(kept.length, 2);
});

it('the end waits for no rest', async () => {
  const { log, kept, rests } = place(100);
  await log.record(bind('a'));
  const soon = log.record(bind('b'), 'soon');
  await settled();
  await log.end();
  await soon;
  assert.equal([kept.length, rests[0]!.wasCut], [2, true]);
});

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

it.run();
