/** The lock is taken from an apply, at any moment: it stops like at a signal, with that error, and writes nothing more. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lockLost } from '../../src/lock/lock.ts';
import { batch, desired, Scene, STAGING, START, US } from '../support/scene.ts';

const it = suite('lost lock');

const BEFORE = desired([batch('a'), batch('b', { fleet: US }), batch('gone', { fleet: STAGING })]);
const AFTER = desired([
  batch('a'),
  batch('b', { fleet: US, executeAt: START + 90_000 }),
  batch('c', { fleet: STAGING, executeAt: START + 7200 }),
  // Of one turn: the second waits until the first is recorded.
  batch('d', { executeAt: START + 5000 }),
  batch('e', { fleet: US, executeAt: START + 5000 }),
]);

async function stepsOf(scene: Scene): Promise<number> {
  let steps = 0;
  scene.step = () => {
    steps += 1;
  };
  await scene.apply(AFTER);
  return steps;
}

it('stops an apply wherever it stands, and the next one makes everything once', async () => {
  const whole = new Scene();
  await whole.apply(BEFORE);
  const steps = await stepsOf(whole);
  assert.ok(steps > 20);
  for (let at = 1; at < steps; at += 1) {
    const scene = new Scene();
    await scene.apply(BEFORE);
    let seen = 0;
    const writes: number[] = [];
    scene.step = (what) => {
      seen += 1;
      if (what === 'before write') writes.push(seen);
      if (seen === at) scene.lockLoss.abort(lockLost('memory', 'is gone'));
    };
    const error = await scene.apply(AFTER).then(
      () => null,
      (thrown) => thrown,
    );
    assert.is(error?.code, 'state.lock-lost', `at step ${at} of ${steps}: ${error}`);
    assert.ok(
      writes.every((step) => step <= at),
      `at step ${at} of ${steps}: it wrote at ${writes.join(', ')}`,
    );
    scene.step = () => {};
    scene.lockLoss = new AbortController();
    await scene.converge(AFTER);
    assert.equal(scene.live(), whole.live(), `at step ${at} of ${steps}`);
  }
});

it('starts nothing that needs no record first', async () => {
  const fewer = desired([batch('a'), batch('b', { fleet: US })]);
  for (const moment of ['at the approval', 'unnoticed', 'at the first write after it']) {
    const scene = new Scene();
    await scene.apply(BEFORE);
    const before = scene.requests.length;
    const lose = () => scene.lockLoss.abort(lockLost('memory', 'is gone'));
    const approve = async () => {
      if (moment === 'at the approval') lose();
      else if (moment === 'unnoticed') scene.isLockGone = true;
      else scene.step = (what) => void (what.startsWith('before write') && lose());
      return true;
    };
    const error = await scene.apply(fewer, { approve }).catch((thrown) => thrown);
    assert.is(error.code, 'state.lock-lost', moment);
    const sent = scene.requests.slice(before).map(({ method }) => method);
    assert.not(sent.includes('DELETE'), moment);
  }
});

it('in the middle of creates: what is in flight is recorded or stays in doubt, and nothing more is sent', async () => {
  // Five turns at the same time, and one that waits for the first of its turn.
  const file = desired([
    ...[1, 2, 3, 4].map((day) => batch(`day-${day}`, { executeAt: START + day * 86_400 })),
    batch('day-4-us', { fleet: US, executeAt: START + 4 * 86_400 }),
  ]);
  for (const nth of [1, 2, 3, 4]) {
    const scene = new Scene();
    let sent = 0;
    scene.step = (what) => {
      if (what.startsWith('before POST')) sent += 1;
      if (what.startsWith('after POST') && sent >= nth) {
        scene.lockLoss.abort(lockLost('memory', 'is gone'));
      }
    };
    const error = await scene.apply(file).then(
      () => null,
      (thrown) => thrown,
    );
    assert.is(error?.code, 'state.lock-lost');
    const { writes } = scene;
    const posts = scene.posts();
    assert.ok(posts <= 4, 'the one that waits for its turn is not sent');
    assert.is(scene.record.batches.length, posts, 'what was in flight has finished');
    assert.ok(scene.state!.intents.length > 0, 'and stays in doubt');
    const told = scene.events.filter(({ type }) => /^(complete|failed|skipped)$/.test(type));
    assert.is(told.length, 5, 'what became of each is told');
    assert.is(scene.events.at(-1)?.type, 'summary');
    scene.pass(300);
    assert.equal([scene.posts(), scene.writes], [posts, writes]);
    scene.step = () => {};
    scene.lockLoss = new AbortController();
    await scene.converge(file);
    assert.is(scene.record.batches.length, 5, `lost after POST ${nth}`);
    assert.is(scene.posts(), 5);
  }
});

it('ends a wait for what is in doubt at once', async () => {
  const scene = new Scene();
  scene.faultFor = ({ method }) => (method === 'POST' ? { when: 'before', kind: '504-error' } : undefined);
  scene.in(5, () => scene.lockLoss.abort(lockLost('memory', 'is gone')));
  const error = await scene.apply(desired([batch('a')])).then(
    () => null,
    (thrown) => thrown,
  );
  assert.is(error?.code, 'state.lock-lost');
  assert.ok(scene.now - START < 15, `${scene.now - START} s`);
  assert.is(scene.state?.intents.length, 1);
  scene.faultFor = () => undefined;
  scene.lockLoss = new AbortController();
  await scene.converge(desired([batch('a')]));
  assert.is(scene.record.batches.length, 1);
});

it('gone, and not noticed yet: every request that writes asks for the proof', async () => {
  for (const method of ['POST', 'DELETE', 'PUT'] as const) {
    const scene = new Scene();
    const file = (fields: object) => desired([batch('a', fields)]);
    if (method !== 'POST') await scene.apply(file({}));
    const before = scene.requests.filter((request) => request.method === method).length;
    let isNear = false;
    scene.step = (what) => {
      const isIntended = (scene.state?.intents.length ?? 0) > 0;
      // The last thing before the first request that writes.
      if (what === 'after write') isNear = method !== 'POST' || isIntended;
      if (/^before GET .*taskBatch\/\d+$/.test(what) && method === 'PUT') isNear = true;
    };
    scene.proof = () => {
      if (isNear) throw lockLost('memory', 'is gone');
    };
    const changes = { POST: {}, DELETE: { executeAt: START + 90_000 }, PUT: { paused: true } };
    const error = await scene.apply(file(changes[method])).then(
      () => null,
      (thrown) => thrown,
    );
    assert.is(error?.code, 'state.lock-lost', method);
    assert.is(scene.requests.filter((request) => request.method === method).length, before, method);
    scene.proof = () => {};
    scene.step = () => {};
    await scene.converge(file(changes[method]));
    assert.is(scene.live().length, 1);
  }
});

it('nothing is cancelled or toggled without it', async () => {
  for (const method of ['DELETE', 'PUT'] as const) {
    const scene = new Scene();
    const file = (fields: object) => desired([batch('a', fields)]);
    await scene.apply(file({}));
    scene.step = (what) => {
      if (what.startsWith('before POST')) throw new Error('a create');
      if (what.startsWith(`after ${method}`)) scene.lockLoss.abort(lockLost('memory', 'is gone'));
    };
    const fields = method === 'PUT' ? { paused: true } : { executeAt: START + 90_000 };
    const error = await scene.apply(file(fields)).then(
      () => null,
      (thrown) => thrown,
    );
    assert.is(error?.code, 'state.lock-lost', method);
    const sent = scene.requests.filter((request) => request.method === method).length;
    assert.ok(sent <= 10, `${sent} were in flight at the most, of 24`);
    scene.step = () => {};
    scene.lockLoss = new AbortController();
    await scene.converge(file(fields));
    assert.is(scene.live().length, 1);
  }
});

it.run();
