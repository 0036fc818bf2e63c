import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../../src/model/plan.ts';
import { reachOf } from '../../../src/plan/review/reach.ts';
import { EU, EU_SERVERS, spec, US, worldOf } from '../../support/builders.ts';

const it = suite('reach');

const of = (action: string, fields: Parameters<typeof spec>[0]) =>
  ({ action, after: action === 'cancel' ? null : spec(fields) }) as unknown as Change;
const reach = (...changes: Change[]) => reachOf(changes, worldOf({}));

it('a game server that several batches reach is one', () => {
  const eu = of('create', { fleets: [EU] });
  assert.is(reach(eu), EU_SERVERS.length);
  assert.is(reach(eu, of('replace', { fleets: [EU] })), EU_SERVERS.length);
  assert.is(reach(eu, of('create', { fleets: [], instances: EU_SERVERS.slice(0, 2) })), EU_SERVERS.length);
  assert.ok(reach(eu, of('create', { fleets: [US] })) > EU_SERVERS.length);
});

it('of what is made only, and as far as the inventory tells', () => {
  assert.is(reach(of('cancel', {}), of('adopt', { fleets: [EU] })), 0);
  assert.is(reach(of('create', { fleets: ['999'] })), 0);
});

it.run();
