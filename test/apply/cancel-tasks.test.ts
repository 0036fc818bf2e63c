/** One round: what is sent, and what is known of the tasks after it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cancelAll, noTasks, note } from '../../src/apply/cancel-tasks.ts';
import { firstLook, openTasks } from '../../src/apply/open-tasks.ts';
import { is } from '../support/answers.ts';
import { batch, desired, Scene, STAGING, START } from '../support/scene.ts';

const it = suite('cancel: tasks');

const FILE = desired([batch('a', { fleet: STAGING })]);

async function made() {
  const scene = new Scene();
  await scene.apply(FILE);
  scene.now += 600;
  const id = scene.state!.entries.a!.batchIds[0]!;
  const ctx = await scene.context(FILE);
  scene.requests.length = 0;
  const progress: string[] = [];
  const onProgress = (done: number, total: number) => progress.push(`${done}/${total}`);
  return { scene, id, ctx, tasks: noTasks({ boundAt: START }), progress, onProgress };
}

it('what had ended before is not counted, neither as done nor as wanted', async () => {
  const { scene, id, ctx, tasks, progress, onProgress } = await made();
  const ended = Object.values(scene.record.tasks).find((task) => task.batchId === id)!;
  ended.cancelledAt = scene.now;
  const open = await openTasks(ctx, id, tasks);
  note(open, tasks);
  await cancelAll(ctx, open, tasks, onProgress);
  assert.equal([tasks.cancelled.size, tasks.wanted.size, tasks.hidden], [5, 5, 0]);
  assert.equal([...tasks.over], [String(ended.id)]);
  assert.equal([progress[0], progress.at(-1)], ['0/5', '5/5']);
});

it('a task in doubt is sent once more, and what is cancelled is read', async () => {
  const { scene, id, ctx, tasks, onProgress } = await made();
  let deleted = 0;
  scene.faultFor = (request) =>
    is.cancel(request) && ++deleted === 1 ? { when: 'before', kind: '500' } : undefined;
  const open = await openTasks(ctx, id, tasks);
  note(open, tasks);
  await cancelAll(ctx, open, tasks, onProgress);
  assert.equal([tasks.cancelled.size, tasks.inDoubt.size, tasks.over.size], [5, 1, 0]);
  scene.requests.length = 0;
  await cancelAll(ctx, open, tasks, onProgress);
  assert.equal([tasks.cancelled.size, tasks.inDoubt.size, tasks.over.size], [6, 0, 5]);
  assert.equal([scene.requests.filter(is.cancel).length, scene.requests.filter(is.task).length], [1, 5]);
});

it('nothing is sent by what the plan saw, once that is no longer of a moment ago', async () => {
  const { scene, id, ctx, tasks, onProgress } = await made();
  const open = await firstLook(ctx, id, tasks);
  note(open, tasks);
  const later = { ...ctx, machineNow: () => ctx.machineNow() + 61 };
  const results = await cancelAll(later, open, tasks, onProgress);
  assert.equal(
    results.map(({ result }) => result),
    Array(6).fill('too-old'),
  );
  assert.equal([scene.requests.length, tasks.cancelled.size, tasks.inDoubt.size], [0, 0, 0]);
});

it.run();
