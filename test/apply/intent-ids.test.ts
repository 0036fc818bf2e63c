/** What a caller's `newId` may give: nothing is created under an id that is none, or that another one has. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { intentIds } from '../../src/apply/intent-ids.ts';
import { batch, desired, Scene, US } from '../support/scene.ts';

const it = suite('new ids');

const PAIR = desired([batch('a'), batch('b', { fleet: US })]);

/** Gives these in turn, and the last one for ever. */
function given(...ids: readonly unknown[]): () => string {
  let next = 0;
  return () => ids[Math.min(next++, ids.length - 1)] as string;
}

async function codeOf(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return null;
}

for (const none of ['', undefined, null, 7, {}]) {
  it(`a first state has a lineage, or is not written: ${JSON.stringify(none)}`, async () => {
    const scene = new Scene();
    assert.is(await codeOf(() => scene.apply(PAIR, { newId: given(none) })), 'state.no-lineage');
    assert.is(scene.state, null);
    assert.is(scene.posts(), 0);
  });

  it(`an intent has an id, or is not sent: ${JSON.stringify(none)}`, async () => {
    const scene = new Scene();
    assert.is(await codeOf(() => scene.apply(PAIR, { newId: given('lineage', none) })), 'apply.no-new-id');
    assert.is(scene.posts(), 0);
    assert.equal(scene.state?.intents ?? [], []);
    assert.is((await scene.apply(PAIR))?.outcome?.created, 2);
  });
}

it('two intents have two ids', async () => {
  const scene = new Scene();
  assert.is(await codeOf(() => scene.apply(PAIR, { newId: given('lineage', 'same') })), 'apply.no-new-id');
  assert.is(scene.posts(), 0);
  assert.is((await scene.apply(PAIR, { newId: given('lineage', 'one', 'two') }))?.outcome?.created, 2);
});

it('nor is it that of one that an earlier apply has left behind', async () => {
  const next = intentIds(given('new', 'left'), ['left']);
  assert.is(next(), 'new');
  assert.is(await codeOf(next), 'apply.no-new-id');
});

it.run();
