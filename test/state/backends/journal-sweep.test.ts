/**
 * The journal beside a local state, cut at every byte: what is read is the state after a record, and never less than
 * what was acknowledged by then. And the states that a crash, or a person, can leave of the two files.
 */
import {
  appendFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emptyState } from '../../../src/model/recorded.ts';
import type { State } from '../../../src/model/state.ts';
import type { StateBackend, StateLock } from '../../../src/state/backend.ts';
import { beginText } from '../../../src/state/backends/journal-text.ts';
import { localBackend } from '../../../src/state/backends/local.ts';
import { readTogether } from '../../../src/state/backends/local-files.ts';
import type { Edit } from '../../../src/state/edits.ts';
import { type Journal, openJournal } from '../../../src/state/journal.ts';
import { parseState } from '../../../src/state/state-json.ts';
import { codeOfError } from '../../lock/volume.ts';
import { entryFor, intentFor } from '../records.ts';

interface Bed {
  root: string;
  folder: string;
  state: string;
  journal: string;
  backend: StateBackend;
  lock: StateLock;
  log: Journal;
}
const it = suite<Bed>('journal beside a local state');

const START = emptyState({ lineage: '5f2c6f0e-8a77-4f0e-9a39-0b8a5b3f1c11', name: 'live', api: 'sandbox' });
const SEEN = ['4', '5', '6'];
const INTENTS = ['a', 'b', 'ü'].map((name) => ({ ...intentFor(name), seen: SEEN, sentAt: null }));
/** One of each kind. */
const RECORDS: readonly Edit[] = [
  { kind: 'sent', intentIds: ['i-a'], at: 7 },
  { kind: 'bind', address: 'a', entry: { ...entryFor('7'), phase: 'läuft … 🕹' } },
  { kind: 'drop-intent', id: 'i-b' },
  { kind: 'rename', names: new Map([['a', 'moved']]) },
  { kind: 'note', address: 'moved', fields: { phase: 'done' } },
  { kind: 'replacing', address: 'moved', mark: true },
  { kind: 'intend', intents: ['x', 'y'].map((name) => ({ ...intentFor(name), seen: SEEN })) },
  { kind: 'sight', sight: { newest: 5, ids: ['7'] } },
  { kind: 'schedules', marks: { nightly: { through: 5, schedule: 's' } } },
  { kind: 'bind', address: 'ü', entry: entryFor('9') },
  { kind: 'unbind', address: 'moved' },
];

it.before.each(async (bed) => {
  bed.root = await mkdtemp(join(tmpdir(), 'fleetform-journal-'));
  bed.folder = join(bed.root, '.fleetform');
  bed.state = join(bed.folder, 'live.state.json');
  bed.journal = join(bed.folder, 'live.journal');
  bed.backend = localBackend(bed.folder, 'live');
  bed.lock = await bed.backend.lock('apply');
  bed.log = openJournal(bed.backend, bed.lock, START, null);
  await bed.log.record([]);
  await bed.log.record({ kind: 'intend', intents: INTENTS });
});
it.after.each(async ({ root, lock }) => {
  await lock.release();
  await rm(root, { recursive: true });
});

const other = ({ folder }: Bed) => localBackend(folder, 'live');

/** Bytes of the journal, and the state, after each record. */
async function recorded({ log, journal }: Bed): Promise<{ size: number; state: State }[]> {
  const steps = [{ size: statSync(journal).size, state: log.current() }];
  for (const edit of RECORDS) {
    await log.record(edit);
    steps.push({ size: statSync(journal).size, state: log.current() });
  }
  return steps;
}

it('another process reads each record as soon as it is acknowledged', async (bed) => {
  for (const edit of RECORDS) {
    await bed.log.record(edit);
    assert.equal(await other(bed).read(), bed.log.current(), edit.kind);
  }
});

it('cut at any byte it is the state after the last whole record', async (bed) => {
  const steps = await recorded(bed);
  const bytes = readFileSync(bed.journal);
  for (let size = bytes.length; size >= 0; size -= 1) {
    truncateSync(bed.journal, size);
    const expected = steps.findLast((step) => step.size <= size);
    if (expected === undefined) {
      // No order of writes leaves a state that names a journal which has not begun.
      assert.is(await codeOfError(other(bed).read()), 'state.no-journal', `${size} bytes`);
    } else assert.equal(await other(bed).read(), expected.state, `${size} bytes`);
  }
  for (const { size, state } of steps) {
    // The file had grown, and its content had not come when the power went.
    writeFileSync(
      bed.journal,
      Buffer.concat([bytes.subarray(0, size), Buffer.alloc(99), Buffer.from('}\n')]),
    );
    assert.equal(await other(bed).read(), state);
  }
});

