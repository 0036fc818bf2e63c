/** What a person says is bound, and what that settles. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Desired } from '../../src/model/desired.ts';
import type { FleetformError } from '../../src/model/errors.ts';
import type { State } from '../../src/model/state.ts';
import { batch, Crash, desired, EU, foreignBatch, Scene, START, US } from '../support/scene.ts';

const it = suite('import');
const FILE = desired([batch('a')]);
/** What `a` asks for. */
const BODY = { taskTemplateId: '7', fleetId: EU, executeAt: START + 86_400 };

async function applied(): Promise<{ scene: Scene; id: string }> {
  const scene = new Scene();
  await scene.apply(FILE);
  return { scene, id: scene.record.batches[0]!.id };
}

async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error) => error.code,
  );
}

it('what is found is bound, as a person said it, also without a state', async () => {
  const { scene, id } = await applied();
  scene.state = null;
  assert.equal((await scene.import(FILE, 'a', [id])).released, []);
  const { batchIds, imported } = scene.state!.entries.a!;
  assert.equal([batchIds, imported], [[id], true]);
  assert.is(await scene.converge(FILE), 1);
  assert.is(scene.posts(), 1);
});

it('what is somebody else’s address, batch or record is refused, and nothing is recorded', async () => {
  const { scene, id } = await applied();
  const other = foreignBatch(scene, { taskTemplateId: '9', fleetId: US, executeAt: START + 86_400 });
  const two = desired([batch('a'), batch('b', { fleet: US })]);
  const before = scene.state;
  assert.is(await refusal(scene.import(FILE, 'x', [id])), 'import.unknown-address');
  assert.is(await refusal(scene.import(two, 'b', [id], true)), 'import.owned');
  assert.is(await refusal(scene.import(FILE, 'a', [other])), 'import.bound');
  assert.is(await refusal(scene.import(two, 'b', [other])), 'import.unlike');
  assert.is(await refusal(scene.import(two, 'b', ['99999'])), 'import.no-such-batch');
  assert.is(await refusal(scene.import(FILE, 'a', ['99999'])), 'import.no-such-batch');
  assert.equal(scene.state, before);
});

it('an error says what would be right, however many there are', async () => {
  const { scene, id } = await applied();
  const said = async (...them: Parameters<typeof scene.import>) => {
    try {
      await scene.import(...them);
    } catch (error) {
      const { message, hint } = error as FleetformError;
      return `${message} | ${hint}`;
    }
    return 'none';
  };
  const many = desired(
    ['hotfix', ...Array.from({ length: 14 }, (_, n) => `n${n}[fleet:eu]`)].map((a) => batch(a)),
  );
  assert.match(
    await said(many, 'hotfx', [id]),
    'no batch with the address hotfx; did you mean "hotfix"? | It has: hotfix, n0',
  );
  assert.match(await said(many, 'hotfx', [id]), /, n10\[fleet:eu\] and 3 more\.$/);
  assert.match(await said(many, 'n3', [id]), /the address n3 \| The block n3 has: n3\[fleet:eu\]\.$/);
  assert.match(await said(desired([]), 'n3', [id]), /the address n3 \| It has none\.$/);
  const other = foreignBatch(scene, { taskTemplateId: '9', fleetId: US, executeAt: START + 86_400 });
  const two = desired([batch('a'), batch('b', { fleet: US })]);
  assert.match(await said(two, 'b', [other]), /template .*, \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ, \d+ tasks\)/);
  const once = desired([batch('a'), batch('b', { fleet: US, executeAt: null })]);
  assert.match(await said(once, 'b', [other]), /does not look like b .template [^,]+, no time, /);
});

it('a batch that another block asks for more exactly is refused, naming that one', async () => {
  const scene = new Scene();
  const at = START + 86_400;
  const id = foreignBatch(scene, { taskTemplateId: '7', fleetId: EU, executeAt: at + 40 });
  const told = async (file: Desired, address = 'a') => {
    const error = (await scene.import(file, address, [id]).catch((thrown) => thrown)) as FleetformError;
    return `${error.code} ${error.message} | ${error.hint}`;
  };
  const beside = (over: Parameters<typeof batch>[1]) => desired([batch('a'), batch('b', over)]);
  const said = await told(beside({ executeAt: at + 40 }));
  assert.match(
    said,
    /^import\.nearer batch \d+ \(.*:40Z\) looks like b \(.*:40Z\) rather than a \(.*:00Z\) \| /,
  );
  assert.match(said, `fleetform import b ${id}. If it belongs to a anyway, use --force.`);
  assert.match(await told(beside({ executeAt: at + 30 })), 'import.nearer');
  assert.is(scene.state, null);
  // What is as far, or of others, says nothing; and by force all is bound.
  for (const over of [{ executeAt: at + 80 }, { fleet: US, executeAt: at + 40 }]) {
    assert.equal((await scene.import(beside(over), 'a', [id])).released, []);
    scene.state = null;
  }
  await scene.import(beside({ executeAt: at + 40 }), 'a', [id], true);
  scene.state = null;
  await scene.import(beside({ executeAt: at + 40 }), 'b', [id]);
});

