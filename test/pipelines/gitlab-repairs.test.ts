/** examples/gitlab-ci, run job by job: schedules, plans and locks that no longer hold, and repairs by hand. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs } from '../support/tools.ts';
import { edit, green, withGitLab } from './gitlab-scenes.ts';
import { loseRunners, NIGHTLY } from './workspace.ts';

/** Its jobs run in bash. */
const it = needs(suite('gitlab ci example, schedules and repairs'), 'bash');

it('a schedule makes what is due, once, and leaves no trace when nothing is', () =>
  withGitLab(async (lab) => {
    edit(lab, /$/, NIGHTLY);
    const commit = lab.repository.commit('Restart every night');
    const first = await lab.scheduled(commit);
    green(first);
    assert.match(first.output, 'Apply complete: 9 created');
    const { state } = lab.gitlab.states;
    const versions = lab.gitlab.states.kept.length;
    const second = await lab.scheduled(commit);
    green(second);
    assert.match(second.output, 'No changes.');
    assert.is(lab.api.posts().length, 9);
    assert.is(lab.gitlab.states.state, state);
    assert.is(lab.gitlab.states.kept.length, versions, 'no version of the state');

    lab.api.ahead += 2 * 86_400;
    const late = await lab.scheduled(commit);
    green(late);
    assert.match(late.output, 'Apply complete: 4 created');
    assert.not.match(late.output, 'missed');
    assert.match((await lab.scheduled(commit)).output, 'No changes.');
    assert.is(lab.gitlab.notes.length, 1);
  }));

it('a schedule whose owner is no Maintainer, or whose commit is not the newest, stops', () =>
  withGitLab(async (lab) => {
    edit(lab, /$/, NIGHTLY);
    const commit = lab.repository.commit('Restart every night');
    lab.role = 'developer';
    const refused = await lab.scheduled(commit);
    assert.not.ok(refused.isGreen);
    assert.match(refused.output, 'refuses access');
    lab.role = 'maintainer';
    lab.repository.commit('Something else');
    const old = await lab.scheduled(commit);
    assert.not.ok(old.isGreen);
    assert.match(old.output, 'main has moved on since this pipeline began');
    assert.is(lab.api.posts().length, 0);
  }));

it('by hand: one night by its address', () =>
  withGitLab(async (lab) => {
    edit(lab, /$/, NIGHTLY);
    const commit = lab.repository.commit('Restart every night');
    green(await lab.scheduled(commit));
    const { output } = await lab.byHand(commit, { command: 'state list', address: 'nightly[fleet:eu]' });
    const [address] = /nightly\[fleet:eu\]@[-\dT:]+Z/.exec(output)!;
    const planned = await lab.byHand(commit, { command: 'plan', address });
    green(planned);
    assert.match(planned.output, 'No changes.');
    for (const wrong of [`${address} --force`, 'nightly@tomorrow'])
      assert.is((await lab.byHand(commit, { command: 'plan', address: wrong })).output, 'no pipeline');
  }));

it('a plan that no longer holds when the button is pressed is refused; a new pipeline plans anew', () =>
  withGitLab(async (lab) => {
    const commit = lab.repository.commit('Plan the winter');
    const { applied } = await lab.merged(commit, async () => {
      green(await lab.byHand(commit, { command: 'apply', address: 'winter-build' }));
    });
    assert.not.ok(applied.isGreen);
    assert.match(applied.output, 'the plan is stale (nothing is left to do of 1 of its 3 changes)');
    assert.is(lab.api.posts().length, 1);
    green((await lab.merged(commit)).applied);
    assert.is(lab.api.posts().length, 3);
  }));

it('two applies at once: one waits for the other, and everything is made once', () =>
  withGitLab(async (lab) => {
    const commit = lab.repository.commit('Plan the winter');
    const both = await Promise.all([
      lab.byHand(commit, { command: 'apply' }),
      lab.byHand(commit, { command: 'apply' }),
    ]);
    for (const ran of both) green(ran);
    assert.is(lab.api.posts().length, 3);
    assert.match(both.map(({ output }) => output).join(''), 'No changes.');
  }));

it('an apply whose machine is lost leaves its lock, and who waits for it goes on once it is removed by hand', () => {
  let isLost = false;
  const faultFor = ({ method }: { method: string }) => {
    if (method === 'POST' && !isLost) {
      isLost = true;
      loseRunners();
    }
    return undefined;
  };
  return withGitLab(
    async (lab) => {
      const commit = lab.repository.commit('Plan the winter');
      assert.not.ok((await lab.merged(commit)).applied.isGreen);
      const lock = lab.gitlab.states.lock!;
      // As if it had been a while ago.
      lock.Created = '2026-11-23T12:00:00Z';
      const listed = await lab.byHand(commit, { command: 'lock list' });
      green(listed);
      assert.match(listed.output, lock.ID!);
      const waiting = lab.byHand(commit, { command: 'apply' });
      green(await lab.byHand(commit, { command: 'force-unlock', lock: lock.ID! }));
      green(await waiting);
      assert.is(lab.api.posts().length, 3);
      assert.match((await lab.byHand(commit, { command: 'plan' })).output, 'No changes.');
      const listing = await lab.byHand(commit, { command: 'state list', address: 'winter-restart' });
      assert.match(listing.output, 'winter-restart[fleet:eu]');
      green(await lab.byHand(commit, { command: 'state rm', address: 'winter-build' }));
      assert.is(lab.gitlab.states.lock, null);
    },
    { faultFor },
  );
});

it.run();