it('any other damage is told, wherever it is', async (bed) => {
  const steps = await recorded(bed);
  const bytes = readFileSync(bed.journal);
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === 0x0a) continue;
    const wrong = Buffer.from(bytes);
    wrong[at] = wrong[at]! ^ 1;
    if (wrong[at] === 0x0a) continue;
    writeFileSync(bed.journal, wrong);
    assert.is(await codeOfError(other(bed).read()), 'state.invalid', `byte ${at}`);
  }
  const lines = steps.slice(1).map(({ size }, i) => bytes.subarray(steps[i]!.size, size));
  const head = bytes.subarray(0, steps[0]!.size);
  for (const kept of [lines.slice(1), [lines[1]!, lines[0]!], [lines[0]!, lines[0]!]]) {
    writeFileSync(bed.journal, Buffer.concat([head, ...kept]));
    assert.is(await codeOfError(other(bed).read()), 'state.invalid');
  }
});

it('a state with a journal is refused by who does not know of it', async (bed) => {
  await bed.log.record(RECORDS[0]!);
  const text = readFileSync(bed.state, 'utf8');
  assert.equal([JSON.parse(text).version, JSON.parse(text).journal], [2, 'live.journal']);
  assert.throws(
    () => parseState(text, 'copy'),
    (error: { code: string }) => error.code === 'state.no-journal',
  );
  rmSync(bed.journal);
  assert.is(await codeOfError(other(bed).read()), 'state.no-journal');
});

it('the end leaves one state of the version that everybody reads', async (bed) => {
  await recorded(bed);
  await bed.log.record([
    { kind: 'unbind', address: 'x' },
    { kind: 'unbind', address: 'y' },
  ]);
  await bed.log.end();
  assert.not(existsSync(bed.journal));
  assert.is(JSON.parse(readFileSync(bed.state, 'utf8')).version, 1);
  assert.equal(await other(bed).read(), bed.log.current());
});

it('who records once leaves no journal', async (bed) => {
  await bed.log.end();
  const log = openJournal(bed.backend, bed.lock, bed.log.current(), bed.log.current().serial);
  await log.record(RECORDS[0]!);
  assert.not(existsSync(bed.journal));
});

it('left by a crash, it is folded in by the next write, at every point of which the whole is read', async (bed) => {
  await recorded(bed);
  const last = bed.log.current();
  const journal = readFileSync(bed.journal);
  const log = openJournal(other(bed), bed.lock, last, last.serial);
  await log.record({ kind: 'unbind', address: 'x' });
  assert.not(existsSync(bed.journal));
  // It ended before it could take the journal away.
  writeFileSync(bed.journal, journal);
  assert.equal(await other(bed).read(), log.current());
  // The next one has begun another, and ended before that was in its place.
  await log.record({ kind: 'unbind', address: 'y' });
  const begun = readFileSync(bed.journal);
  writeFileSync(bed.journal, journal);
  assert.equal(await other(bed).read(), log.current());
  writeFileSync(bed.journal, begun);
  await log.record(RECORDS[0]!);
  assert.equal(await other(bed).read(), log.current());
});

it('begun before its state was written, it is nothing', async (bed) => {
  const before = readFileSync(bed.state);
  const begun = readFileSync(bed.journal);
  await bed.log.end();
  const folded = readFileSync(bed.state);
  writeFileSync(bed.journal, begun);
  assert.equal(await other(bed).read(), bed.log.current());
  assert.not.equal(before, folded);
});

it('an older state, another one, or none in its place: nobody guesses', async (bed) => {
  const part = readFileSync(bed.state);
  await recorded(bed);
  const whole = readFileSync(bed.state);
  assert.equal(part, whole);
  for (const text of [
    JSON.stringify({ ...START, serial: 1 }),
    JSON.stringify({ ...bed.log.current(), serial: 2 }),
    JSON.stringify({ ...START, serial: 3, lineage: 'other' }),
  ]) {
    writeFileSync(bed.state, text);
    assert.is(await codeOfError(other(bed).read()), 'state.older-than-journal');
  }
  rmSync(bed.state);
  assert.is(await codeOfError(other(bed).read()), 'state.older-than-journal');
  writeFileSync(bed.state, whole);
  assert.equal(await other(bed).read(), bed.log.current());
});

it('each of these errors names a way out that is one', async (bed) => {
  await recorded(bed);
  const hint = () =>
    other(bed)
      .read()
      .then(
        () => 'none',
        (error) => error.hint as string,
      );
  // It names a journal, and is older than that one's beginning.
  const { serial, ...rest } = JSON.parse(readFileSync(bed.state, 'utf8'));
  writeFileSync(bed.state, JSON.stringify({ serial: serial - 1, ...rest }));
  assert.match(await hint(), `move ${bed.state} and ${bed.journal} away, and put back a whole copy`);
  const alone = JSON.stringify({ ...START, serial: 1 });
  writeFileSync(bed.state, alone);
  assert.match(await hint(), `move ${bed.journal} away`);
  assert.not.match(await hint(), `move ${bed.state}`);
  rmSync(bed.journal);
  assert.is((await other(bed).read())?.serial, 1);
});

