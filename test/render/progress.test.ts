import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ApplyEvent } from '../../src/model/apply-events.ts';
import { painter } from '../../src/render/color.ts';
import { completeText } from '../../src/render/event-text.ts';
import { createProgress, type ProgressOptions } from '../../src/render/progress.ts';
import { plainLines } from '../../src/render/progress-plain.ts';
import { progressRows } from '../../src/render/progress-rows.ts';
import { applySummary } from '../../src/render/summary.ts';
import { assertHarmless, matchesGolden } from './golden.ts';
import { HOSTILE, tasks } from './plans.ts';

const test = suite('render progress');

const start = (address: string): ApplyEvent => ({ type: 'start', address, action: 'create', batchIds: [] });
const complete = (address: string): ApplyEvent => ({
  type: 'complete',
  address,
  action: 'create',
  batchIds: ['41'],
  seconds: 3,
});
const failed = (address: string, message = 'no'): ApplyEvent => ({
  type: 'failed',
  address,
  action: 'create',
  error: { code: 'api.server', message, hint: 'Try again.' },
  unknown: true,
});
const cancelling = (done: number, total = 40): ApplyEvent => ({
  type: 'progress',
  address: 'old',
  action: 'cancel',
  done,
  total,
});
const batch = (id: number, done: number, wrong = 0): ApplyEvent => ({
  type: 'batch',
  address: `nightly[${id}]`,
  batchId: String(id),
  phase: done < 40 ? 'running' : wrong > 0 ? 'failed' : 'done',
  counts: tasks({ pending: 40 - done, done: done - wrong, failed: wrong }),
  total: 40,
});
const SUMMARY: Extract<ApplyEvent, { type: 'summary' }> = {
  type: 'summary',
  created: 2,
  replaced: 1,
  cancelled: 1,
  updated: 0,
  adopted: 1,
  moved: 0,
  forgotten: 3,
  failed: 0,
  unknown: 0,
  skipped: 0,
  interrupted: false,
};

const STORY: readonly ApplyEvent[] = [
  {
    type: 'planned',
    changes: [
      { address: 'old', action: 'cancel', tasks: 40 },
      { address: 'hotfix', action: 'create' },
    ],
  },
  { type: 'start', address: 'old', action: 'cancel', batchIds: ['39'] },
  ...Array.from({ length: 41 }, (_, done) => cancelling(done)),
  { type: 'complete', address: 'old', action: 'cancel', batchIds: ['39'], seconds: 75 },
  start('hotfix'),
  { type: 'waiting', reason: 'the API asks to slow down', seconds: 12 },
  { type: 'waiting', address: 'hotfix', reason: 'looking for the new batch', seconds: 2 },
  complete('hotfix'),
  failed('other', 'the API answered 502'),
  {
    type: 'skipped',
    address: 'late',
    action: 'create',
    reason: 'waits for the outcome of other',
  },
  { type: 'note', message: 'the inventory did not answer' },
  ...[0, 1, 3, 4, 20, 30, 39, 40].map((done) => batch(41, done, done > 20 ? 2 : 0)),
  batch(42, 40),
  SUMMARY,
];

/** A clock that is asked, and is a second further. */
function everySecond(): () => number {
  let now = 0;
  return () => {
    now += 1000;
    return now;
  };
}

class FakeStream {
  text = '';
  writes = 0;
  rows = 40;
  writableLength = 0;
  write(text: string): boolean {
    this.text += text;
    this.writes += 1;
    return true;
  }
}

function progressOn(stream: FakeStream, options: Partial<ProgressOptions> = {}) {
  return createProgress({
    stream,
    isTTY: true,
    ci: false,
    color: false,
    quiet: false,
    width: 80,
    now: everySecond(),
    ...options,
  });
}

test('plain lines, one per event that matters', () => {
  const linesOf = plainLines({ color: false, quiet: false, now: everySecond() });
  matchesGolden('progress-plain', `${STORY.flatMap(linesOf).join('\n')}\n`);
});

test('plain lines: at most one per tenth, however many events', () => {
  const linesOf = plainLines({ color: false, quiet: false, now: everySecond() });
  const lines = Array.from({ length: 5001 }, (_, done) => linesOf(cancelling(done, 5000))).flat();
  assert.is(lines.length, 9);
});

