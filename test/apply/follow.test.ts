/** `--wait` follows what this apply made and what falls due in its time; the rest has a time of its own. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ApiError } from '../../src/api/errors.ts';
import type { FleetApi } from '../../src/api/port.ts';
import type { ApplyResult } from '../../src/apply/apply.ts';
import { followBatches } from '../../src/apply/follow.ts';
import { batchesToFollow } from '../../src/apply/to-follow.ts';
import { batch, desired, EU, Scene, STAGING, START, US } from '../support/scene.ts';

const it = suite('follow');

const WEEK = 7 * 86_400;
const FILE = desired([
  batch('now', { fleet: STAGING, executeAt: null }),
  batch('soon', { fleet: EU, executeAt: START + 300 }),
  batch('week', { fleet: US, executeAt: START + WEEK }),
]);

async function follow(scene: Scene, result: ApplyResult, seconds?: number) {
  const { api, now, sleep, stop } = await scene.context(FILE);
  const started = scene.now;
  const batches = batchesToFollow(result);
  const timeout = seconds === undefined ? {} : { timeoutMs: seconds * 1000 };
  const followed = await followBatches({ api, batches, emit: () => {}, stop, now, sleep, ...timeout });
  return {
    ended: followed.ended,
    running: followed.running.map(({ address }) => address),
    later: followed.later.map(({ address, executeAt }) => `${address} +${executeAt - START}`),
    took: scene.now - started,
  };
}

it('what starts after the time is up is not waited for, made just now or long ago', async () => {
  const scene = new Scene();
  const first = await scene.apply(FILE);
  const followed = await follow(scene, first!, 3600);
  assert.equal([followed.ended, followed.running, followed.later], ['done', [], [`week +${WEEK}`]]);
  assert.ok(followed.took > 300 && followed.took < 3600, String(followed.took));
  const again = await scene.apply(FILE);
  assert.equal(await follow(scene, again!, 5), {
    ended: 'done',
    running: [],
    later: [`week +${WEEK}`],
    took: 0,
  });
});

it('what starts within it and is not over then is told', async () => {
  const scene = new Scene();
  const result = await scene.apply(FILE);
  const followed = await follow(scene, result!, 302);
  assert.is(followed.ended, 'timeout');
  assert.equal(followed.running, ['soon']);
  assert.equal(followed.later, [`week +${WEEK}`]);
});

it('without a time it goes on to the end of all', async () => {
  const scene = new Scene();
  const file = desired([batch('later', { fleet: US, executeAt: START + 7200 })]);
  const followed = await follow(scene, (await scene.apply(file))!);
  assert.equal([followed.ended, followed.later], ['done', []]);
  assert.ok(followed.took >= 7200);
});

it('what is meant to stand still is not waited for: it ends only once somebody resumes it', async () => {
  const scene = new Scene();
  const paused = desired([
    batch('still', { fleet: EU, executeAt: START + 3600, paused: true }),
    batch('goes', { fleet: US, executeAt: START + 3600 }),
  ]);
  const names = (result: ApplyResult | null) =>
    batchesToFollow(result!).map(({ address, isPaused }) => (isPaused ? `(${address})` : address));
  assert.equal(names(await scene.apply(paused)), ['(still)', 'goes']);
  assert.equal(names(await scene.apply(paused)), ['(still)', 'goes']);
  const resumed = desired([
    batch('still', { fleet: EU, executeAt: START + 3600, paused: false }),
    batch('goes', { fleet: US, executeAt: START + 3600, paused: true }),
  ]);
  assert.equal(names(await scene.apply(resumed)), ['still', '(goes)']);
});

it('what was over before is no news', async () => {
  const scene = new Scene();
  const file = desired([batch('now', { fleet: STAGING, executeAt: null })]);
  await scene.apply(file);
  scene.pass(3600);
  assert.equal(batchesToFollow((await scene.apply(file))!), []);
});

it('a read that the stop cuts off is no error', async () => {
  const scene = new Scene();
  const result = await scene.apply(FILE);
  const { api, now, sleep } = await scene.context(FILE);
  const stop = new AbortController();
  const cut = {
    ...api,
    stoppedBy: () => ({
      ...api,
      within: () => ({
        ...api,
        async getBatch() {
          stop.abort();
          throw new ApiError({
            code: 'api.interrupted',
            message: 'cut off',
            endpoint: 'GET /',
            status: null,
            outcome: 'none',
          });
        },
      }),
    }),
  } as unknown as FleetApi;
  const batches = batchesToFollow(result!);
  const followed = await followBatches({ api: cut, batches, emit: () => {}, stop: stop.signal, now, sleep });
  assert.is(followed.ended, 'interrupted');
});

it.run();
