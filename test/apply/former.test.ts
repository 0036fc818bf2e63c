/** What an apply has replaced or cancelled is nobody else's twin; a real one is told, with and without a record. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { batch, desired, Scene } from '../support/scene.ts';

const it = suite('former batches');

const once = (revision: number) =>
  desired([batch('logs', { template: { name: 'Collect logs' }, executeAt: null, revision })]);

async function twinsIn(scene: Scene, revision: number): Promise<string[]> {
  const { diagnostics } = await scene.plan(once(revision));
  return diagnostics.flatMap(({ code, message }) => (code === 'plan.twin' ? message : []));
}

for (const [what, seconds] of [
  ['waits', 0],
  ['runs', 40],
  ['has run', 250],
] as const) {
  it(`replaced while it ${what}: never told, not when all is over either`, async () => {
    const scene = new Scene();
    for (const revision of [1, 2, 3]) {
      await scene.apply(once(revision));
      scene.pass(seconds);
      assert.equal(await twinsIn(scene, revision), []);
      assert.equal(await twinsIn(scene, revision + 1), []);
    }
    scene.pass(90_000);
    assert.equal(await twinsIn(scene, 3), []);
    assert.is(scene.state?.former?.length, 2);
  });
}

it('cancelled, and asked for again', async () => {
  const scene = new Scene();
  await scene.apply(once(1));
  scene.pass(40);
  await scene.apply(desired([]), { scope: { allowEmpty: true } });
  await scene.apply(once(1));
  assert.equal(await twinsIn(scene, 1), []);
});

it('a real twin is told, with the record, with an older one and without any', async () => {
  const scene = new Scene();
  await scene.apply(once(1));
  const older = scene.state;
  await scene.apply(once(2));
  const colleague = new Scene({ record: scene.record });
  await colleague.apply(once(2), { scope: { assumeMissing: true } });
  const id = Object.values(colleague.state!.entries)[0]!.batchIds[0]!;
  for (const state of [scene.state, older, null]) {
    scene.state = state;
    const { diagnostics } = await scene.plan(once(2));
    assert.ok(
      diagnostics.some(({ message }) => message.includes(id)),
      `serial ${state?.serial}`,
    );
  }
});

it("without a record, what was cancelled to the last task is nobody's twin", async () => {
  const scene = new Scene();
  await scene.apply(once(1));
  await scene.apply(once(2));
  scene.state = { ...scene.state!, former: [] };
  assert.equal(await twinsIn(scene, 2), []);
});

it.run();