it('what has a batch of its own wants no other', async () => {
  const scene = new Scene();
  const at = START + 86_400;
  const file = desired([batch('a'), batch('b', { executeAt: at + 40 })]);
  const [own, other] = [1, 2].map(() =>
    foreignBatch(scene, { taskTemplateId: '7', fleetId: EU, executeAt: at + 40 }),
  );
  await scene.import(file, 'b', [own!]);
  await scene.import(file, 'a', [other!]);
  assert.equal(scene.state?.entries.a?.batchIds, [other]);
});

it('what the address had until then is nobody’s, and in question', async () => {
  const { scene, id } = await applied();
  const other = foreignBatch(scene, { taskTemplateId: '7', fleetId: US, executeAt: START + 86_400 });
  assert.equal((await scene.import(FILE, 'a', [other], true)).released, [id]);
  assert.equal(scene.state?.sight?.open, [id]);
  assert.equal((await scene.import(FILE, 'a', [id, other], true)).released, []);
});

it('what was imported to one address a person may bind to another', async () => {
  const scene = new Scene();
  const two = desired([batch('a'), batch('b', { fleet: US })]);
  await scene.apply(two);
  const [mine, theirs] = scene.record.batches.map(({ id }) => id);
  scene.state = null;
  await scene.import(two, 'a', [mine!, theirs!], true);
  const left = await scene.plan(two);
  assert.equal(
    left.diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ code, address }) => `${code} ${address}`),
    ['plan.ambiguous b'],
    'it is not made again',
  );
  assert.match(left.diagnostics[0]!.hint!, `import --force 'b' ${theirs}`);
  assert.is(await refusal(scene.import(two, 'b', [theirs!])), 'import.owned');
  await scene.import(two, 'b', [theirs!], true);
  assert.equal(
    ['a', 'b'].map((address) => scene.state?.entries[address]?.batchIds),
    [[mine], [theirs]],
  );
  await scene.import(two, 'b', [mine!, theirs!], true);
  assert.not('a' in (scene.state as State | null)!.entries);
  await scene.apply(two);
  assert.is(scene.posts(), 2);
});

/** Killed before its first POST: what it was to make is in doubt, and `made` are there. */
async function interrupted(file: Desired, ...made: object[]): Promise<{ scene: Scene; ids: string[] }> {
  const scene = new Scene();
  scene.step = (what) => {
    if (what.startsWith('before POST')) throw new Crash();
  };
  await scene.apply(file);
  scene.step = () => {};
  return { scene, ids: made.map((body) => foreignBatch(scene, body)) };
}
const inDoubt = ({ state }: Scene) => state?.intents.map(({ address, spec }) => `${address} ${spec.fleets}`);

it('an interrupted create of the very same run is settled by it, under whatever name it was', async () => {
  const gone = await interrupted(desired([batch('old')]), BODY);
  await gone.scene.import(FILE, 'a', gone.ids);
  assert.equal(inDoubt(gone.scene), [], 'the file names it no longer');

  const both = desired([batch('a'), batch('old')]);
  const kept = await interrupted(both, BODY);
  await kept.scene.import(both, 'a', kept.ids);
  assert.equal(inDoubt(kept.scene), [`old ${EU}`], 'what the file names may be another');
});

it('of another create in doubt at that address nothing is forgotten', async () => {
  const { scene, ids } = await interrupted(desired([batch('a', { fleet: US }), batch('b')]), BODY);
  await scene.import(FILE, 'a', ids);
  assert.equal(inDoubt(scene), [`b ${US}`], 'the names have shifted');

  const then = await interrupted(desired([batch('a')]), BODY);
  const later = desired([batch('a', { executeAt: START + 90_000 })]);
  const { isOfThen, spec } = await then.scene.import(later, 'a', then.ids);
  assert.equal([isOfThen, spec.executeAt, inDoubt(then.scene)], [true, START + 86_400, []]);
  assert.is(await then.scene.converge(later), 1, 'it is replaced by what the file asks for now');
  assert.is(then.scene.live().length, 1);

  const alone = await interrupted(desired([batch('a', { fleet: US })]), BODY);
  const before = alone.scene.state;
  assert.is(await refusal(alone.scene.import(FILE, 'a', alone.ids, true)), 'import.in-doubt');
  assert.equal(alone.scene.state, before);
});

it.run();
