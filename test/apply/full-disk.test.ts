/** The state cannot be kept any more, from any write on: what was done is told, and the next apply makes everything once. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lockUnproven } from '../../src/lock/lock.ts';
import { otherSerial, unreachable } from '../../src/state/errors.ts';
import { batch, desired, Scene, STAGING, START, US } from '../support/scene.ts';

const it = suite('full disk');

const BEFORE = desired([batch('a'), batch('b', { fleet: US }), batch('gone', { fleet: STAGING })]);
const AFTER = desired([
  batch('a'),
  batch('b', { fleet: US, executeAt: START + 90_000 }),
  batch('c', { fleet: STAGING, executeAt: START + 7200 }),
  batch('d', { executeAt: START + 5000 }),
  batch('e', { fleet: US, executeAt: START + 5000 }),
]);

function fullDisk(): Error {
  const message = "ENOSPC: no space left on device, write '/disk/state.json'";
  return Object.assign(new Error(message), {
    errno: -28,
    code: 'ENOSPC',
    syscall: 'write',
    path: '/disk/state.json',
  });
}

async function full(from: number) {
  const scene = new Scene();
  await scene.apply(BEFORE);
  scene.events.length = 0;
  let writes = 0;
  scene.disk = () => {
    writes += 1;
    if (writes > from) throw fullDisk();
  };
  return { scene, writes: () => writes };
}

it('is told change by change, and nothing runs twice afterwards', async () => {
  const whole = new Scene();
  await whole.apply(BEFORE);
  await whole.apply(AFTER);
  let told = 0;
  for (let from = 0; ; from += 1) {
    const { scene, writes } = await full(from);
    const result = await scene.apply(AFTER);
    if (writes() <= from) break;
    told += 1;
    const where = `from write ${from} on`;
    const { unknown, skipped } = result!.outcome!;
    assert.ok(unknown + skipped > 0, where);
    const ended = scene.events.flatMap((event) =>
      event.type === 'complete' || event.type === 'failed' || event.type === 'skipped' ? [event.address] : [],
    );
    assert.equal(ended.sort(), ['b', 'c', 'd', 'e', 'gone'], where);
    assert.is(scene.events.at(-1)?.type, 'summary', where);
    const said = JSON.stringify(scene.events);
    assert.match(said, /no space left on device \(ENOSPC, write\)/, where);
    scene.disk = () => {};
    await scene.converge(AFTER);
    assert.equal(scene.live(), whole.live(), where);
  }
  assert.ok(told > 3, String(told));
});

it('nothing more is sent from the moment that a record could not be kept, whatever runs beside it', async () => {
  const many = Array.from({ length: 30 }, (_, i) => batch(`b${i}`, { executeAt: START + 90_000 + i * 700 }));
  const scene = new Scene();
  await scene.apply(desired(many));
  scene.requests.length = 0;
  let sent = -1;
  scene.disk = () => {
    if (sent < 0 && !scene.requests.some(({ method }) => method === 'DELETE')) return;
    if (sent < 0) sent = deletes(scene);
    throw fullDisk();
  };
  await scene.apply(desired([batch('other')]));
  assert.ok(sent > 0);
  // Those that were in flight already, or had their proof.
  assert.ok(deletes(scene) - sent <= 20, `${deletes(scene)} after ${sent}`);
});

function deletes(scene: Scene): number {
  return scene.requests.filter(({ method }) => method === 'DELETE').length;
}

it('a state that is not reached any more, or is another one: told change by change, and thrown besides', async () => {
  const troubles = [
    unreachable('https://state.example.org', 'timed out'),
    lockUnproven('the lock', Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })),
    otherSerial('memory', 8, 7),
  ];
  for (const trouble of troubles) {
    let told = 0;
    for (let from = 1; ; from += 1) {
      const scene = new Scene();
      await scene.apply(BEFORE);
      scene.events.length = 0;
      let writes = 0;
      scene.disk = () => {
        writes += 1;
        if (writes > from) throw trouble;
      };
      const error = await scene.apply(AFTER).then(
        () => null,
        (thrown) => thrown,
      );
      if (writes <= from) break;
      told += 1;
      const where = `${trouble.code}, from write ${from} on`;
      assert.is(error, trouble, where);
      const ended = scene.events.flatMap((event) =>
        event.type === 'complete' || event.type === 'failed' || event.type === 'skipped'
          ? [event.address]
          : [],
      );
      assert.equal(ended.sort(), ['b', 'c', 'd', 'e', 'gone'], where);
      assert.is(scene.events.filter(({ type }) => type === 'summary').length, 1, where);
      assert.is(scene.lockedBy, null, where);
    }
    assert.ok(told > 2, String(told));
  }
});

it.run();
