import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sharedLook } from '../../src/lock/shared-look.ts';

const test = suite('shared look');

/** Looks that end when they are told to. */
function looks() {
  const begun: { end(): void; fail(error: Error): void }[] = [];
  const look = () =>
    new Promise<void>((resolve, reject) => {
      begun.push({ end: resolve, fail: reject });
    });
  return { begun, ask: sharedLook(look) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('one look serves all that asked before it began', async () => {
  const { begun, ask } = looks();
  const first = ask();
  const others = [ask(), ask(), ask()];
  assert.is(begun.length, 1);
  begun[0]!.end();
  await first;
  await settled();
  assert.is(begun.length, 2);
  begun[1]!.end();
  await Promise.all(others);
  await settled();
  assert.is(begun.length, 2);
});

test('a look that has begun is no answer to who asks later', async () => {
  const { begun, ask } = looks();
  const first = ask();
  let isAnswered = false;
  const later = ask().then(() => {
    isAnswered = true;
  });
  begun[0]!.end();
  await first;
  await settled();
  assert.not(isAnswered);
  const last = ask();
  begun[1]!.end();
  await later;
  await settled();
  assert.is(begun.length, 3);
  begun[2]!.end();
  await last;
});

test('a look that fails, fails those who asked for it, and no others', async () => {
  const { begun, ask } = looks();
  const error = new Error('gone');
  const first = ask().catch((reason) => reason);
  const second = ask();
  begun[0]!.fail(error);
  assert.is(await first, error);
  await settled();
  begun[1]!.end();
  await second;
  const third = ask();
  assert.is(begun.length, 3);
  begun[2]!.end();
  await third;
});

test.run();
