import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emptyState } from '../../src/model/recorded.ts';
import type { State } from '../../src/model/state.ts';
import type { StateLock, WriteProof } from '../../src/state/backend.ts';
import type { Edit } from '../../src/state/edits.ts';
import { openJournal as open } from '../../src/state/journal.ts';
import { edited } from '../../src/state/ledger.ts';
import { counted, entryFor, intentFor } from './records.ts';

const START = emptyState({ lineage: 'l', name: 'live', api: 'sandbox' });
const LOCK = {} as StateLock;

type Write = (state: State, proof: WriteProof) => Promise<void>;

function openJournal({ write }: { write: Write }, initial = START, expected: number | null = 0) {
  let kept: State | null = expected === null ? null : initial;
  const backend = {
    read: async () => kept,
    async write(state: State, proof: WriteProof) {
      await write(state, proof);
      kept = state;
    },
  };
  return open(backend, LOCK, initial, expected);
}

function binding(address: string, id: string): Edit {
  return { kind: 'bind', address, entry: entryFor(id) };
}

const journal = suite('journal');

journal('resolves when the state is kept, and counts every write', async () => {
  const kept: State[] = [];
  const log = openJournal({ write: async (state) => void kept.push(state) });
  await log.record(binding('a', '1'));
  await log.record(binding('b', '2'));
  assert.equal(
    kept.map((state) => [state.serial, Object.keys(state.entries)]),
    [
      [1, ['a']],
      [2, ['a', 'b']],
    ],
  );
  assert.is(log.current().serial, 2);
});

journal('one write serves all transitions that came in during the one before', async () => {
  const kept: State[] = [];
  const releases: (() => void)[] = [];
  const write = (state: State) =>
    new Promise<void>((resolve) => {
      releases.push(() => {
        kept.push(state);
        resolve();
      });
    });
  const log = openJournal({ write });
  const order: string[] = [];
  const record = (name: string, id: string) => log.record(binding(name, id)).then(() => order.push(name));
  const all = ['a', 'b', 'c', 'd'].map((name, i) => record(name, String(i)));
  await settled();
  releases[0]!();
  await settled();
  assert.equal(order, ['a'], 'nobody is told before the write that holds the change');
  releases[1]!();
  await Promise.all(all);
  assert.equal(
    kept.map((state) => Object.keys(state.entries)),
    [['a'], ['a', 'b', 'c', 'd']],
  );
  assert.is(log.current().serial, 2);
});

journal('a failed write fails everyone who waits for it', async () => {
  const log = openJournal({ write: () => Promise.reject(new Error('disk full')) });
  const outcomes = await Promise.allSettled([log.record(binding('a', '1')), log.record(binding('b', '2'))]);
  assert.equal(
    outcomes.map((outcome) => outcome.status),
    ['rejected', 'rejected'],
  );
});

journal('writes nothing when nothing changes', async () => {
  let writes = 0;
  const write = async () => {
    writes += 1;
  };
  const log = openJournal({ write });
  await log.record({ kind: 'note', address: 'nobody', fields: { phase: 'done' } });
  await log.record([]);
  assert.is(writes, 0);
});

journal('a state that does not exist yet is made by the first record, even of nothing', async () => {
  const proofs: (number | null)[] = [];
  const log = openJournal({ write: async (_, proof) => void proofs.push(proof.expectedSerial) }, START, null);
  await log.record([]);
  await log.record([]);
  await log.record(binding('a', '1'));
  assert.equal([proofs, log.current().serial], [[null, 1], 2]);
});

journal('every write proves the lock, and knows which state it replaces', async () => {
  const proofs: WriteProof[] = [];
  let isFull = false;
  const write: Write = async (_, proof) => {
    proofs.push(proof);
    if (isFull) throw new Error('disk full');
  };
  const log = openJournal({ write }, { ...START, serial: 5 }, 5);
  await log.record(binding('a', '1'));
  isFull = true;
  await log.record(binding('b', '2')).catch(() => {});
  isFull = false;
  await log.record(binding('c', '3'));
  assert.equal(
    proofs.map(({ expectedSerial }) => expectedSerial),
    [5, 6, 6],
  );
  assert.ok(proofs.every(({ lock }) => lock === LOCK));
  assert.equal([Object.keys(log.current().entries), log.current().serial], [['a', 'b', 'c'], 8]);
});

