import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/model/plan.ts';
import { serversText } from '../../src/render/phrases.ts';
import { CANCEL, CREATE, REPLACE, spec } from './plans.ts';

const it = suite('phrases');

const byLabel = spec({ fleets: [], labels: [{ key: 'tier', value: 'gold' }] });
for (const [what, change, expected] of [
  ['counted', { ...CREATE, servers: 1 }, '1 game server'],
  ['of one batch', { ...CANCEL, servers: 3, batchIds: ['71'] }, '3 game servers'],
  ['of several batches, which may be the same', { ...CANCEL, servers: 6, batchIds: ['71', '72'] }, '6 tasks'],
  [
    'of what takes the place of several',
    { ...REPLACE, servers: 3, batchIds: ['71', '72'] },
    '3 game servers',
  ],
  [
    'by labels',
    { ...CREATE, servers: null, after: byLabel },
    'game servers unknown: only the API knows which ones have a label',
  ],
  ['no answer', { ...CREATE, servers: null }, "game servers unknown: the inventory didn't answer"],
  [
    'a batch that nobody sees',
    { ...CANCEL, servers: null },
    'game servers unknown: the batch is out of sight',
  ],
] as [string, Change, string][]) {
  it(`game servers: ${what}`, () => assert.is(serversText(change), expected));
}

it.run();
