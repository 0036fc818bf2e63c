import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { StalePlanError } from '../../src/apply/errors.ts';
import type { Desired } from '../../src/model/desired.ts';
import { hasChanges } from '../../src/model/plan-summary.ts';
import { batch, desired, EU, foreignBatch, Scene, STAGING, START, US } from '../support/scene.ts';

const it = suite('apply');

const THREE = desired([
  batch('nightly[fleet:eu]'),
  batch('nightly[fleet:us]', { fleet: US }),
  batch('hotfix', {
    fleet: STAGING,
    template: { name: 'Deploy build' },
    params: [{ name: 'buildId', value: '8812' }],
    executeAt: START + 7200,
  }),
]);

it('creates what is missing, once, and finds nothing to do after that', async () => {
  const scene = new Scene();
  const result = await scene.apply(THREE);
  assert.is(result?.outcome?.created, 3);
  assert.is(scene.posts(), 3);
  assert.equal(
    scene.record.batches.map((made) => made.request).sort(byText),
    [
      { taskTemplateId: '7', fleetId: EU, executeAt: START + 86_400 },
      { taskTemplateId: '7', fleetId: US, executeAt: START + 86_400 },
      {
        taskTemplateId: '8',
        fleetId: STAGING,
        executeAt: START + 7200,
        taskActionParam: [{ paramName: 'buildId', paramValue: '8812' }],
      },
    ].sort(byText),
  );
  assert.not(hasChanges(await scene.plan(THREE)));
  assert.equal(scene.state?.intents, []);
  await scene.apply(THREE);
  assert.is(scene.posts(), 3);
});

it('with the state lost, adopts by evidence and sends nothing', async () => {
  const scene = new Scene();
  await scene.apply(THREE);
  scene.state = null;
  const result = await scene.apply(THREE);
  assert.is(result?.outcome?.adopted, 3);
  assert.is(scene.posts(), 3);
  assert.not(hasChanges(await scene.plan(THREE)));
});

it('a moved time is one replace, a removal one cancel, and a stranger is left alone', async () => {
  const scene = new Scene();
  await scene.apply(THREE);
  const stranger = foreignBatch(scene, { taskTemplateId: '9', regionId: '51', executeAt: START + 999 });
  const moved = desired([batch('nightly[fleet:eu]', { executeAt: START + 90_000 })]);
  const planned = await scene.plan(moved);
  assert.equal([planned.summary.replace, planned.summary.cancel, planned.summary.unmanaged], [1, 2, 1]);
  const result = await scene.apply(moved);
  assert.equal([result?.outcome?.replaced, result?.outcome?.cancelled], [1, 2]);
  assert.equal(
    scene.live(),
    [`7 on fleetId ${EU} at ${START + 90_000}`, `9 on regionId 51 at ${START + 999}`].sort(),
  );
  assert.not(
    scene.requests.some((request) => request.method === 'DELETE' && request.path.includes(stranger)),
  );
  assert.not(hasChanges(await scene.plan(moved)));
});

it('repeats nothing after everything ran, with failures or not', async () => {
  const scene = new Scene({ sandbox: { failRate: 0.3 } });
  await scene.apply(THREE);
  scene.now += 100_000;
  assert.not(hasChanges(await scene.plan(THREE)));
  await scene.apply(THREE);
  assert.is(scene.posts(), 3);
});

it('a removed batch that is over is forgotten without a call', async () => {
  const scene = new Scene();
  await scene.apply(THREE);
  scene.now += 100_000;
  const before = scene.requests.length;
  const result = await scene.apply(desired([batch('nightly[fleet:eu]')]));
  assert.is(result?.outcome?.forgotten, 2);
  assert.not(scene.requests.slice(before).some((request) => request.method !== 'GET'));
  assert.equal(Object.keys(scene.state?.entries ?? {}), ['nightly[fleet:eu]']);
});

it('once: runs once, a new revision runs it again, a removal forgets it', async () => {
  const scene = new Scene();
  const once = (revision: number) =>
    desired([batch('logs', { template: { id: '9' }, executeAt: null, revision })]);
  await scene.apply(once(1));
  scene.now += 1000;
  await scene.apply(once(1));
  assert.is(scene.posts(), 1);
  await scene.apply(once(2));
  assert.is(scene.posts(), 2);
  scene.state = null;
  const lost = await scene.plan(once(2));
  assert.is(lost.diagnostics[0]?.code, 'plan.ambiguous');
  assert.match(lost.diagnostics[0]?.message ?? '', scene.record.batches[0]!.id);
});