it('what a holder who was killed has left is made whole by the end of the next one, though nothing changes', async (bed) => {
  for (const record of RECORDS) await bed.log.record(record);
  const left = bed.log.current();
  const next = other(bed);
  const found = await next.read();
  const log = openJournal(next, bed.lock, found!, found!.serial);
  await log.end();
  assert.equal({ ...log.current(), serial: left.serial }, left);
  assert.not.ok(existsSync(bed.journal));
  assert.equal(await next.read(), log.current(), 'the file alone is the state');
  const whole = statSync(bed.state).ino;
  await log.end();
  assert.is(statSync(bed.state).ino, whole, 'nothing is left to be done');
});

it('adds only to the files that it wrote, with the lock, after the serial that it knows', async (bed) => {
  await bed.log.record(RECORDS[0]!);
  appendFileSync(bed.journal, 'x');
  await bed.log.record(RECORDS[1]!);
  assert.equal(await other(bed).read(), bed.log.current(), 'half a line of nobody is dropped');
  const begun = readFileSync(bed.journal);
  truncateSync(bed.journal, 0);
  assert.is(await codeOfError(bed.log.record(RECORDS[2]!)), 'state.no-journal', 'nothing is guessed');
  writeFileSync(bed.journal, begun);
  await bed.log.record(RECORDS[2]!);
  const past = localBackend(bed.folder, 'live');
  const read = (await past.read())!;
  await past.write({ ...read, serial: 50 }, { lock: bed.lock, expectedSerial: read.serial });
  assert.is(await codeOfError(bed.log.record(RECORDS[3]!)), 'state.serial');
  await bed.backend.forceUnlock(bed.lock.holder.id, true);
  assert.is(await codeOfError(bed.log.record(RECORDS[4]!)), 'state.lock-lost');
  assert.is((await past.read())?.serial, 50);
});

it('a fold between the two reads is no older state: both are read again', async (bed) => {
  const at = { state: bed.state, journal: bed.journal };
  const older = readFileSync(bed.state, 'utf8');
  await bed.log.record(RECORDS[0]!);
  let reads = 0;
  const state = await readTogether(at, {
    text(path) {
      reads += 1;
      const text = readFileSync(path, 'utf8');
      // The holder puts another one in its place meanwhile.
      if (reads === 1) {
        writeFileSync(`${bed.state}.new`, `${older} `);
        renameSync(`${bed.state}.new`, bed.state);
      }
      return text;
    },
    bytes: (path) => readFileSync(path),
  });
  assert.is(reads, 2);
  assert.equal(state, await other(bed).read());
});

it('an older part beside a journal that has just begun is told, though nothing is recorded in it yet', async (bed) => {
  await bed.log.record(RECORDS[0]!);
  const older = readFileSync(bed.state);
  const { lineage, serial } = bed.log.current();
  writeFileSync(bed.journal, beginText({ lineage, serial: serial + 5 }));
  assert.is(await codeOfError(other(bed).read()), 'state.older-than-journal');
  writeFileSync(bed.journal, beginText({ lineage: 'another', serial: 1 }));
  writeFileSync(bed.state, older);
  assert.is(await codeOfError(other(bed).read()), 'state.older-than-journal');
});

it('a state that another program has put there is no longer the one that is added to', async (bed) => {
  await bed.log.record(RECORDS[0]!);
  const part = readFileSync(bed.state, 'utf8');
  writeFileSync(`${bed.state}.new`, part.replace('"live"', '"live"  '));
  renameSync(`${bed.state}.new`, bed.state);
  const { ino } = statSync(bed.journal);
  await bed.log.record(RECORDS[1]!);
  assert.is.not(statSync(bed.journal).ino, ino, 'the whole was written');
  writeFileSync(bed.state, JSON.stringify({ ...bed.log.current(), serial: 90 }));
  assert.is(await codeOfError(bed.log.record(RECORDS[2]!)), 'state.serial');
});

it('is private, and follows no link', async (bed) => {
  assert.is(statSync(bed.journal).mode & 0o777, 0o600);
  const target = join(bed.root, 'elsewhere');
  writeFileSync(target, readFileSync(bed.journal));
  rmSync(bed.journal);
  symlinkSync(target, bed.journal);
  const before = readFileSync(target);
  assert.is(await codeOfError(other(bed).read()), 'state.unreadable');
  assert.is(await codeOfError(bed.log.record(RECORDS[0]!)), 'state.unreadable');
  assert.equal(readFileSync(target), before);
});

it('is folded in once it outgrows the state', async (bed) => {
  let folds = 0;
  let before = statSync(bed.state).ino;
  for (let i = 0; i < 2000; i += 1) {
    await bed.log.record({ kind: 'bind', address: `b${i}`, entry: entryFor(`${i}`) });
    const { ino } = statSync(bed.state);
    if (ino !== before) folds += 1;
    before = ino;
  }
  assert.ok(folds > 0 && folds < 8, `${folds} whole writes of 2,000`);
  assert.equal(await other(bed).read(), bed.log.current());
});

it.run();
