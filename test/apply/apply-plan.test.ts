/** The order of things: known, cancelled, made, paused; what waits for what; and what one apply costs. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ApplyResult } from '../../src/apply/apply.ts';
import { applyPlan } from '../../src/apply/apply-plan.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import { summarise, tasksOf } from '../../src/model/plan-summary.ts';
import { NOTHING_LEFT } from '../../src/plan/sameness/settle.ts';
import { is } from '../support/answers.ts';
import { batch, desired, EU, foreignBatch, Scene, STAGING, START, US } from '../support/scene.ts';

const it = suite('apply plan');

function counts(result: Pick<ApplyResult, 'outcome'> | null): Record<string, number> {
  const outcome = Object.entries(result?.outcome ?? { none: 1 });
  return Object.fromEntries(outcome.filter(([, count]) => typeof count === 'number' && count > 0));
}

const kinds = ({ requests }: Scene) =>
  requests.map(({ method, path }) => `${method} ${path.split('?')[0]!.replace(/\/\d+/g, '/N')}`);

const A = '/v3/applicationInstance';
const LISTS = [`GET ${A}/task`, `GET ${A}/task/template`, `GET ${A}/taskBatch`];

it('a converged plan makes three reads, at the same time', async () => {
  const scene = new Scene();
  const file = desired([batch('a'), batch('b', { fleet: US }), batch('c', { fleet: STAGING })]);
  await scene.apply(file);
  scene.requests.length = 0;
  let inFlight = 0;
  let most = 0;
  scene.step = (what) => {
    if (what.startsWith('before GET')) most = Math.max(most, ++inFlight);
    if (what.startsWith('after GET')) inFlight -= 1;
  };
  await scene.plan(file);
  assert.equal(kinds(scene).sort(), LISTS);
  assert.is(most, 3);
  scene.requests.length = 0;
  await scene.apply(file);
  assert.equal(kinds(scene).sort(), LISTS, 'nor does an apply of it make more');
});

it('a create costs the inventory of its target, one list before the first POST, and one POST each', async () => {
  const scene = new Scene();
  await scene.apply(desired([batch('a')]));
  scene.now += 600;
  scene.requests.length = 0;
  await scene.apply(
    desired([
      batch('a'),
      batch('b', { fleet: US }),
      batch('c', { fleet: STAGING }),
      batch('d', { fleet: STAGING, executeAt: START + 172_800 }),
    ]),
  );
  assert.equal(
    kinds(scene).sort(),
    [...LISTS, `GET ${A}/taskBatch`, `GET ${A}`, `GET ${A}`, ...Array(3).fill(`POST ${A}/task`)].sort(),
  );
});

it('the very first create costs no more than that', async () => {
  const scene = new Scene();
  await scene.apply(desired([batch('a')]));
  assert.equal(kinds(scene).sort(), [...LISTS, `GET ${A}/taskBatch`, `GET ${A}`, `POST ${A}/task`].sort());
});

/** A create of `new` that waits until all that `old` has made is over, as a plan of names that shift would have it. */
async function awaiting(
  scene: Scene,
): Promise<{ old: string; run: (isCancelled?: boolean) => Promise<unknown> }> {
  await scene.apply(desired([batch('old')]));
  scene.now += 600;
  const [old] = scene.state!.entries.old!.batchIds;
  const file = desired([batch('new', { executeAt: START + 90_000 })]);
  const run = async (isCancelled = true) => {
    const ctx = await scene.context(file);
    const plan = await scene.plan(file);
    const changes = plan.changes
      .filter(({ action }) => isCancelled || action !== 'cancel')
      .map((change): Change => (change.action === 'create' ? { ...change, awaits: [old!] } : change));
    const made: Plan = {
      ...plan,
      changes,
      summary: summarise(changes, { unmanaged: [], moves: [], skipped: [] }, tasksOf(changes)),
    };
    return applyPlan(ctx, {
      plan: made,
      settlement: NOTHING_LEFT,
      sight: { newest: null, ids: [] },
      ended: [],
      marks: null,
    });
  };
  return { old: old!, run };
}

it('a create that awaits a batch goes out when that is over to the last task', async () => {
  const scene = new Scene();
  const { run } = await awaiting(scene);
  scene.requests.length = 0;
  const outcome = (await run()) as ApplyResult['outcome'];
  assert.equal(counts({ outcome }), { created: 1, cancelled: 1 });
  const order = scene.requests.map(({ method }) => method);
  assert.ok(order.lastIndexOf('DELETE') < order.indexOf('POST'));
});

it('its cancel fails: it is skipped, and says so; the next apply finishes', async () => {
  const scene = new Scene();
  const { old, run } = await awaiting(scene);
  scene.faultFor = (request) => (is.cancel(request) ? { when: 'before', kind: '401' } : undefined);
  const outcome = (await run()) as ApplyResult['outcome'];
  assert.equal(counts({ outcome }), { failed: 1, skipped: 1 });
  assert.is(scene.posts(), 1);
  const skipped = scene.events.find((event) => event.type === 'skipped');
  assert.match(JSON.stringify(skipped), `batch ${old} may be the same run and has not finished`);
  assert.equal(scene.state?.intents, []);
  scene.faultFor = () => undefined;
  await scene.converge(desired([batch('new', { executeAt: START + 90_000 })]));
  assert.is(scene.live().length, 1);
});