journal('a write that failed and was done after all is what the next one replaces', async () => {
  for (const isDone of [true, false]) {
    const proofs: (number | null)[] = [];
    const serials: number[] = [];
    let kept: State | null = START;
    let isBroken = true;
    const log = open(
      {
        read: async () => kept,
        async write(state, { expectedSerial }) {
          proofs.push(expectedSerial);
          serials.push(state.serial);
          if (isDone || !isBroken) kept = state;
          if (isBroken) throw new Error('no answer');
        },
      },
      LOCK,
      START,
      0,
    );
    await log.record(binding('a', '1')).catch(() => {});
    isBroken = false;
    await log.record(binding('b', '2'));
    assert.equal(serials, [1, 2], 'no serial is sent twice');
    assert.equal(proofs, [0, isDone ? 1 : 0]);
    assert.equal(Object.keys(kept.entries), ['a', 'b']);
    assert.is(log.current().serial, 2);
  }
});

journal('what a failed write held is not lost when nothing new comes', async () => {
  const kept: State[] = [];
  let isFull = true;
  const write: Write = async (state) => {
    if (isFull) throw new Error('disk full');
    kept.push(state);
  };
  const log = openJournal({ write });
  await log.record(binding('a', '1')).catch(() => {});
  isFull = false;
  await log.record([]);
  assert.equal(
    kept.map((state) => Object.keys(state.entries)),
    [['a']],
  );
});

journal('answers from what is recorded, also before it is kept', async () => {
  const log = openJournal({ write: () => new Promise(() => {}) });
  const before = log.current();
  assert.is(log.current(), before);
  void log.record([{ kind: 'intend', intents: [intentFor('b')] }, binding('a', '1')]);
  assert.equal(log.entry('a')?.batchIds, ['1']);
  assert.is(log.entry('constructor'), undefined);
  assert.equal(log.intents(), [intentFor('b')]);
  assert.equal(Object.keys(log.current().entries), ['a']);
  assert.is(log.current(), log.current());
  assert.equal(before.entries, {}, 'a snapshot stays as it is');
});

journal('ten thousand records look at each entry once', async () => {
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`old-${i}`, entryFor(`${i}`)]));
  const reads: number[] = [];
  for (const count of [1, 10_000]) {
    const watched = counted(many);
    const writes: State[] = [];
    const initial = { ...START, entries: watched.entries };
    const log = openJournal({ write: async (state) => void writes.push(state) }, initial);
    const all = Array.from({ length: count }, (_, i) => log.record(binding(`new-${i}`, `1${i}`)));
    for (let i = 0; i < count; i += 1) log.entry(`new-${i}`);
    await Promise.all(all);
    assert.ok(writes.length <= 2, `${writes.length} writes`);
    assert.equal(
      Object.keys(writes.at(-1)!.entries).length,
      1000 + count,
      'all of it is in the last of the few writes',
    );
    reads.push(watched.reads());
  }
  assert.is(reads[1], reads[0]);
});

journal(
  'what is appended is each edit once, in order, also after an append that failed or was done after all',
  async () => {
    for (const isDone of [true, false]) {
      let kept: State = START;
      let isBroken = false;
      const log = open(
        {
          read: async () => kept,
          write: async (state) => {
            kept = state;
          },
          async append({ serial, edits }, { expectedSerial }) {
            assert.is(expectedSerial, kept.serial);
            if (isDone || !isBroken) kept = { ...edited(kept, edits), serial };
            if (isBroken) throw new Error('no answer');
          },
        },
        { lost: new AbortController().signal } as StateLock,
        START,
        0,
      );
      await log.record({ kind: 'intend', intents: [intentFor('a'), intentFor('b')] });
      isBroken = true;
      await log.record(binding('a', '1')).catch(() => {});
      const both = [
        log.record(binding('b', '2')),
        log.record({ kind: 'rename', names: new Map([['a', 'c']]) }),
      ];
      await Promise.allSettled(both);
      isBroken = false;
      await log.record({ kind: 'note', address: 'c', fields: { phase: 'done' } });
      assert.equal(kept, log.current());
      await log.end();
      assert.equal(kept, log.current());
      assert.equal(Object.keys(kept.entries), ['b', 'c']);
    }
  },
);

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

journal.run();
