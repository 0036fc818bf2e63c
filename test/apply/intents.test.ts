/** What is written down before the first POST: with it, whatever is found later can be told from what was there. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newIntents } from '../../src/apply/intents.ts';
import type { CreateChange } from '../../src/model/plan.ts';
import { hides, is, unfilled } from '../support/answers.ts';
import { batch, desired, EU, foreignBatch, Scene, STAGING, START, US } from '../support/scene.ts';

const it = suite('intents');

const PAIR = [batch('a'), batch('b', { fleet: US })];
const FILE = desired(PAIR);
const SAME = { taskTemplateId: '7', fleetId: EU, executeAt: START + 86_400 };

/** `meanwhile`: between the plan and the intents. */
async function intentsOf(scene: Scene, meanwhile: () => void = () => {}) {
  const plan = await scene.plan(FILE);
  const ctx = await scene.context(FILE);
  meanwhile();
  const creates = plan.changes.filter((one): one is CreateChange => one.action === 'create');
  return newIntents(ctx, creates);
}

it('in order, none of them sent, with what was in sight and may be taken for theirs', async () => {
  const scene = new Scene();
  const near = foreignBatch(scene, { ...SAME, fleetId: STAGING });
  foreignBatch(scene, { ...SAME, executeAt: START + 40_000 });
  scene.now += 600;
  const { intents, appeared } = await intentsOf(scene);
  assert.is(appeared.size, 0);
  assert.equal(
    intents.map(({ address, since, sentAt, servers, seen, newest }) => [
      address,
      since,
      sentAt,
      servers,
      seen,
      newest,
    ]),
    [
      ['a', START + 600, null, 24, [near], START],
      ['b', START + 600, null, 16, [near], START],
    ],
  );
  assert.is(new Set(intents.map(({ id }) => id)).size, 2);
  assert.equal(
    intents.map(({ spec, digest }) => [spec.fleets, digest.length]),
    [
      [[EU], 64],
      [[US], 64],
    ],
  );
});

it('nothing in sight: no newest', async () => {
  const { intents } = await intentsOf(new Scene());
  assert.equal(
    intents.map(({ seen, newest }) => [seen, newest]),
    [
      [[], null],
      [[], null],
    ],
  );
});

it('one that turns up meanwhile, and is it: not made, the others are', async () => {
  const scene = new Scene();
  const { intents, appeared } = await intentsOf(scene, () => foreignBatch(scene, SAME));
  assert.equal(
    intents.map(({ address }) => address),
    ['b'],
  );
  const result = appeared.get('a');
  assert.is(result?.outcome, 'failed');
  const error = (result as { error: { code: string; message: string } }).error;
  assert.is(error.code, 'apply.appeared');
  assert.match(error.message, scene.record.batches[0]!.id);
});

it('one that turns up, without its tasks: it may be it', async () => {
  const scene = new Scene();
  const { appeared } = await intentsOf(scene, () => {
    const id = foreignBatch(scene, SAME);
    scene.answerFor = (request, response) => unfilled(request, response, [id]);
  });
  assert.ok(appeared.has('a'));
});

it('one that turns up and certainly is another: made, and it is not taken for it', async () => {
  const scene = new Scene();
  let theirs = '';
  const { intents, appeared } = await intentsOf(scene, () => {
    theirs = foreignBatch(scene, { ...SAME, taskTemplateId: '9' });
  });
  assert.is(appeared.size, 0);
  for (const { seen } of intents) assert.equal(seen, [theirs]);
});

it('what the plan saw stays seen, whatever this look leaves out', async () => {
  const scene = new Scene();
  const near = foreignBatch(scene, { ...SAME, fleetId: STAGING });
  scene.now += 600;
  const { intents } = await intentsOf(scene, () => {
    scene.answerFor = (request, response) => hides(request, response, [near]);
  });
  for (const { seen, newest } of intents) assert.equal([seen, newest], [[near], START]);
});

it('what this state owns is no stranger', async () => {
  const scene = new Scene();
  await scene.apply(desired([PAIR[0]!]));
  scene.now += 600;
  const { intents, appeared } = await intentsOf(scene);
  assert.is(appeared.size, 0);
  assert.equal(
    intents.map(({ address, seen }) => [address, seen]),
    [['b', scene.state!.entries.a!.batchIds]],
  );
});

it('a list that does not answer fails every create of the apply, and nothing is sent', async () => {
  const scene = new Scene();
  let lists = 0;
  scene.faultFor = (request) =>
    is.batchList(request) && ++lists > 1 ? { when: 'before', kind: 'status', status: 403 } : undefined;
  const result = await scene.apply(FILE);
  assert.equal([result?.outcome?.failed, result?.outcome?.created], [2, 0]);
  assert.is(scene.posts(), 0);
  assert.equal(scene.state?.intents, []);
});

it('as far from its time as a doubt allows, and no further; in the order of the list', async () => {
  const scene = new Scene();
  const at = START + 86_400;
  const made = [301, -300, 300, 0, -301].map((off) =>
    foreignBatch(scene, { ...SAME, executeAt: at + off, fleetId: STAGING }),
  );
  const atOnce = foreignBatch(scene, { ...SAME, executeAt: START, fleetId: STAGING });
  scene.now += 600;
  const { intents } = await intentsOf(scene);
  const expected = new Set([made[1], made[2], made[3]]);
  for (const { seen } of intents) assert.equal(new Set(seen), expected);
  assert.not(expected.has(atOnce), 'it ran before');
});

it.run();
