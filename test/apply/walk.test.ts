/** As wide as the client needs and no wider, in order; waits hold nobody up; nothing runs on behind a failure. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ApplyContext } from '../../src/apply/context.ts';
import { walk } from '../../src/apply/walk.ts';

const it = suite('walk');

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

/** `wait` lasts until `wake` is called. */
function stage(parallelism: number) {
  const waits: (() => void)[] = [];
  const wait = () => new Promise<void>((resolve) => waits.push(resolve));
  const ctx = { api: { parallelism }, sleep: wait, journal: { record: wait } } as unknown as ApplyContext;
  const wake = () => {
    for (const resolve of waits.splice(0)) resolve();
  };
  return { ctx, wake };
}

const NUMBERS = Array.from({ length: 50 }, (_, i) => i);

it('results are in the order of the items, and so many steps are open at most', async () => {
  let open = 0;
  let most = 0;
  const results = await walk(stage(3).ctx, NUMBERS, async (_, n) => {
    most = Math.max(most, ++open);
    for (let i = 0; i < (n * 7) % 5; i += 1) await tick();
    open -= 1;
    return n * 2;
  });
  assert.equal(
    results,
    NUMBERS.map((n) => n * 2),
  );
  assert.is(most, 6);
  assert.equal(await walk(stage(3).ctx, [], async () => 1), []);
});

it('a step that waits for the end of a doubt lends its lane, and takes it back', async () => {
  for (const how of ['sleep', 'within a walk of its own'] as const) {
    const { ctx, wake } = stage(1);
    const begun: number[] = [];
    let busy = 0;
    let most = 0;
    const all = walk(ctx, NUMBERS, async (own, n) => {
      begun.push(n);
      if (how === 'sleep') await own.sleep(1);
      else await walk(own, [1, 2], (inner) => inner.sleep(1));
      most = Math.max(most, ++busy);
      await tick();
      await tick();
      busy -= 1;
    });
    await tick();
    assert.equal(begun, NUMBERS, `${how}: nobody waits for a wait`);
    wake();
    await all;
    assert.is(most, 50, how);
  }
});

it('records that nothing is sent on the strength of wait beside others, but few; the rest keep their lanes', async () => {
  for (const [when, expected] of [
    ['soon', 24 + 2],
    ['at-once', 2],
  ] as const) {
    const { ctx, wake } = stage(1);
    const begun: number[] = [];
    const all = walk(ctx, NUMBERS, async (own, n) => {
      begun.push(n);
      await own.journal.record([], when);
    });
    await tick();
    assert.is(begun.length, expected, when);
    for (let rounds = 0; begun.length < NUMBERS.length && rounds < 100; rounds += 1) {
      wake();
      await tick();
    }
    wake();
    await all;
    assert.equal(begun, NUMBERS, when);
  }
});

it('what is back from its wait is awaited before anything else begins', async () => {
  const { ctx, wake } = stage(1);
  const gates: (() => void)[] = [];
  const begun: number[] = [];
  const all = walk(ctx, NUMBERS.slice(0, 6), async (own, n) => {
    begun.push(n);
    if (n < 2) await own.sleep(1);
    await new Promise<void>((resolve) => gates.push(resolve));
  });
  await tick();
  assert.equal(begun, [0, 1, 2, 3]);
  wake();
  await tick();
  gates.shift()!();
  gates.shift()!();
  await tick();
  assert.equal(begun, [0, 1, 2, 3], 'two lanes, and both are taken');
  for (let i = 0; i < 6; i += 1) {
    for (const open of gates.splice(0)) open();
    await tick();
  }
  await all;
  assert.is(begun.length, 6);
});

it('after a failure nothing begins, and what runs is awaited', async () => {
  let running = 0;
  const begun: number[] = [];
  const error = await walk(stage(2).ctx, NUMBERS, async (_, n) => {
    begun.push(n);
    running += 1;
    for (let i = 0; i < n * 3; i += 1) await tick();
    running -= 1;
    if (n === 1) throw new Error('no space');
  }).catch((thrown) => thrown);
  assert.is(error.message, 'no space');
  assert.is(running, 0);
  assert.ok(begun.length < 7, String(begun));
});

it.run();