it('names that take over from each other: what cannot be cancelled is not made beside', async () => {
  const scene = new Scene();
  const two = desired([batch('x', { executeAt: START + 40_000 }), batch('y', { executeAt: START + 80_000 })]);
  await scene.apply(two);
  scene.now += 600;
  const shifted = desired([
    batch('x', { executeAt: START + 80_000 }),
    batch('y', { executeAt: START + 120_000 }),
  ]);
  scene.faultFor = (request) => (is.cancel(request) ? { when: 'before', kind: '500' } : undefined);
  await scene.apply(shifted);
  const live = () => scene.live().filter((text) => text.includes(String(START + 80_000)));
  assert.is(live().length, 1);
  scene.faultFor = () => undefined;
  await scene.converge(shifted);
  assert.is(scene.live().length, 2);
});

it('a replace whose cancel fails makes nothing; others go on', async () => {
  const scene = new Scene();
  await scene.apply(desired([batch('a'), batch('gone', { fleet: STAGING })]));
  scene.now += 600;
  const tasks = new Set(scene.record.batches[0]!.taskIds);
  scene.faultFor = (request) =>
    is.cancel(request) && tasks.has(request.path.split('/').at(-1)!)
      ? { when: 'before', kind: '401' }
      : undefined;
  const file = desired([batch('a', { executeAt: START + 90_000 }), batch('b', { fleet: US })]);
  const result = await scene.apply(file);
  assert.equal(counts(result), { created: 1, cancelled: 1, failed: 1 });
  assert.is(scene.state?.entries.a?.replacing, 'unless-run');
  scene.faultFor = () => undefined;
  assert.equal(counts(await scene.apply(file)), { replaced: 1 });
  assert.is(scene.state?.entries.a?.replacing, undefined);
  assert.is(scene.live().length, 2);
});

it('each binding is on disk before the next POST of its turn goes out', async () => {
  const scene = new Scene();
  const file = desired([batch('a'), batch('b', { fleet: US }), batch('c', { fleet: STAGING })]);
  const bound: number[] = [];
  const sent: number[] = [];
  scene.faultFor = (request) => {
    if (is.create(request)) {
      bound.push(Object.keys(scene.state?.entries ?? {}).length);
      sent.push(scene.state!.intents.filter(({ sentAt }) => sentAt !== null).length);
    }
    return undefined;
  };
  await scene.apply(file);
  assert.equal(bound, [0, 1, 2]);
  assert.equal(sent, [1, 1, 1], 'of one turn, one at most is in doubt');
});

it('the state is written before the first POST, and once for each that is made', async () => {
  const scene = new Scene();
  await scene.apply(desired([batch('a'), batch('b', { fleet: US }), batch('c', { fleet: STAGING })]));
  assert.is(scene.writes, 5, 'what is known, the intents, three bindings');
});

it('where each write takes its time, a create still costs one', async () => {
  const scene = new Scene();
  scene.writeSeconds = 5;
  const sent: (number | null | undefined)[] = [];
  scene.faultFor = (request) => {
    if (is.create(request)) {
      const sentAt = scene.state!.intents.map((intent) => intent.sentAt).filter((at) => at !== null);
      sent.push(scene.now - sentAt[0]!);
    }
    return undefined;
  };
  await scene.apply(desired([batch('a'), batch('b', { fleet: US }), batch('c', { fleet: STAGING })]));
  assert.is(scene.writes, 5);
  assert.is(sent.length, 3);
  for (const late of sent) assert.ok(late! <= 2, `sent ${late} s after the moment that is recorded`);
});

it('a stop writes down all that is not begun at once', async () => {
  const scene = new Scene();
  const stop = new AbortController();
  scene.step = (what) => {
    if (what.startsWith('after POST')) stop.abort();
  };
  const many = Array.from({ length: 40 }, (_, at) => batch(`b${at}`, { executeAt: START + 3600 }));
  await scene.apply(desired(many), { stop: stop.signal });
  assert.is(scene.posts(), 1);
  assert.ok(scene.writes <= 4, `${scene.writes} writes`);
  assert.equal(scene.state!.intents, []);
});

it('pauses what it has made, adopted and kept in one go, and nobody else', async () => {
  const scene = new Scene();
  await scene.apply(desired([batch('kept', { executeAt: START + 50_000 })]));
  foreignBatch(scene, { taskTemplateId: '7', fleetId: US, executeAt: START + 86_400 });
  const stranger = foreignBatch(scene, { taskTemplateId: '9', fleetId: EU, executeAt: START + 86_400 });
  const result = await scene.apply(
    desired([
      batch('kept', { executeAt: START + 50_000, paused: true }),
      batch('adopted', { fleet: US, paused: true }),
      batch('made', { fleet: STAGING, paused: true }),
    ]),
  );
  assert.equal(counts(result), { created: 1, updated: 1, adopted: 1 });
  const unpaused = Object.values(scene.record.tasks).filter(({ pausedAt }) => pausedAt === null);
  assert.ok(unpaused.length > 0 && unpaused.every(({ batchId }) => batchId === stranger));
});

it('every change is finished exactly once, whatever becomes of it', async () => {
  for (const kind of ['401', '500', 'reset', '429'] as const) {
    const scene = new Scene();
    await scene.apply(
      desired([batch('a'), batch('gone', { fleet: STAGING }), batch('held', { executeAt: START + 9999 })]),
    );
    scene.now += 600;
    scene.events.length = 0;
    scene.faultFor = ({ method }) => (method === 'GET' ? undefined : { when: 'before', kind });
    await scene.apply(
      desired([
        batch('a', { executeAt: START + 90_000 }),
        batch('b', { fleet: US }),
        batch('held', { executeAt: START + 9999, paused: true }),
      ]),
    );
    const ended = scene.events.flatMap((event) =>
      event.type === 'complete' || event.type === 'failed' || event.type === 'skipped' ? [event.address] : [],
    );
    assert.equal(ended.sort(), ['a', 'b', 'gone', 'held'], kind);
  }
});

it.run();
