import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { statusOf } from '../../../src/plan/review/status.ts';
import {
  desired,
  desiredBatch,
  entry,
  NOW,
  observation,
  observedBatch,
  spec,
  state,
  task,
  US,
} from '../../support/builders.ts';

const it = suite('statusOf');

it('desired in the order of the file, then what only the state knows, then what nobody owns', () => {
  const { rows, unmanaged } = statusOf({
    desired: desired([
      desiredBatch('new'),
      desiredBatch('run'),
      desiredBatch('lost'),
      desiredBatch('id', { template: { id: '9' } }),
    ]),
    state: state({
      old: entry(['43'], spec({ fleets: [US] })),
      lost: entry(['99']),
      run: entry(['41']),
    }),
    observation: observation([
      observedBatch('41', { phases: ['done', 'failed', 'running', 'pending'] }),
      observedBatch('43', { phases: 'done' }),
      observedBatch('50'),
      observedBatch('51', { phases: 'done' }),
    ]),
    now: NOW,
    failed: new Map([['41', [task({ entityId: '7', resultText: 'no disk' })]]]),
  });
  assert.equal(
    rows.map(({ address, phase, template, targetText, numTasks, batchIds }) => [
      address,
      phase,
      template,
      targetText,
      numTasks,
      ...batchIds,
    ]),
    [
      ['new', 'not applied', 'Restart game server', 'fleet eu', 0],
      ['run', 'running', 'Restart game server', 'fleet eu', 4, '41'],
      ['lost', 'missing', 'Restart game server', 'fleet eu', 0, '99'],
      ['id', 'not applied', 'template 9', 'fleet eu', 0],
      ['old', 'done', 'Restart game server', 'fleet us', 4, '43'],
    ],
  );
  assert.equal(rows[1]?.failures, [{ entityId: '7', resultText: 'no disk' }]);
  assert.is(rows[1]?.counts.failed, 1);
  assert.equal(
    unmanaged.map(({ batchId }) => batchId),
    ['50'],
  );
});

it('without a state nothing is applied', () => {
  const { rows } = statusOf({
    desired: desired([desiredBatch('a')]),
    state: null,
    observation: observation(),
    now: NOW,
    failed: new Map(),
  });
  assert.equal(
    rows.map(({ phase }) => phase),
    ['not applied'],
  );
});

it.run();
