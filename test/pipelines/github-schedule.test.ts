/** examples/github-actions, by night: what schedules name is made, once, and a night without work leaves no trace. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs } from '../support/tools.ts';
import type { GitHub } from './fake-github.ts';
import { commentOn, edit, green, nightly, proposal, TOOLS, winter, withGitHub } from './github-scenes.ts';
import { NIGHTLY } from './workspace.ts';

const it = needs(suite('github actions example, schedule'), ...TOOLS);

const REF = 'refs/fleetform/live-ops';
const DAY = 86_400;

/** When and where logs are collected, which is what is nightly here. */
const nightsOf = (hub: GitHub) =>
  hub.api.record.batches.flatMap(({ templateId, request }) =>
    templateId === 9 ? [JSON.stringify(request)] : [],
  );

it('a night makes what schedules name, the next run of it nothing; days without one lose nothing', () =>
  withGitHub(async (hub) => {
    await winter(hub);
    nightly(hub);
    const first = await hub.scheduled();
    assert.is(first.job, 'scheduled');
    green(first);
    assert.match(first.output, 'Apply complete: 6 created');
    const state = hub.repository.remoteHead(REF);
    const main = hub.repository.remoteHead('refs/heads/main');
    const comments = hub.comments.length;

    const second = await hub.scheduled();
    green(second);
    assert.match(second.output, 'No changes.');
    assert.is(hub.api.posts().length, 3 + 6);
    assert.is(hub.repository.remoteHead(REF), state, 'no commit of the state');

    hub.api.ahead += 2 * DAY;
    const late = await hub.scheduled();
    green(late);
    assert.match(late.output, 'Apply complete: 4 created');
    assert.not.match(late.output, 'missed', 'the horizon was longer than the days without one');

    hub.api.ahead += 5 * DAY;
    const muchLater = await hub.scheduled();
    green(muchLater);
    assert.match(muchLater.output, 'Apply complete: 6 created');
    assert.match(muchLater.output, /missed/, 'two nights beyond the horizon');
    assert.match((await hub.scheduled()).output, 'No changes.');

    const nights = nightsOf(hub);
    assert.is(new Set(nights).size, nights.length, 'each night and fleet once');
    assert.is(nights.length, 6 + 4 + 6);
    assert.is(hub.comments.length, comments);
    assert.is(hub.repository.remoteHead('refs/heads/main'), main);
  }));

it('a run that is run again applies main as it is by then, and not its own old file', () =>
  withGitHub(async (hub) => {
    nightly(hub);
    const early = await hub.scheduled();
    green(early);
    hub.repository.branch('later');
    edit(hub, 'cron: 30 ', 'cron: 45 ');
    edit(hub, 'cancelPercent: 50', 'cancelPercent: 100');
    hub.repository.commit('Later');
    hub.repository.squash('later');
    green(await hub.scheduled());
    const again = await early.again();
    green(again);
    assert.match(again.output, 'No changes.');
  }));

it('a pull request that was planned before a night is merged as it was planned', () =>
  withGitHub(async (hub) => {
    nightly(hub);
    green(await hub.scheduled());
    const mine = proposal(hub, 'mine', '  winter-restart:');
    green(await hub.pullRequest(mine));
    hub.api.ahead += DAY;
    green(await hub.scheduled());
    const applied = await hub.merged(hub.repository.squash('mine'), mine);
    green(applied);
    assert.match(applied.output, 'Apply complete: 1 created');
  }));

it('a night that exceeds the limits, or finds an error, is red, and does nothing', () =>
  withGitHub(async (hub) => {
    nightly(hub);
    for (const [at, [from, to, why]] of [
      ['create: 20', 'create: 5', 'limits.create (5)'],
      ['template: Collect logs', 'template: Collect lgos', 'Collect logs'],
    ].entries()) {
      hub.repository.branch(`wrong-${at}`);
      edit(hub, from!, to!);
      hub.repository.commit('Wrong');
      hub.repository.squash(`wrong-${at}`);
      const run = await hub.scheduled();
      assert.not.ok(run.isGreen, to);
      assert.match(run.output, why!);
      assert.match(run.output, '::error::nothing more is done tonight');
    }
    assert.is(hub.api.posts().length, 0);
  }));

it('main only, and never in a fork', () =>
  withGitHub(async (hub) => {
    assert.is((await hub.scheduled({ isFork: true })).job, null);
    hub.repository.branch('release');
    assert.is((await hub.scheduled({ ref: 'refs/heads/release' })).job, null);
  }));

it('by hand: one night by its address', () =>
  withGitHub(async (hub) => {
    nightly(hub);
    green(await hub.scheduled());
    const listed = await hub.dispatch('state list', { address: 'nightly[fleet:eu]' });
    green(listed);
    const [address] = /nightly\[fleet:eu\]@[-\dT:]+Z/.exec(listed.output)!;
    const one = await hub.dispatch('state list', { address });
    green(one);
    assert.not.match(one.output, 'fleet:us');
    assert.match((await hub.dispatch('plan', { address })).output, 'No changes');
    green(await hub.dispatch('state rm', { address }));
    const adopted = await hub.dispatch('apply', { address });
    green(adopted);
    assert.match(adopted.output, '1 adopted');
    assert.is(hub.api.posts().length, 3 + 6);
  }));

it('a pull request shows the nights that it brings', () =>
  withGitHub(async (hub) => {
    hub.repository.branch('nightly');
    edit(hub, /$/, NIGHTLY);
    green(await hub.pullRequest(hub.repository.commit('Restart every night')));
    assert.match(commentOn(hub, 7), 'nightly');
  }));

it.run();