it('pauses, resumes, and creates paused', async () => {
  const scene = new Scene();
  const paused = (value: boolean) => desired([batch('nightly', { paused: value })]);
  await scene.apply(paused(true));
  const tasks = () => Object.values(scene.record.tasks).map((task) => task.pausedAt !== null);
  assert.ok(tasks().every((isPaused) => isPaused));
  assert.not(hasChanges(await scene.plan(paused(true))));
  const result = await scene.apply(paused(false));
  assert.is(result?.outcome?.updated, 1);
  assert.not(tasks().some((isPaused) => isPaused));
  assert.not(hasChanges(await scene.plan(paused(false))));
});

it('toggles only the tasks that need it', async () => {
  const scene = new Scene();
  await scene.apply(desired([batch('nightly')]));
  const [first] = Object.values(scene.record.tasks);
  first!.pausedAt = scene.now;
  await scene.apply(desired([batch('nightly', { paused: true })]));
  const puts = scene.requests.filter((request) => request.method === 'PUT');
  assert.is(puts.length, Object.keys(scene.record.tasks).length - 1);
  assert.not(puts.some((request) => request.path.endsWith(`/${first!.id}`)));
});

it('a replace withholds its create while tasks of the old batch still run', async () => {
  const scene = new Scene({ sandbox: { refuseCancelRunning: true } });
  await scene.apply(desired([batch('nightly', { executeAt: START + 60 })]));
  scene.now = START + 68;
  const moved = desired([batch('nightly', { executeAt: START + 5000 })]);
  const result = await scene.apply(moved);
  assert.is(result?.outcome?.failed, 1);
  assert.is(scene.posts(), 1);
  const error = scene.events.find((event) => event.type === 'failed');
  assert.match(
    error?.type === 'failed' ? error.error.message : '',
    /\d+ of its tasks could not be cancelled/,
  );
  scene.now = START + 400;
  assert.is((await scene.apply(moved))?.outcome?.failed, 0);
  assert.is(scene.posts(), 2);
});

it('one failed change does not stop the others, and says why', async () => {
  const scene = new Scene();
  scene.faultFor = (request) => (request.body?.includes('"8"') ? { when: 'before', kind: '401' } : undefined);
  const result = await scene.apply(THREE);
  assert.equal([result?.outcome?.created, result?.outcome?.failed], [2, 1]);
  assert.is(
    scene.state?.intents.length,
    1,
    'what was refused is believed when doubt is over, and not before',
  );
  scene.pass(60);
  scene.faultFor = () => undefined;
  assert.is((await scene.apply(THREE))?.outcome?.created, 1);
  assert.equal(scene.state?.intents, []);
});

it('a reviewed plan is done as it is, or refused with what has changed', async () => {
  const scene = new Scene();
  const reviewed = await scene.plan(THREE);
  foreignBatch(scene, { taskTemplateId: '9', regionId: '51', executeAt: START + 999 });
  const result = await scene.apply(THREE, { reviewed });
  assert.is(result?.outcome?.created, 3, 'what lies outside does not make it stale');
  try {
    await scene.apply(THREE, { reviewed });
    assert.unreachable();
  } catch (error) {
    assert.is((error as { code: string }).code, 'apply.stale-plan');
    assert.is(
      (error as Error).message,
      'nothing of this plan is left to do: it has probably been applied already',
    );
  }
  assert.is(scene.posts(), 3);
  for (const [change, code] of [
    [{ name: 'other' }, 'apply.other-plan'],
    [{ desiredDigest: 'x' }, 'apply.other-plan'],
    [{ fleetformVersion: '9' }, 'apply.other-plan'],
    [{ api: 'https://elsewhere' }, 'apply.other-plan'],
  ] as const) {
    try {
      await scene.apply(THREE, { reviewed: { ...reviewed, ...change } });
      assert.unreachable();
    } catch (error) {
      assert.is((error as { code: string }).code, code);
    }
  }
});

it('of what turns up elsewhere since a plan was reviewed, nothing is done', async () => {
  const scene = new Scene();
  await scene.apply(desired([batch('a'), batch('b', { fleet: US })]));
  const file = desired([batch('a'), batch('b', { fleet: US }), batch('c', { executeAt: START + 3600 })]);
  const reviewed = await scene.plan(file);
  const [id] = scene.state!.entries.b!.batchIds;
  for (const task of Object.values(scene.record.tasks)) {
    if (task.batchId === id) task.cancelledAt = Math.floor(scene.now);
  }
  const result = await scene.apply(file, { reviewed });
  assert.equal([result?.outcome?.created, result?.outcome?.failed], [1, 0]);
  assert.equal(
    result?.plan.changes.map(({ address }) => address),
    ['c'],
  );
  const notes = scene.events.flatMap((event) => (event.type === 'note' ? [event.message] : []));
  assert.ok(
    notes.some((note) => note.startsWith('not part of the plan, and left alone: b: now it would create')),
    notes.join(),
  );
  assert.equal(
    (await scene.plan(file)).changes
      .filter(({ action }) => action === 'create')
      .map(({ address }) => address),
    ['b'],
  );
});

