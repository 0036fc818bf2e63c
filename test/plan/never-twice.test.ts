/** The worst that can happen is that something runs twice: held against worlds in which it is known who made what. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hasErrors } from '../../src/model/plan-summary.ts';
import {
  AT,
  desired,
  desiredBatch,
  EU,
  observation,
  observedBatch,
  planOf,
  servers,
  targets,
} from '../support/builders.ts';
import { runs, type World, type WorldOptions, world } from './worlds.ts';

const it = suite('never twice');

const ALL: WorldOptions = {
  overlap: true,
  inventory: ['exact', 'none', 'partial'],
  state: ['none', 'partial'],
  once: true,
  foreign: 3,
};

function createsWhatExists(drawn: World): string[] {
  return planOf(drawn)
    .changes.filter((change) => change.action === 'create' || change.action === 'replace')
    .filter((change) => drawn.real.has(change.address))
    .map(
      ({ action, address, reason }) =>
        `${action} ${address} (${reason}): it is batch ${drawn.real.get(address)}`,
    );
}

/** Also that the worlds are such that something could go wrong: in how many something was there to be found. */
function neverTwice(options: WorldOptions, numRuns: number): void {
  let worthLooking = 0;
  fc.assert(
    fc.property(world(options), (drawn) => {
      if (drawn.desired.batches.some(({ address }) => drawn.real.has(address))) worthLooking += 1;
      assert.equal(createsWhatExists(drawn), []);
    }),
    runs(numRuns),
  );
  assert.ok(worthLooking > numRuns / 3, `only ${worthLooking} of ${numRuns} worlds had anything to find`);
}

it('overlapping targets, strangers alike, the state lost in part or whole, any inventory', () => {
  neverTwice(ALL, 6000);
});

it('fleets that have changed since', () => {
  neverTwice({ ...ALL, inventory: ['drifted'] }, 3000);
});

it('a state that knows an older batch of the address than there is', () => {
  neverTwice({ ...ALL, inventory: ['exact', 'none', 'partial', 'drifted'], state: ['stale'] }, 5000);
});

it('with the state lost and clear evidence all is adopted, and nothing created', () => {
  let adopted = 0;
  const clear: WorldOptions = {
    overlap: false,
    inventory: ['exact'],
    state: ['none'],
    once: false,
    foreign: 0,
    targets: ['fleet', 'region', 'instances'],
    allMade: true,
    allSeen: true,
  };
  fc.assert(
    fc.property(world(clear), (drawn) => {
      const made = planOf(drawn);
      assert.equal(
        made.changes.map(({ action, address, batchIds }) => [action, address, ...batchIds]),
        drawn.desired.batches.map(({ address }) => ['adopt', address, drawn.real.get(address)]),
      );
      assert.not(hasErrors(made));
      adopted += made.summary.adopt;
    }),
    runs(1500),
  );
  assert.ok(adopted > 1500);
});

it('the batch of a stranger is never cancelled, unless its template is claimed', () => {
  let claimedCancels = 0;
  fc.assert(
    fc.property(
      world({ ...ALL, state: ['none', 'partial', 'stale'], edited: true }),
      fc.boolean(),
      (drawn, isClaimed) => {
        const claims = isClaimed ? { templates: [{ name: 'Collect logs' }] } : { templates: [] };
        const made = planOf({ ...drawn, desired: { ...drawn.desired, claims } });
        const names = new Map(drawn.observation.batches.map((batch) => [batch.id, batch.templateName]));
        for (const change of made.changes) {
          if (change.action !== 'cancel' && change.action !== 'replace') continue;
          for (const id of change.batchIds) {
            if (!drawn.foreign.has(id)) continue;
            assert.ok(
              isClaimed && names.get(id) === 'Collect logs',
              `${change.action} of a stranger's ${id}`,
            );
            claimedCancels += 1;
          }
        }
      },
    ),
    runs(3000),
  );
  assert.ok(claimedCancels > 100);
});

/**
 * What evidence cannot tell: two targets that were the same game servers, of which one has grown since. The batch
 * looks more like the other one's. Kept here so that a change of the margin is a change that one sees.
 */
it('a target that grew by less than a quarter beside its twin is asked about, not created', () => {
  const twins = (grown: number) => {
    const made = servers(1, 12);
    return planOf({
      desired: desired([
        desiredBatch('fleet'),
        desiredBatch('region', { targets: targets({ regions: ['42'] }), targetText: 'region ams' }),
      ]),
      observation: observation([observedBatch('41', { on: made, executeAt: AT })], {
        inventory: { fleets: { [EU]: made }, regions: { '42': servers(1, 12 + grown) }, unavailable: null },
      }),
    }).changes.map(({ action, address }) => `${action} ${address}`);
  };
  assert.equal(twins(0), []);
  assert.equal(twins(2), []);
  assert.equal(twins(4), ['adopt fleet', 'create region']);
});

it.run();
