/**
 * What an apply costs the place that keeps its state, and that a crash loses nothing where its records are appended: the
 * crash sweep, with each record through the text of a journal.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { batch, Crash, desired, Scene, STAGING, START, US } from '../support/scene.ts';

const it = suite('records of an apply');

const BEFORE = desired([batch('kept'), batch('moved', { fleet: US }), batch('removed', { fleet: STAGING })]);
const AFTER = desired([
  batch('kept', { paused: true }),
  batch('moved', { fleet: US, executeAt: START + 90_000 }),
  batch('new-eu', { executeAt: START + 50_000 }),
  batch('new-us', { fleet: US, executeAt: START + 50_000 }),
  batch('once', { fleet: STAGING, template: { name: 'Collect logs' }, executeAt: null, revision: 1 }),
]);

async function run(crashAt: number, appends = true): Promise<{ scene: Scene; steps: number }> {
  const scene = new Scene();
  scene.appends = appends;
  await scene.apply(BEFORE);
  let steps = 0;
  scene.step = () => {
    if (steps++ === crashAt) throw new Crash();
  };
  await scene.apply(AFTER);
  scene.step = () => {};
  await scene.converge(AFTER);
  return { scene, steps };
}

it('killed before and after every call and every record: nothing twice, nothing lost', async () => {
  const undisturbed = await run(Number.POSITIVE_INFINITY);
  const expected = undisturbed.scene.live();
  for (let crashAt = 0; crashAt < undisturbed.steps; crashAt += 1) {
    const { scene } = await run(crashAt);
    assert.equal(scene.live(), expected, `killed at moment ${crashAt}`);
    assert.equal(scene.state?.intents, []);
    assert.not.ok(scene.isAppendedTo, `killed at moment ${crashAt}: the state is whole again`);
  }
});

it('the state is the same, however it is kept', async () => {
  const states = [];
  for (const appends of [true, false]) {
    const scene = new Scene();
    scene.appends = appends;
    await scene.apply(BEFORE);
    await scene.apply(AFTER);
    states.push({ ...scene.state!, serial: 0 });
  }
  assert.equal(states[0], states[1]);
});

it('killed with more creates than the list shows: what was not about to be sent is in no doubt', async () => {
  const many = Array.from({ length: 160 }, (_, i) =>
    batch(`b${String(i).padStart(3, '0')}`, { executeAt: START + 50_000 + i * 600 }),
  );
  for (const posts of [5, 90, 130]) {
    const scene = new Scene();
    scene.appends = true;
    scene.step = () => {
      if (scene.posts() === posts) throw new Crash();
    };
    await scene.apply(desired(many));
    const inDoubt = scene.state!.intents.filter(({ sentAt }) => sentAt !== null).length;
    assert.ok(inDoubt < 60, `${inDoubt} in doubt after ${posts} requests`);
    scene.step = () => {};
    await scene.converge(desired(many));
    assert.is(scene.posts(), many.length, `none is made twice after ${posts}`);
    assert.is(scene.live().length, many.length);
  }
});

const TURNS = [
  { what: 'one turn of', gap: 1, from: START + 600, writes: (count: number) => count + 2 },
  {
    what: 'as many turns as',
    gap: 600,
    from: START + 50_000,
    writes: (count: number) => 3 + Math.ceil(count / 5),
  },
];

for (const { what, gap, from, writes } of TURNS) {
  it(`${what} creates: of so many records two are whole, or all where nothing is appended`, async () => {
    for (const count of [2, 5, 20]) {
      for (const appends of [true, false]) {
        const scene = new Scene();
        scene.appends = appends;
        const batches = Array.from({ length: count }, (_, i) =>
          batch(`b${i}`, { executeAt: from + i * gap }),
        );
        await scene.apply(desired(batches));
        assert.is(scene.posts(), count);
        const told = `${count} creates, ${scene.whole} of ${scene.writes}`;
        assert.ok(scene.writes <= writes(count) + 2, told);
        assert.is(scene.whole, appends ? 2 : scene.writes, told);
      }
    }
  });
}

it.run();
