/** The action: what becomes of a merge is told on its pull request, and drift in one issue, which is ours alone. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs } from '../support/tools.ts';
import { edit, green, nightly, resultsOn, TOOLS, winter, withGitHub } from './github-scenes.ts';
import { git } from './workspace.ts';

const it = needs(suite('github action, results and drift'), ...TOOLS);

it('a merge is told as applied, a stale one with what has changed, and one comment each, whoever copies it', () =>
  withGitHub(async (hub) => {
    hub.repository.branch('winter');
    const head = hub.repository.commit('$(touch pwned) `id` ::set-output::');
    green(await hub.pullRequest(head));
    const merge = hub.repository.squash('winter');
    const marker = `<!-- fleetform:result:.github/workflows/fleetform.yml:${merge} -->`;
    for (const login of ['eve', 'other[bot]']) hub.comment(7, login, `${marker}\nmine`);
    const run = await hub.merged(merge, head);
    green(run);
    const told = () =>
      hub.comments.filter(({ user, body }) => user.login.startsWith('github') && body.startsWith(marker));
    assert.is(told().length, 1);
    assert.match(told()[0]!.body, 'applied as it was reviewed: 3 created.\n');
    assert.match(told()[0]!.body, `[this run](${hub.url}/ana/fleet/actions/runs/${run.id})`);
    const { body } = told()[0]!;
    green(await run.again());
    assert.equal(
      told().map((comment) => comment.body),
      [body],
      'it is applied already, and the record stays as it is',
    );
    assert.is(hub.api.posts().length, 3);
    green(await hub.dispatch('state rm', { address: 'winter-build' }));
    assert.not.ok((await run.again()).isGreen);
    assert.is(told().length, 1, 'the same comment');
    assert.match(told()[0]!.body, '\napplied as it was reviewed: 3 created.\n');
    assert.match(told()[0]!.body, '\nrun again, **not applied, or not all of it.**');
    assert.match(told()[0]!.body, 'run the workflow by hand on `main`');
    assert.is(resultsOn(hub, 7).filter((body) => body.endsWith('mine')).length, 2);
  }));

it('a merge without a plan is told as not applied; one without a pull request is told nowhere', () =>
  withGitHub(async (hub) => {
    hub.repository.branch('winter');
    const head = hub.repository.commit('Plan the winter');
    const merge = hub.repository.squash('winter');
    assert.not.ok((await hub.merged(merge, null)).isGreen);
    assert.equal(hub.comments, []);
    assert.not.ok((await hub.merged(merge, head)).isGreen);
    assert.match(resultsOn(hub, 7)[0]!, '**not applied**: the run says why');
  }));

it('drift opens one issue, which is written once more, and closed when there is none; others’ issues are theirs', () =>
  withGitHub(async (hub) => {
    await winter(hub);
    const cron = '37 6 * * *';
    const marker = '<!-- fleetform:drift:.github/workflows/fleetform.yml -->';
    for (const login of ['eve', 'other[bot]']) hub.issue(login, `${marker}\nmine`);
    const ours = () => hub.issues.slice(2);
    const posts = hub.api.posts().length;
    const none = await hub.scheduled({ cron });
    assert.is(none.job, 'drift');
    green(none);
    assert.equal(ours(), []);

    nightly(hub);
    green(await hub.scheduled({ cron }));
    const [first] = ours();
    assert.is(first?.state, 'open');
    assert.equal(first?.labels, ['fleetform-drift']);
    assert.ok(first?.body.startsWith(`${marker}\n`));
    assert.match(first!.body, /## what a plan would do\n\n\*\*Plan: 6 to create/);
    assert.not.match(first!.body, 'fleetform:plan:');
    const again = await hub.scheduled({ cron });
    green(again);
    assert.is(ours().length, 1);
    assert.match(ours()[0]!.body, `runs/${again.id}`);

    hub.env.FLEETFORM_API_URL = 'http://127.0.0.1:1';
    assert.not.ok((await hub.scheduled({ cron })).isGreen);
    assert.is(ours()[0]!.state, 'open', 'a look that failed closes nothing');
    delete hub.env.FLEETFORM_API_URL;
    assert.is(hub.api.posts().length, posts, 'a look changes nothing');

    green(await hub.scheduled());
    green(await hub.scheduled({ cron }));
    assert.is(ours()[0]!.state, 'closed');
    assert.match(hub.comments.at(-1)!.body, 'There is no drift any more');
    assert.ok(hub.issues.slice(0, 2).every(({ state, body }) => state === 'open' && body.endsWith('mine')));
  }));

it('a plan that may not be applied is a look, and opens the issue; the commit is the one that was looked at', () =>
  withGitHub(async (hub) => {
    await winter(hub);
    const old = hub.repository.head('main');
    edit(hub, '2030-12-01T03:00:00Z', '2030-12-01T05:00:00Z');
    edit(hub, 'create: 20', 'create: 0');
    const commit = hub.repository.commit('Later, and beyond the limits');
    hub.env.GITHUB_SHA = old;
    green(await hub.scheduled({ cron: '37 6 * * *' }));
    assert.match(hub.issues[0]!.body, `Seen at ${commit} by`);
    assert.match(hub.issues[0]!.body, 'limits.create');
    assert.not.match(hub.issues[0]!.body, 'There was no look');
  }));

it('a request that fails is told as that, and what else an artifact brings is no result of ours', () =>
  withGitHub(async (hub) => {
    hub.repository.branch('winter');
    const head = hub.repository.commit('Plan the winter');
    const planned = await hub.pullRequest(head);
    green(planned);
    const [shown] = hub.comments;
    const merge = hub.repository.squash('winter');
    const name = `fleetform-plan-7-${head}-${hub.repository.head('main^')}`;
    writeFileSync(join(hub.hub, 'artifacts', planned.id, name, 'result.tsv'), 'applied\t.\n');
    hub.rewrite({ ...shown!, body: 'Nothing.' });
    assert.match((await hub.merged(merge, head)).output, 'shows no plan of');
    assert.match(resultsOn(hub, 7)[0]!, '**not applied**: the run says why');
    hub.rewrite(shown!);
    green(await hub.merged(merge, head));
    assert.match(resultsOn(hub, 7)[0]!, '\napplied as it was reviewed: 3 created.');
    const before = hub.comments;
    await planned.again();
    assert.equal(hub.comments, before, 'a request that is closed keeps its comment');
    writeFileSync(join(hub.hub, 'artifacts.json'), '{broken');
    const broken = await hub.merged(merge, head);
    assert.match(broken.output, '::error::GitHub did not tell which runs have planned');
    assert.equal(hub.comments, before, 'the record stays');
  }));

it('two environments: applied by their own names, in order; by hand one is named; a link in the place of one is refused', () =>
  withGitHub(async (hub) => {
    const { root } = hub.repository;
    hub.env.FLEETFORM_ENVIRONMENTS = 'live.yaml\nstaging.yaml\n';
    renameSync(join(root, 'fleetform.yaml'), join(root, 'live.yaml'));
    const text = `version: 1\nname: staging\nstate: { backend: git }\nfleets:\n  eu: "1394296486561117717"\nbatches:\n  once:\n    template: Collect logs\n    target: { fleet: eu }\n    executeAt: 2030-11-30T03:00:00Z\n`;
    writeFileSync(join(root, 'staging.yaml'), text.replace('Collect logs', 'Collect lgos'));
    hub.repository.commit('Two');
    const night = await hub.scheduled();
    assert.not.ok(night.isGreen);
    assert.match(night.output, 'not applied, or not all of it: staging.yaml');
    assert.is(hub.api.posts().length, 3, 'the other one is applied');
    writeFileSync(join(root, 'staging.yaml'), text);
    hub.repository.commit('Right');
    for (const [environment, why] of [
      ['', 'so say which one: live.yaml staging.yaml'],
      ['live.yaml staging.yaml', 'is not one of the environments'],
      ['--force', 'is not one of the environments'],
      ['../x', 'is not one of the environments'],
    ] as const) {
      assert.match((await hub.dispatch('apply', { environment })).output, why);
    }
    green(await hub.dispatch('apply', { environment: 'staging.yaml' }));
    assert.is(hub.api.posts().length, 4);
    for (const wrong of [
      '/etc',
      '../x',
      '-f',
      'a b',
      'a;touch pwned',
      '$(touch pwned)',
      'live.yaml\nlive.yaml',
    ]) {
      hub.env.FLEETFORM_ENVIRONMENTS = wrong;
      assert.match((await hub.dispatch('plan')).output, '::error::FLEETFORM_ENVIRONMENTS', wrong);
    }
    hub.env.FLEETFORM_ENVIRONMENTS = 'envs/live';
    git(root, 'update-index', '--add', '--cacheinfo', `160000,${hub.repository.head('HEAD')},Envs`);
    git(root, 'commit', '--quiet', '-m', 'A submodule');
    git(root, 'push', '--quiet', 'origin', 'HEAD');
    assert.match((await hub.dispatch('plan')).output, 'this commit adds a link or a submodule');
  }));

it.run();
