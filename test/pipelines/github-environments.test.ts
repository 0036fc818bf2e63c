/** The action with two environments, the whole chain: plans, one comment, what was reviewed, apply, result. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs } from '../support/tools.ts';
import type { GitHub } from './fake-github.ts';
import { commentOn, green, resultsOn, TOOLS, withGitHub } from './github-scenes.ts';

const it = needs(suite('github action, two environments'), ...TOOLS);

const STAGING = `version: 1
name: staging
state: { backend: git }
fleets:
  eu: "1394296486561117717"
batches:
  once:
    template: Collect logs
    target: { fleet: eu }
    executeAt: 2030-11-30T03:00:00Z
`;

/** A branch with both; returns its head. */
function two(hub: GitHub, staging = STAGING): string {
  hub.env.FLEETFORM_ENVIRONMENTS = 'live.yaml\nstaging.yaml\n';
  const { root } = hub.repository;
  hub.repository.branch('two');
  renameSync(join(root, 'fleetform.yaml'), join(root, 'live.yaml'));
  writeFileSync(join(root, 'staging.yaml'), staging);
  return hub.repository.commit('Two');
}

it('both are planned in one comment, and applied as they were reviewed, by both digests', () =>
  withGitHub(async (hub) => {
    const head = two(hub);
    green(await hub.pullRequest(head));
    for (const name of ['live.yaml', 'staging.yaml']) {
      assert.match(commentOn(hub, 7), new RegExp(`^- \`${name}\`: \`sha256:[0-9a-f]{64}\`$`, 'm'));
    }
    green(await hub.merged(hub.repository.squash('two'), head));
    assert.is(hub.api.posts().length, 4);
    assert.match(resultsOn(hub, 7)[0]!, '`live.yaml`: applied as it was reviewed: 3 created.');
    assert.match(resultsOn(hub, 7)[0]!, '`staging.yaml`: applied as it was reviewed: 1 created.');
  }));

it('if the first fails, the second is told as not begun', () =>
  withGitHub(async (hub) => {
    const head = two(hub);
    green(await hub.pullRequest(head));
    const merge = hub.repository.squash('two');
    green(await hub.dispatch('apply', { environment: 'live.yaml', address: 'winter-build' }));
    assert.not.ok((await hub.merged(merge, head)).isGreen);
    assert.is(hub.api.posts().length, 1);
    assert.match(resultsOn(hub, 7)[0]!, '`live.yaml`: **not applied, or not all of it.**');
    assert.match(resultsOn(hub, 7)[0]!, '`staging.yaml`: **not begun**');
  }));

it('if one cannot be planned, the comment has its errors, and a merge applies nothing of either', () =>
  withGitHub(async (hub) => {
    const head = two(hub, STAGING.replace('Collect logs', 'Collect lgos'));
    const planned = await hub.pullRequest(head);
    assert.not.ok(planned.isGreen);
    assert.match(planned.output, 'no plan of: staging.yaml');
    assert.match(commentOn(hub, 7), 'Collect lgos');
    const merged = await hub.merged(hub.repository.squash('two'), head);
    assert.match(merged.output, `no run has planned ${head}`);
    assert.is(hub.api.posts().length, 0);
  }));

it('one that is not in the standard format is told as that; another name or list of environments is the same comment', () =>
  withGitHub(async (hub) => {
    two(hub);
    hub.env.FLEETFORM_ENVIRONMENTS = 'live.yaml\n';
    green(await hub.pullRequest(hub.repository.head('HEAD')));
    hub.env.FLEETFORM_ENVIRONMENTS = 'live.yaml\nstaging.yaml\n';
    const untidy = STAGING.replace('target: { fleet: eu }', 'target: {fleet: eu}');
    writeFileSync(join(hub.repository.root, 'staging.yaml'), untidy);
    const refused = await hub.pullRequest(hub.repository.commit('Untidy'));
    assert.not.ok(refused.isGreen);
    assert.match(commentOn(hub, 7), 'is not in the standard format');
    assert.match(commentOn(hub, 7), 'Plan: 3 to create');
    assert.not.match(commentOn(hub, 7), /ENOENT|undefined/);
    writeFileSync(join(hub.repository.root, 'staging.yaml'), STAGING.replace('name: staging', 'name: other'));
    green(await hub.pullRequest(hub.repository.commit('Renamed')));
    assert.match(commentOn(hub, 7), 'Plan of commit');
    hub.comment(
      7,
      'github-actions[bot]',
      '<!-- fleetform:pull-request:.github/workflows/b.yml:plan -->\ntheirs',
    );
    green(await hub.pullRequest(hub.repository.head('HEAD')));
    assert.is(hub.comments.length, 2);
    assert.match(hub.comments[1]!.body, 'theirs');
  }));

it('two of one name are refused', () =>
  withGitHub(async (hub) => {
    const planned = await hub.pullRequest(two(hub, STAGING.replace('name: staging', 'name: live-ops')));
    assert.not.ok(planned.isGreen);
    assert.match(planned.output, 'two environments have the same name');
    assert.equal(hub.comments, []);
  }));

it.run();