test('plain lines: what takes less than ten seconds begins and ends, longer work has a line every ten', () => {
  let now = 0;
  const linesOf = plainLines({ color: false, quiet: false, now: () => now });
  const run = (msPerTask: number) => {
    const begin: ApplyEvent = { type: 'start', address: 'old', action: 'cancel', batchIds: ['39'] };
    const events = [begin, ...Array.from({ length: 24 }, (_, done) => cancelling(done + 1, 24))];
    return events.flatMap((event) => {
      now += msPerTask;
      return linesOf(event);
    });
  };
  assert.equal(run(400), ['old: cancelling (batch 39)']);
  assert.equal(run(1000), [
    'old: cancelling (batch 39)',
    'old: cancelling, 10/24 (41 %)',
    'old: cancelling, 20/24 (83 %)',
  ]);
});

test('plain lines: a batch that is waited for says its phases at once, and how far it is every ten seconds', () => {
  let now = 0;
  const linesOf = plainLines({ color: false, quiet: false, now: () => now });
  const lines = Array.from({ length: 21 }, (_, n) => {
    now += 1000;
    return linesOf(batch(1, n * 2));
  }).flat();
  assert.equal(
    lines.map((line) => line.replace(/^.*: /, '')),
    ['running, 0/40 (0 %)', 'running, 20/40 (50 %)', 'done, 40/40 (100 %)'],
  );
});

test('the last rows on a terminal have no bar of what is through, and every change that failed is named', async () => {
  const stream = new FakeStream();
  const progress = progressOn(stream);
  for (let n = 0; n < 40; n += 1) {
    progress.emit(start(`c${n}`));
    progress.emit(n % 4 === 3 ? complete(`c${n}`) : failed(`c${n}`));
  }
  await progress.end();
  const named = stream.text.match(/c\d+: unknown: .*Try again\.\n/g) ?? [];
  assert.is(named.length, 30);
  assert.match(stream.text, / {2}and 25 more: /);
  assert.not.match(stream.text.slice(stream.text.lastIndexOf('and 25 more') - 12), /[█░]/);
});

test('quiet: failures only', () => {
  const linesOf = plainLines({ color: false, quiet: true, now: everySecond() });
  assert.equal(STORY.flatMap(linesOf), [
    'other: unknown: the API answered 502 (it may have happened anyway). Try again.',
  ]);
});

test('a message that ends like a sentence is gone on with, and has one full stop', () => {
  const error = { code: 'x', message: 'it was interrupted before that was clear.', hint: 'Apply again.' };
  const linesOf = plainLines({ color: false, quiet: false, now: everySecond() });
  const failed = { type: 'failed', address: 'a', action: 'create', error } as const;
  assert.equal(linesOf({ ...failed, unknown: true }), [
    'a: unknown: it was interrupted before that was clear (it may have happened anyway). Apply again.',
  ]);
  assert.equal(linesOf({ ...failed, unknown: false }), [
    'a: failed: it was interrupted before that was clear. Apply again.',
  ]);
});

test('a terminal that does not read gets no frame on top of the last one, and the end all the same', async () => {
  const stream = new FakeStream();
  const progress = progressOn(stream);
  stream.writableLength = 1;
  progress.emit(start('a'));
  progress.emit(start('b'));
  await new Promise((done) => setTimeout(done, 450));
  const unread = stream.text;
  await progress.end();
  assert.not.match(unread, /creating/);
  assert.match(stream.text, /a +creating/);
  assert.match(stream.text, /b +creating/);
});

test('no terminal, CI and quiet get plain lines', async () => {
  for (const options of [{ isTTY: false }, { ci: true }]) {
    const stream = new FakeStream();
    const progress = progressOn(stream, options);
    progress.emit(start('a'));
    assert.is(stream.text, 'a: creating\n');
    await progress.end();
  }
  const stream = new FakeStream();
  const progress = progressOn(stream, { quiet: true });
  progress.emit(start('a'));
  await progress.end();
  assert.is(stream.text, '');
});

test('on a terminal: rows, then what they had no room for', async () => {
  const stream = new FakeStream();
  const progress = progressOn(stream);
  for (const event of STORY) progress.emit(event);
  await progress.end();
  const text = stream.text;
  assert.match(text, /✔ old +cancelled, batch 39, after 1 min 15 s/);
  assert.match(text, /✖ other +unknown: the API answered 502/);
  assert.match(text, /✖ nightly\[41\] \(batch 41\) +█{10} 40\/40 failed, 2 failed/);
  assert.match(text, /other: unknown: the API answered 502 \(it may have happened anyway\)\. Try again\.\n/);
  assert.match(text, /the inventory did not answer\n/);
  assert.ok(text.lastIndexOf('\x1b[?25h') > text.lastIndexOf('\x1b[?25l'), 'the cursor is back');
});

