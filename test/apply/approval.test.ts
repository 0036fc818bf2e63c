/** Nothing is done that nobody has approved, and what was approved is what is done. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needsApproval, SLOW_APPROVAL } from '../../src/apply/approval.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import { summarise } from '../../src/model/plan-summary.ts';
import { is } from '../support/answers.ts';
import { batch, desired, EU, foreignBatch, Scene, STAGING, START, US } from '../support/scene.ts';

const it = suite('approval');

const FILE = desired([batch('a')]);

/** How often it was asked, and how long it then took to answer. */
function asking(scene: Scene, seconds = 0, answer = true) {
  const asked = { times: 0 };
  const approve = async () => {
    asked.times += 1;
    scene.pass(seconds);
    return answer;
  };
  return { asked, approve };
}

it('asked about a plan that does something, and not about one that does nothing', async () => {
  const scene = new Scene();
  const { asked, approve } = asking(scene);
  await scene.apply(FILE, { approve });
  assert.is(asked.times, 1);
  await scene.apply(FILE, { approve });
  assert.is(asked.times, 1);
});

it('no is no: nothing is sent, and nothing recorded', async () => {
  const scene = new Scene();
  const { approve } = asking(scene, 0, false);
  const result = await scene.apply(FILE, { approve });
  assert.is(result?.outcome, null);
  assert.is(scene.posts(), 0);
  assert.is(scene.state, null);
  assert.is(scene.lockedBy, null);
});

it('a reviewed plan is not asked about', async () => {
  const scene = new Scene();
  const { asked, approve } = asking(scene);
  await scene.apply(FILE, { reviewed: await scene.plan(FILE), approve });
  assert.is(asked.times, 0);
  assert.is(scene.posts(), 1);
});

it('an answer within ten seconds is about the plan that was shown; a slower one is about a new look', async () => {
  assert.is(SLOW_APPROVAL, 10);
  for (const [seconds, looks] of [
    [0, 2],
    [10, 2],
    [11, 3],
    [19, 3],
  ] as const) {
    const scene = new Scene();
    await scene.apply(FILE, { approve: asking(scene, seconds).approve });
    assert.is(scene.requests.filter(is.batchList).length, looks, `${seconds} s: one of them before the POST`);
    assert.is(scene.posts(), 1);
  }
});

it('what has changed while somebody was thinking is refused, and told', async () => {
  const scene = new Scene();
  const approve = async () => {
    foreignBatch(scene, { taskTemplateId: '7', fleetId: EU, executeAt: START + 86_400 });
    scene.pass(11);
    return true;
  };
  const error = await scene.apply(FILE, { approve }).then(
    () => null,
    (thrown) => thrown,
  );
  assert.is(error?.code, 'apply.stale-plan');
  assert.match(error.message, 'a: was to create, now it would adopt');
  assert.is(scene.posts(), 0);
});

it('what is too late by then is refused', async () => {
  const scene = new Scene();
  const soon = desired([batch('a', { executeAt: START, startingDeadline: 15 })]);
  const error = await scene.apply(soon, { approve: asking(scene, 20).approve }).then(
    () => null,
    (thrown) => thrown,
  );
  assert.is(error?.code, 'apply.stale-plan');
  assert.is(scene.posts(), 0);
});

it("to forget a once-batch's record is asked about; a timed one's is not", async () => {
  const once = batch('once', { fleet: US, executeAt: null, template: { name: 'Collect logs' } });
  const timed = batch('timed', { fleet: STAGING, executeAt: START + 60 });
  const scene = new Scene();
  await scene.apply(desired([batch('a'), once, timed]));
  scene.now += 3600;
  const { asked, approve } = asking(scene);
  const kept = await scene.apply(desired([batch('a'), once]), { approve });
  assert.equal([asked.times, kept?.outcome?.forgotten], [0, 1]);

  const refused = await scene.apply(FILE, { approve: asking(scene, 0, false).approve });
  assert.is(refused?.outcome, null);
  assert.ok(scene.state?.entries.once, 'its record stays');
  const approved = await scene.apply(FILE, { approve });
  assert.equal([asked.times, approved?.outcome?.forgotten], [1, 1]);
  assert.not(scene.state?.entries.once);
});

it('needsApproval: by what a plan does', () => {
  const change = (action: string, executeAt: number | null) => ({ action, before: { executeAt } });
  const plan = (...changes: object[]) =>
    ({
      changes,
      summary: summarise(changes as Change[], { unmanaged: [], moves: [], skipped: [] }, 0),
    }) as unknown as Plan;
  assert.is(needsApproval(plan(change('no-op', null))), false);
  assert.is(needsApproval(plan(change('forget', 5))), false);
  assert.is(needsApproval(plan(change('forget', 5), change('forget', null))), true);
  assert.is(needsApproval(plan(change('cancel', 5))), true);
  assert.is(needsApproval(plan(change('adopt', null))), true);
});

it.run();
