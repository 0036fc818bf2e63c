/** What goes out beside a create in doubt: never so much that the list of batches no longer reaches back to it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Room } from '../../src/apply/room.ts';
import { is } from '../support/answers.ts';
import { batch, desired, EU, foreignBatch, Scene, START } from '../support/scene.ts';
import { randomFrom } from '../support/schedules/random.ts';

const it = suite('room');
const NEVER = new AbortController().signal;
const SEEDS = [1, 2, 3];
console.log(`room: seeds ${SEEDS.join(', ')}`);

function send(room: Room, id: string, hasBefore = true): void {
  assert.ok(room.enter(id, hasBefore), id);
}

async function isFree(room: Room, stop = NEVER): Promise<boolean> {
  let isIn = false;
  void room.free(stop).then(() => {
    isIn = true;
  });
  await new Promise((done) => setImmediate(done));
  return isIn;
}

it('so many may go out after what one follows, and the next when that one is over', async () => {
  for (const [hasBefore, most] of [
    [true, 95],
    [false, 70],
  ] as const) {
    const room = new Room();
    send(room, 'a', hasBefore);
    for (let i = 1; i < most; i += 1) {
      assert.ok(await isFree(room), `${i}`);
      send(room, `b${i}`);
      room.over(`b${i}`);
    }
    assert.not.ok(await isFree(room));
    assert.not.ok(room.enter('late', true), 'one that was let in before');
    const waiting = room.free(NEVER);
    room.over('a');
    await waiting;
  }
});

it('what was out when it went counts as well: it may come after what it follows', async () => {
  const room = new Room();
  for (let i = 0; i < 60; i += 1) send(room, `before${i}`);
  send(room, 'a');
  for (let i = 0; i < 60; i += 1) room.over(`before${i}`);
  for (let i = 0; i < 34; i += 1) {
    assert.ok(await isFree(room), `${i}`);
    send(room, `after${i}`);
    room.over(`after${i}`);
  }
  assert.not.ok(await isFree(room));
});

it('a stop ends the wait, and who is no longer out keeps nobody', async () => {
  const room = new Room();
  send(room, 'a', false);
  for (let i = 0; i < 69; i += 1) send(room, `b${i}`);
  const stop = new AbortController();
  const waiting = room.free(stop.signal);
  stop.abort();
  await waiting;
  assert.not.ok(await isFree(room));
  room.over('a');
  assert.ok(await isFree(room), 'beside the others there is more room');
});

const MANY = Array.from({ length: 300 }, (_, i) =>
  batch(`b${String(i).padStart(3, '0')}`, { executeAt: START + 50_000 + i * 700 }),
);

for (const [what, isOld] of [
  ['an account that was empty', false],
  ['one with batches', true],
] as const) {
  it(`of 300 creates for ${what}, whichever is dropped is made by the same apply`, async () => {
    for (const dropped of [1, 5, 11, 150, 299]) {
      const scene = new Scene();
      if (isOld) {
        for (let i = 0; i < 70; i += 1)
          foreignBatch(scene, { taskTemplateId: '9', fleetId: EU, executeAt: START + 9000 });
        scene.now += 1;
      }
      const before = scene.record.batches.length;
      let posts = 0;
      scene.faultFor = (request) => {
        if (!is.create(request)) return undefined;
        posts += 1;
        return posts === dropped ? { when: 'before', kind: 'reset' } : undefined;
      };
      const result = await scene.apply(desired(MANY));
      assert.is(result?.outcome?.created, 300, `${dropped}: ${JSON.stringify(result?.outcome)}`);
      assert.is(scene.posts(), 301);
      assert.is(scene.record.batches.length - before, 300);
      assert.equal(scene.state?.intents, []);
    }
  });
}

it('where every fifth answer is lost, all is made once, and nobody waits for ever', async () => {
  for (const seed of SEEDS) {
    const random = randomFrom(seed);
    const scene = new Scene();
    scene.faultFor = (request) => {
      if (!is.create(request) || random() > 0.2) return undefined;
      const kind = random();
      if (kind < 0.3) return { when: 'before', kind: 'reset' };
      if (kind < 0.6) return { when: 'after', kind: 'reset' };
      if (kind < 0.8) return { when: 'after', kind: 'status', status: 504 };
      return { when: 'before', kind: 'status', status: 503 };
    };
    const result = await scene.apply(desired(MANY.slice(0, 200)));
    scene.faultFor = () => undefined;
    await scene.converge(desired(MANY.slice(0, 200)));
    assert.is(scene.record.batches.length, 200, `seed ${seed}: ${JSON.stringify(result?.outcome)}`);
    assert.equal(scene.state?.intents, []);
  }
});

it.run();