it('a part: what is selected is done, what is left out is neither done nor forgotten', async () => {
  const scene = new Scene();
  await scene.apply(THREE);
  const file = desired([
    batch('nightly[fleet:eu]', { executeAt: START + 90_000 }),
    batch('new', { fleet: US, executeAt: START + 5000 }),
  ]);
  const before = scene.state!.entries;
  const result = await scene.apply(file, { scope: { targets: ['new'] } });
  assert.equal([result?.outcome?.created, result?.outcome?.cancelled], [1, 0]);
  const { new: made, ...others } = scene.state!.entries;
  assert.is(made?.batchIds.length, 1);
  assert.equal(others, before);
  const rest = await scene.apply(file, { scope: { excludes: ['hotfix'] } });
  assert.equal([rest?.outcome?.replaced, rest?.outcome?.cancelled], [1, 1]);
  assert.equal(Object.keys(scene.state!.entries).sort(), ['hotfix', 'new', 'nightly[fleet:eu]']);
});

it('replaced on demand: what is live is cancelled, what ran runs again, and once is once', async () => {
  const scene = new Scene();
  const file = desired([batch('a'), batch('logs', { template: { name: 'Collect logs' }, executeAt: null })]);
  await scene.apply(file);
  scene.now += 3600;
  const result = await scene.apply(file, { scope: { replaces: ['a', 'logs'] } });
  assert.equal([result?.outcome?.replaced, result?.outcome?.created], [1, 1]);
  assert.is(scene.posts(), 4);
  assert.not(hasChanges(await scene.plan(file)));
  await scene.apply(file);
  assert.is(scene.posts(), 4);
});

it('an apply with nothing to do writes nothing: saved plans stay good', async () => {
  const scene = new Scene();
  await scene.apply(THREE);
  const { serial } = scene.state!;
  scene.now += 100_000;
  await scene.apply(THREE);
  assert.is(scene.state!.serial, serial);
});

it('with the state trusted, nothing that is bound is read', async () => {
  const scene = new Scene();
  await scene.apply(THREE);
  for (let i = 0; i < 100; i += 1)
    foreignBatch(scene, { taskTemplateId: '9', regionId: '51', executeAt: START + 999 });
  scene.requests.length = 0;
  const trusted = await scene.plan(THREE, { scope: { refresh: false } });
  assert.not(hasChanges(trusted));
  assert.is(scene.requests.length, 3, 'the three lists');
  scene.requests.length = 0;
  assert.not(hasChanges(await scene.plan(THREE)));
  assert.ok(scene.requests.length > 3);
});

it('a signal: nothing new is begun, what is under way is recorded, the rest goes on with the next apply', async () => {
  const scene = new Scene();
  const stop = new AbortController();
  scene.step = (what) => {
    if (what.startsWith('before POST')) stop.abort();
  };
  const result = await scene.apply(THREE, { stop: stop.signal });
  assert.ok(result?.outcome?.interrupted);
  assert.is(scene.record.batches.length, result?.outcome?.created);
  assert.is(Object.keys(scene.state?.entries ?? {}).length, result?.outcome?.created);
  assert.equal(scene.state?.intents, []);
  assert.is(scene.lockedBy, null);
  scene.step = () => {};
  await scene.converge(THREE);
  assert.is(scene.record.batches.length, 3);
});

it('a signal that finds all of it in flight cuts nothing off: done, and not interrupted', async () => {
  const scene = new Scene();
  const stop = new AbortController();
  const one = desired([batch('a')]);
  scene.step = (what) => {
    if (what.startsWith('before POST')) stop.abort();
  };
  const result = await scene.apply(one, { stop: stop.signal });
  const { created, skipped, unknown, interrupted } = result!.outcome!;
  assert.equal(
    { created, skipped, unknown, interrupted },
    { created: 1, skipped: 0, unknown: 0, interrupted: false },
  );
});

it('a stop between a create and its pause tells that it exists, and will run', async () => {
  const scene = new Scene();
  const stop = new AbortController();
  const paused = desired([batch('a', { paused: true })]);
  scene.step = (what) => {
    if (/^after GET .*\/task\/\d+$/.test(what)) stop.abort();
  };
  await scene.apply(paused, { stop: stop.signal });
  const failed = scene.events.find((event) => event.type === 'failed');
  assert.match(
    failed?.type === 'failed' ? failed.error.message : 'none',
    /^created as batch \d+, but not paused \(interrupted\): it will run$/,
  );
  const summary = scene.events.find((event) => event.type === 'summary');
  assert.equal(summary?.type === 'summary' && [summary.created, summary.failed, summary.interrupted], [
    1,
    1,
    true,
  ]);
  scene.step = () => {};
  await scene.converge(paused);
  assert.is(scene.posts(), 1);
});

