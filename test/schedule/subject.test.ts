import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Targets } from '../../src/model/desired.ts';
import type { Freeze } from '../../src/model/schedule.ts';
import { concerns } from '../../src/schedule/freezes.ts';
import { subjectOf } from '../../src/schedule/subject.ts';
import { AMS, blockOf, DEPLOY, desiredBatch, EU, RESTART, server, targets, US } from '../support/builders.ts';

const block = (name: string, fields = {}) => blockOf(desiredBatch(name, fields));
const it = suite('schedule: what a block is to a freeze');

const label = { key: 'tier', value: 'ranked' };
const time = { from: 0, to: 1 };
const ofEu: Freeze = { name: 'eu', fleets: [EU], ...time };
const ofUs: Freeze = { name: 'us', fleets: [US], ...time };
const ofAms: Freeze = { name: 'ams', regions: [AMS], ...time };

/** To the freezes of fleet eu, of fleet us and of region ams. */
function verdicts(fields: Partial<Targets>): string {
  const subject = subjectOf(block('a', { targets: targets(fields) }));
  return [ofEu, ofUs, ofAms].map((freeze) => concerns(freeze, subject)).join(' ');
}

it('fleets alone are all of its fleets, and regions alone all of its regions', () => {
  assert.is(verdicts({ fleets: [EU] }), 'yes no maybe');
  assert.is(verdicts({ regions: [AMS] }), 'maybe maybe yes');
});

it('of a mixed target neither is the whole', () => {
  assert.is(verdicts({ fleets: [EU], regions: ['43'] }), 'yes maybe maybe');
  assert.is(verdicts({ fleets: [EU], instances: [server(1)] }), 'yes maybe maybe');
});

it('where single game servers belong is not in the file', () => {
  assert.is(verdicts({ instances: [server(1)] }), 'maybe maybe maybe');
});

it('a label may be on any game server, so each freeze of fleets or regions concerns it', () => {
  assert.is(verdicts({ labels: [label] }), 'yes yes yes');
  assert.is(verdicts({ labels: [label], fleets: [EU] }), 'yes yes yes');
  const subject = subjectOf(block('a', { targets: targets({ labels: [label] }) }));
  assert.is(concerns({ ...ofEu, templates: [{ name: DEPLOY.name }] }, subject), 'no');
});

it('the file has a name of the template or an id; the other one is unknown until the API tells', () => {
  const byName = block('a');
  const byId = block('a', { template: { id: RESTART.id } });
  const known = { template: { name: RESTART.name, id: RESTART.id } };
  assert.equal(subjectOf(byName).template, { name: RESTART.name, id: null });
  assert.equal(subjectOf(byId).template, { name: null, id: RESTART.id });
  assert.equal(subjectOf(byName, known.template).template, known.template);
  assert.equal(subjectOf(byId, known.template).template, known.template);
  const frozen: Freeze = { name: 'f', templates: [{ id: RESTART.id }], ...time };
  assert.is(concerns(frozen, subjectOf(byName)), 'maybe');
  assert.is(concerns(frozen, subjectOf(byName, known.template)), 'yes');
});

it.run();
