/** Each thing is asked once, whatever a command is about; and only what the lists do not show. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Desired } from '../../src/model/desired.ts';
import type { PlanOptions } from '../../src/plan/input.ts';
import { desired as fileOf, scheduledBlock } from '../support/builders.ts';
import { batch, Crash, desired, Scene, START, US } from '../support/scene.ts';

const it = suite('once');

/** More than the lists show; no two near each other, so that the inventory has nothing to tell. */
const COUNT = 130;
const MANY = many('Restart game server', COUNT);
/** Templates, batches, tasks. */
const LISTS = 3;

function many(template: string, count: number): Desired {
  const at = (i: number) => START + 86_400 + i * 3600;
  return desired(
    Array.from({ length: count }, (_, i) =>
      batch(`b${i}`, { template: { name: template }, executeAt: at(i), fleet: US }),
    ),
  );
}

/** What was asked before the first write, by endpoint, id and page. */
async function asked(scene: Scene, run: () => Promise<unknown>): Promise<string[]> {
  const from = scene.requests.length;
  await run();
  const requests = scene.requests.slice(from);
  const write = requests.findIndex(({ method }) => method !== 'GET');
  return requests
    .slice(0, write < 0 ? undefined : write)
    .map(({ path, headers }) => `${path.replace('/v3/applicationInstance', '')} ${JSON.stringify(headers)}`);
}

function isOnce(requests: readonly string[], about: string): void {
  const twice = requests.filter((one, i) => requests.indexOf(one) !== i);
  assert.equal(twice, [], about);
}

const plans: [string, PlanOptions][] = [
  ['plan', {}],
  ['plan --destroy', { mode: 'destroy' }],
  ['plan --refresh-only', { mode: 'refresh-only' }],
  ['plan --refresh=false', { scope: { refresh: false } }],
];

async function eachOnce(scene: Scene, file: Desired, about: string): Promise<void> {
  for (const [name, options] of plans) {
    isOnce(await asked(scene, () => scene.plan(file, options)), `${about}: ${name}`);
  }
}

/** Right before it writes, an apply looks at the list of batches again. */
async function applyOnce(scene: Scene, file: Desired): Promise<void> {
  const requests = await asked(scene, () => scene.apply(file));
  isOnce(
    requests.filter((one) => !one.startsWith('/taskBatch {')),
    'apply',
  );
}

it('converged: the lists, and each batch that they do not show', async () => {
  const scene = new Scene();
  await scene.apply(MANY);
  const requests = await asked(scene, () => scene.plan(MANY));
  assert.is(requests.length, LISTS + COUNT - 100);
  assert.is(requests.filter((one) => one.startsWith('/taskBatch/')).length, COUNT - 100);
  await eachOnce(scene, MANY, 'converged');
  await applyOnce(scene, MANY);
});

it('all new, and with the state lost', async () => {
  const scene = new Scene();
  await eachOnce(scene, MANY, 'new');
  await applyOnce(scene, MANY);
  scene.state = null;
  await eachOnce(scene, MANY, 'lost');
});

it('half replaced', async () => {
  const scene = new Scene();
  await scene.apply(many('Restart game server', 110));
  const other = many('Collect logs', 110);
  let writes = 0;
  scene.step = (what) => {
    if (what.startsWith('before DELETE') || what.startsWith('before POST')) writes += 1;
    if (writes > 70) throw new Crash();
  };
  await scene.apply(other);
  scene.step = () => {};
  await eachOnce(scene, other, 'half replaced');
});

it('a schedule', async () => {
  const file = fileOf([], { blocks: [scheduledBlock('s', { cron: '0 * * * *', horizon: 6 * 86_400 })] });
  const scene = new Scene();
  await eachOnce(scene, file, 'schedule');
  await applyOnce(scene, file);
  await eachOnce(scene, file, 'schedule, made');
});

it.run();