/** The apply of this file is stopped before its first PUT. */
async function stoppedBeforePut(scene: Scene, wanted: Desired): Promise<string> {
  const stop = new AbortController();
  scene.step = (what) => {
    if (/^after GET .*\/task\/\d+$/.test(what)) stop.abort();
  };
  scene.events.length = 0;
  await scene.apply(wanted, { stop: stop.signal });
  scene.step = () => {};
  const failed = scene.events.find((event) => event.type === 'failed');
  return failed?.type === 'failed' ? failed.error.message : 'none';
}

it('a stop between a replace and its pause does not say that nothing took its place', async () => {
  const scene = new Scene();
  await scene.apply(desired([batch('a')]));
  const later = desired([batch('a', { paused: true, executeAt: START + 90_000 })]);
  assert.match(
    await stoppedBeforePut(scene, later),
    /^created as batch \d+, but not paused \(interrupted\): it will run$/,
  );
  const summary = scene.events.find((event) => event.type === 'summary');
  assert.equal(
    summary?.type === 'summary' && [summary.replaced, summary.cancelled, summary.failed],
    [1, 0, 1],
  );
});

it('what is adopted, and not yet paused when a stop comes, is told as adopted', async () => {
  const scene = new Scene();
  await scene.apply(desired([batch('a')]));
  scene.state = null;
  assert.match(
    await stoppedBeforePut(scene, desired([batch('a', { paused: true })])),
    /^adopted batch \d+, but not paused \(interrupted\): it will run$/,
  );
  const summary = scene.events.find((event) => event.type === 'summary');
  assert.equal(summary?.type === 'summary' && [summary.adopted, summary.failed, summary.interrupted], [
    1,
    1,
    true,
  ]);
});

it('a stop that cuts the only change in two is an interruption', async () => {
  const scene = new Scene();
  await scene.apply(desired([batch('a')]));
  const stop = new AbortController();
  let puts = 0;
  scene.step = (what) => {
    if (what.startsWith('after PUT') && ++puts === 1) stop.abort();
  };
  scene.events.length = 0;
  const result = await scene.apply(desired([batch('a', { paused: true })]), { stop: stop.signal });
  assert.equal([result?.outcome?.interrupted, result?.outcome?.updated], [true, 0]);
  const failed = scene.events.find((event) => event.type === 'failed');
  const message = failed?.type === 'failed' ? failed.error.message : 'none';
  assert.match(message, /^interrupted: \d+ of \d+ tasks of batch /);
});

it('does nothing of a plan with errors', async () => {
  const scene = new Scene();
  const wrong = desired([batch('a'), batch('b', { template: { name: 'Restrt game server' }, fleet: US })]);
  const result = await scene.apply(wrong);
  assert.is(result?.outcome, null);
  assert.is(scene.posts(), 0);
});

it('a slow answer to a plan that has come to have errors is refused, and told why', async () => {
  const scene = new Scene();
  const limited = desired([batch('nightly')], { limits: { servers: 100 } });
  const approve = async () => {
    scene.now += 60;
    scene.faultFor = ({ path }) =>
      path.startsWith('/v3/applicationInstance?') ? { when: 'before', kind: '500' } : undefined;
    return true;
  };
  try {
    await scene.apply(limited, { approve });
    assert.unreachable();
  } catch (error) {
    assert.is((error as StalePlanError).code, 'apply.stale-plan');
    assert.match((error as Error).message, 'game servers');
  }
  assert.is(scene.posts(), 0);
});

it('what turns up between plan and create is not made again', async () => {
  const scene = new Scene();
  let isDone = false;
  scene.step = (what) => {
    // The second look at the list is the one just before the intents are written.
    const lists = scene.requests.filter((request) => request.path.endsWith('/taskBatch')).length;
    if (!isDone && lists === 1 && what === 'before GET /v3/applicationInstance/taskBatch') {
      isDone = true;
      foreignBatch(scene, { taskTemplateId: '7', fleetId: EU, executeAt: START + 86_400 });
    }
  };
  const result = await scene.apply(desired([batch('nightly')]));
  assert.ok(isDone);
  assert.is(result?.outcome?.failed, 1);
  assert.is(scene.posts(), 0);
});

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

it.run();
