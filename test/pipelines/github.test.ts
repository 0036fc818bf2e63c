/** examples/github-actions, run step by step: pull requests, merges, a lost state, and plans that no longer hold. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs } from '../support/tools.ts';
import { commentOn, edit, green, proposal, TOOLS, winter, withGitHub } from './github-scenes.ts';

const it = needs(suite('github actions example'), ...TOOLS);

it('a pull request is planned, commented, planned again in the same comment, merged, and applied as reviewed', () =>
  withGitHub(async (hub) => {
    hub.repository.branch('winter');
    const commit = hub.repository.commit('Plan the winter');
    const first = await hub.pullRequest(commit);
    green(first);
    assert.match(
      commentOn(hub, 7),
      /^<!-- fleetform:pull-request:.github\/workflows\/fleetform.yml:plan -->\n<!-- fleetform:plan:live-ops:[0-9a-f]{12} -->\n/,
    );
    assert.match(commentOn(hub, 7), /Plan: 3 to create/);
    assert.match(
      commentOn(hub, 7),
      `Plan of commit ${commit} on ${hub.repository.head('main')} of main, by [this run](${hub.url}/ana/fleet/actions/runs/${first.id}).`,
    );
    assert.is(hub.api.posts().length, 0, 'a plan creates nothing');
    const name = `fleetform-plan-7-${commit}-${hub.repository.head('main')}`;
    const page = join(hub.hub, 'artifacts', first.id, name, 'plan.html');
    assert.match(readFileSync(page, 'utf8'), 'winter-build');

    edit(hub, 'buildId: "8812"', 'buildId: "8813"');
    const head = hub.repository.commit('Another build');
    green(await hub.pullRequest(head));
    assert.match(commentOn(hub, 7), '8813');

    const applied = await hub.merged(hub.repository.squash('winter'), head);
    green(applied);
    assert.is(hub.api.posts().length, 3);
    assert.match(applied.output, 'Apply complete: 3 created');
  }));

it('of two pull requests the second is told to update, is planned anew, and applied; so is a third', () =>
  withGitHub(async (hub) => {
    await winter(hub);
    const mine = proposal(hub, 'mine', '  winter-restart:');
    const yours = proposal(hub, 'yours', '  winter-build:');
    const theirs = proposal(hub, 'theirs', /$/);
    green(await hub.pullRequest(mine, { number: 11 }));
    const early = await hub.pullRequest(yours, { number: 12 });
    green(early);
    assert.match(commentOn(hub, 12), 'Plan: 1 to create');
    green(await hub.merged(hub.repository.squash('mine'), mine, { number: 11 }));

    const requests = hub.api.requests.length;
    for (const behind of [await early.again(), await hub.pullRequest(theirs, { number: 13 })]) {
      assert.not.ok(behind.isGreen);
      assert.match(behind.output, '::error::this branch is behind main');
      assert.match(behind.output, 'update the branch');
    }
    assert.is(hub.api.requests.length, requests, 'nothing was planned');
    assert.match(commentOn(hub, 12), /^<!-- fleetform:pull-request:\S+ -->\n\nThere is no plan for commit/);
    assert.match(commentOn(hub, 12), yours);
    assert.not.match(commentOn(hub, 12), 'to create');
    assert.not.ok(
      hub.comments.some(({ pull }) => pull === 13),
      'nothing to replace: no comment',
    );

    for (const [branch, number] of [
      ['yours', 12],
      ['theirs', 13],
    ] as const) {
      const updated = hub.repository.update(branch);
      green(await hub.pullRequest(updated, { number }));
      assert.match(commentOn(hub, number), 'Plan: 1 to create, 0 to replace, 0 to cancel');
      green(await hub.merged(hub.repository.squash(branch), updated, { number }));
    }
    assert.is(hub.api.posts().length, 6);
  }));

it('a merge that brings another file than was planned is refused, and put right by hand', () =>
  withGitHub(async (hub) => {
    await winter(hub);
    const mine = proposal(hub, 'mine', '  winter-restart:');
    const yours = proposal(hub, 'yours', /$/);
    green(await hub.pullRequest(mine, { number: 11 }));
    green(await hub.pullRequest(yours, { number: 12 }));
    green(await hub.merged(hub.repository.squash('mine'), mine, { number: 11 }));
    const refused = await hub.merged(hub.repository.squash('yours'), yours, { number: 12 });
    assert.not.ok(refused.isGreen);
    assert.match(refused.output, `no run has planned ${yours}, the last commit of #12, on `);
    assert.match(refused.output, '::error::to continue, see the log, then run this workflow by hand on main');
    assert.is(hub.api.posts().length, 4);

    const looked = await hub.dispatch('plan');
    green(looked);
    assert.match(looked.output, 'Plan: 1 to create, 0 to replace, 0 to cancel');
    green(await hub.dispatch('apply', { address: 'yours' }));
    assert.is(hub.api.posts().length, 5);
    assert.match((await hub.dispatch('plan')).output, 'No changes.');
  }));

it('a state that was not brought along: the next plan finds the batches by evidence, and the merge records them again', () =>
  withGitHub(async (hub) => {
    await winter(hub);
    hub.repository.removeRemote('refs/fleetform/live-ops');
    hub.repository.branch('later');
    edit(hub, '2030-12-01T03:00:00Z', '2030-12-01T05:00:00Z');
    const later = hub.repository.commit('Deploy later');
    green(await hub.pullRequest(later));
    assert.match(commentOn(hub, 7), '2 to adopt');
    const applied = await hub.merged(hub.repository.squash('later'), later);
    green(applied);
    assert.match(applied.output, 'Apply complete: 1 created, 0 replaced, 0 cancelled, 0 updated, 2 adopted');
    assert.is(hub.api.posts().length, 4);
  }));

it('a plan made before a colleague applied is refused, and says what has changed', () =>
  withGitHub(async (hub) => {
    hub.repository.branch('mine');
    const mine = hub.repository.commit('Plan the winter');
    green(await hub.pullRequest(mine));
    green(await hub.dispatch('apply', { address: 'winter-build' }));
    const refused = await hub.merged(hub.repository.squash('mine'), mine);
    assert.not.ok(refused.isGreen);
    assert.match(refused.output, 'the plan is stale (nothing is left to do of 1 of its 3 changes)');
    assert.is(hub.api.posts().length, 1, 'only the colleague’s');
  }));

it('a job that is run again replaces its plan', () =>
  withGitHub(async (hub) => {
    hub.repository.branch('winter');
    const head = hub.repository.commit('Plan the winter');
    const early = await hub.pullRequest(head);
    green(await hub.dispatch('apply', { address: 'winter-build' }));
    green(await early.again());
    assert.match(commentOn(hub, 7), 'Plan: 2 to create');
    green(await hub.merged(hub.repository.squash('winter'), head));
    assert.is(hub.api.posts().length, 3);
  }));

it('only the plan of the merged pull request is applied', () =>
  withGitHub(async (hub) => {
    hub.repository.branch('winter');
    const head = hub.repository.commit('Plan the winter');
    green(await hub.pullRequest(head));
    const commit = hub.repository.squash('winter');
    for (const [refused, why] of [
      [await hub.merged(commit, null), 'is not the merge of a pull request'],
      [await hub.merged(commit, head, { base: { ref: 'release' } }), 'is not the merge of a pull request'],
      [await hub.merged(commit, head, { merge_commit_sha: head }), 'is not the merge of a pull request'],
      [await hub.merged(commit, head, { merged_at: null }), 'is not the merge of a pull request'],
      [await hub.merged(commit, commit), 'no run has planned'],
      [await hub.merged(commit, head, { number: 8 }), 'no run has planned'],
    ] as const) {
      assert.not.ok(refused.isGreen);
      assert.match(refused.output, why);
    }
    assert.is(hub.api.posts().length, 0);
    green(await hub.merged(commit, head));
  }));

it.run();