test('5,000 events are few writes', async () => {
  const stream = new FakeStream();
  const progress = progressOn(stream);
  for (let n = 0; n < 5000; n += 1) progress.emit(batch(n % 200, n % 40));
  await progress.end();
  assert.ok(stream.writes < 60, `${stream.writes} writes`);
});

test('without an event nothing is written', async () => {
  const stream = new FakeStream();
  await progressOn(stream).end();
  assert.is(stream.text, '');
});

test('a broken stream breaks nothing', async () => {
  for (const isTTY of [true, false]) {
    const stream = {
      write: () => {
        throw new Error('EPIPE');
      },
    };
    const progress = createProgress({
      stream,
      isTTY,
      ci: false,
      color: true,
      quiet: false,
      width: 80,
      now: everySecond(),
    });
    for (const event of STORY) progress.emit(event);
    await progress.end();
  }
});

test('rows: few have a line, and it goes to one that moves', () => {
  const rows = progressRows({ limit: 3, width: 70, paint: painter(false) });
  for (let n = 0; n < 6; n += 1) rows.take(batch(n, 10));
  rows.lines('*');
  rows.take(batch(1, 40, 2));
  assert.equal(rows.lines('*'), [
    '* nightly[0] (batch 0)  ███░░░░░░░ 10/40 running',
    '* nightly[3] (batch 3)  ███░░░░░░░ 10/40 running',
    '* nightly[2] (batch 2)  ███░░░░░░░ 10/40 running',
    '  ███░░░░░░░ and 3 more: 0 done, 1 failed or skipped, 2 under way',
  ]);
  assert.equal(rows.remarks(), ['nightly[1] (batch 1): failed, 2 failed']);
});

test('hostile text stays on its line', async () => {
  const story: ApplyEvent[] = [
    start(HOSTILE),
    { type: 'progress', address: HOSTILE, action: 'cancel', done: 20, total: 40, note: HOSTILE },
    { type: 'waiting', address: HOSTILE, reason: HOSTILE, seconds: 1 },
    { type: 'waiting', reason: HOSTILE, seconds: 1 },
    failed(HOSTILE, HOSTILE),
    { type: 'skipped', address: `${HOSTILE}2`, action: 'create', reason: HOSTILE },
    { type: 'note', message: HOSTILE },
  ];
  for (const line of story.flatMap(plainLines({ color: false, quiet: false, now: everySecond() }))) {
    assert.not.match(line, /\n/);
    assertHarmless(line);
  }
  const rows = progressRows({ limit: 5, width: 70, paint: painter(false) });
  for (const event of story) {
    rows.take(event);
    for (const line of [...rows.lines('*'), ...rows.remarks()]) {
      assert.not.match(line, /\n/);
      assertHarmless(line);
    }
  }
});

test('the closing line of an apply', () => {
  assert.is(
    applySummary(SUMMARY),
    'Apply complete: 2 created, 1 replaced, 1 cancelled, 0 updated, 1 adopted, 3 forgotten.',
  );
  assert.is(
    applySummary({ ...SUMMARY, failed: 1, unknown: 1 }),
    'Apply incomplete: 2 created, 1 replaced, 1 cancelled, 0 updated, 1 adopted, 3 forgotten, 1 failed, 1 unknown.',
  );
  assert.match(
    applySummary(SUMMARY, 'destroy', 2),
    /^Destroy complete: .*, 2 skipped by a freeze, 3 forgotten\.$/,
  );
  assert.match(applySummary({ ...SUMMARY, unknown: 1 }, 'destroy'), /^Destroy incomplete: /);
  assert.match(applySummary({ ...SUMMARY, skipped: 2 }), /^Apply incomplete: .*, 2 skipped\.$/);
  assert.match(applySummary({ ...SUMMARY, interrupted: true }), /^Apply incomplete: /);
});

test('what took no time that a clock of whole seconds could tell says none', () => {
  const text = (seconds: number) =>
    completeText({ type: 'complete', address: 'a', action: 'create', batchIds: ['1'], seconds });
  assert.equal([0, 0.5, 1, 2].map(text), [
    'created, batch 1',
    'created, batch 1',
    'created, batch 1',
    'created, batch 1, after 2 s',
  ]);
});

test.run();
