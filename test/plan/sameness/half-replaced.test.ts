import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TaskPhase } from '../../../src/model/observed.ts';
import { hasRunInHalf, isHalfReplaced, lookAtHalf } from '../../../src/plan/sameness/half-replaced.ts';
import { lookAtBound } from '../../../src/plan/world/bound.ts';
import { entry, NOW, observedBatch, servers, spec, task, worldOf } from '../../support/builders.ts';

const it = suite('half replaced');
const batch = (fields = {}) => observedBatch('41', fields);

it('half replaced is what an apply began to cancel, and no sooner', () => {
  const seen = (...phases: TaskPhase[]) =>
    lookAtBound(['41'], new Map([['41', batch({ on: servers(1, phases.length), phases })]]), NOW);
  const replacing = entry(['41'], spec(), { replacing: true });
  const changed = entry(['41'], spec(), { replacing: 'unless-run' });
  assert.ok(isHalfReplaced(replacing, seen('cancelled', 'pending'), NOW));
  assert.not(isHalfReplaced(replacing, seen('pending', 'pending'), NOW));
  assert.not(isHalfReplaced(entry(['41']), seen('cancelled', 'pending'), NOW));
  for (const phase of ['done', 'failed', 'running'] as const) {
    assert.not(isHalfReplaced(changed, seen('cancelled', phase), NOW), 'it would run twice there');
    assert.ok(hasRunInHalf(changed, seen('cancelled', phase), NOW));
    assert.ok(isHalfReplaced(replacing, seen('cancelled', phase), NOW), 'it was asked for once more');
    assert.not(hasRunInHalf(replacing, seen('cancelled', phase), NOW));
  }
  assert.ok(isHalfReplaced(changed, seen('cancelled', 'pending'), NOW));
  assert.not(hasRunInHalf(changed, seen('cancelled', 'pending'), NOW));
  assert.not(hasRunInHalf(entry(['41']), seen('cancelled', 'done'), NOW));
});

it('of cancelled tasks that had begun, some has run', () => {
  const changed = entry(['41'], spec(), { replacing: 'unless-run' });
  const bound = (lastActivityAt: number | null, fields = {}) => {
    const over = batch({ phases: 'cancelled', executeAt: NOW - 60, finishedAt: NOW - 59, ...fields });
    const tasks = over.tasks.map((one) => task({ ...one, lastActivityAt }));
    return lookAtBound(['41'], new Map([['41', { ...over, tasks, ...fields }]]), NOW);
  };
  assert.ok(hasRunInHalf(changed, bound(NOW - 60), NOW));
  assert.not(isHalfReplaced(changed, bound(NOW - 60), NOW));
  assert.ok(isHalfReplaced(changed, bound(NOW - 61), NOW), 'before its time');
  assert.ok(hasRunInHalf(changed, bound(null, { tasks: [] }), NOW), 'nobody has read them');
  assert.ok(isHalfReplaced(changed, bound(null, { tasks: [], finishedAt: NOW - 61 }), NOW));
  const asked = (mark: true | 'unless-run') => {
    const world = worldOf();
    lookAtHalf({ ...changed, replacing: mark }, bound(null, { tasks: [], finishedAt: NOW }), world);
    return [...world.asked.tasks];
  };
  assert.equal(asked('unless-run'), [['41', 'all']]);
  assert.equal(asked(true), []);
});

it.run();
