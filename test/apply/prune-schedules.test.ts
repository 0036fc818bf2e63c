/** A schedule that is gone, whose mark is removed and that comes back: what has run is not made again. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pruned, pruneOf } from '../../src/apply/prune.ts';
import { loadDesiredText } from '../../src/desired/load-given.ts';
import type { Desired } from '../../src/model/desired.ts';
import { nextAfter } from '../../src/state/by-hand.ts';
import { Scene } from '../support/scene.ts';

const it = suite('prune: schedules');
const DAY = 86_400;

const FROM = '2027-01-16T00:00:00Z';
const UNTIL = '2027-01-20T00:00:00Z';
const NIGHTS = 4;

const HEAD = `version: 1
name: live
api: sandbox
fleets: { eu: "1394296486561117717" }
batches:
  other: { template: Collect logs, target: { fleet: eu }, executeAt: "2030-01-01T00:00:00Z" }
`;

const withNights = (times: string, more = '') =>
  fileOf(
    `  nightly: { template: Restart game server, target: { fleet: eu }${more}, schedule: { cron: "0 3 * * *", timezone: UTC, horizon: 2d, ${times} } }\n`,
  );

function fileOf(blocks: string): Promise<Desired> {
  return loadDesiredText(HEAD + blocks, { name: '/fleetform.yaml' });
}

/** The schedule has ended, each night was made and has run, and the record has let go of all of them. */
async function ended(): Promise<Scene> {
  const scene = new Scene();
  const file = await withNights(`from: "${FROM}", until: "${UNTIL}"`);
  for (let day = 0; day < NIGHTS + 4; day += 1) {
    await scene.apply(file);
    scene.pass(DAY);
  }
  // A write of something else, with which they go.
  await scene.apply(file, { scope: { replaces: ['other'] } });
  assert.is(nights(scene), NIGHTS);
  assert.equal(Object.keys(scene.state!.entries), ['other']);
  assert.equal(Object.keys(scene.state!.schedules ?? {}), ['nightly']);
  return scene;
}

function nights({ record }: Scene): number {
  return record.batches.filter(({ templateId }) => String(templateId) === '7').length;
}

/** `fleetform state prune`, beside a file that does not name the schedule: the marks that went. */
async function prune(scene: Scene, olderThan = 90 * DAY): Promise<readonly string[]> {
  const state = scene.state!;
  const going = pruneOf(state, await fileOf(''), scene.now, olderThan);
  const after = pruned(state, going);
  scene.state = after === state ? state : nextAfter(state, after);
  return going.schedules;
}

it('its mark goes once it is old; what has run is not made again, and what comes later is', async () => {
  for (const more of ['', ', startingDeadline: 7d']) {
    const scene = await ended();
    scene.pass(50 * DAY);
    assert.equal(await prune(scene), [], 'it is young');
    scene.pass(50 * DAY);
    assert.equal(await prune(scene), ['nightly']);
    assert.is(scene.state!.schedules, undefined);
    const again = await withNights(`from: "${FROM}", until: "${UNTIL}"`, more);
    await scene.apply(again);
    await scene.apply(again);
    assert.is(nights(scene), NIGHTS);
    await scene.apply(await withNights(`from: "${rfc3339(scene.now)}"`, more));
    assert.is(nights(scene), NIGHTS + 2, 'those of its horizon');
  }
});

it('as long as it may still be late its mark stays, though the API has forgotten what ran', async () => {
  const scene = await ended();
  scene.record.batches = scene.record.batches.filter(({ templateId }) => String(templateId) !== '7');
  assert.equal(await prune(scene, 7 * DAY), []);
  const { changes } = await scene.plan(
    await withNights(`from: "${FROM}", until: "${UNTIL}"`, ', startingDeadline: 7d'),
  );
  assert.equal(
    changes.map(({ action, address }) => `${action} ${address}`),
    ['no-op other'],
  );
});

function rfc3339(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

it.run();
