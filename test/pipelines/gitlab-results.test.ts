/** The GitLab component: what becomes of a merge is told on its request, drift in one issue, and several environments. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs } from '../support/tools.ts';
import { included } from './fake-gitlab.ts';
import { green, withGitLab } from './gitlab-scenes.ts';
import { NIGHTLY } from './workspace.ts';

const it = needs(suite('gitlab component, results and drift'), 'bash');

const merge = (sha: string) => ({
  iid: 7,
  state: 'merged',
  target_branch: 'main',
  merge_commit_sha: null,
  squash_commit_sha: null,
  sha,
});

it('a merge is told as applied, a stale one with what has changed, in one note; a hostile branch is but a name', () =>
  withGitLab(async (lab) => {
    lab.repository.branch('$(id>pwned);`id`');
    const hostile = { CI_COMMIT_REF_NAME: '$(touch pwned);`id`', CI_COMMIT_TITLE: '$(touch pwned)' };
    const commit = lab.repository.commit('$(touch pwned) `id`');
    const preview = await lab.mergeRequest(commit, hostile);
    green(preview);
    assert.not.ok(existsSync(join(preview.cwd, 'pwned')));
    lab.gitlab.merges[commit] = [{ ...merge(commit), iid: 6, target_branch: 'release' }, merge(commit)];
    const marker = `<!-- fleetform:result:${commit} -->`;
    lab.gitlab.notes.push({ id: 3, author: { id: 5 }, body: `${marker}\nmine` });
    const told = () =>
      lab.gitlab.notes.filter(({ author, body }) => author.id === 11 && body.startsWith(marker));
    green((await lab.merged(commit)).applied);
    assert.match(told()[0]!.body, 'applied as it was planned: 3 created.\n');
    lab.repository.branch('later');
    const { applied } = await lab.merged(commit, async () => {
      green(await lab.byHand(commit, { command: 'state rm', address: 'winter-build' }));
    });
    assert.not.ok(applied.isGreen);
    assert.is(told().length, 1, 'the same note');
    assert.match(told()[0]!.body, '\napplied as it was planned: 3 created.\n');
    assert.match(told()[0]!.body, '\nrun again, **not applied, or not all of it.**');
    assert.match(told()[0]!.body, 'run a new pipeline of `main`');
    assert.match(lab.gitlab.notes[2]!.body, 'mine');
  }));

it('drift opens one issue, writes it once more, and closes it; a look that failed closes nothing', () =>
  withGitLab(async (lab) => {
    const first = lab.repository.commit('Plan the winter');
    green((await lab.merged(first)).applied);
    lab.gitlab.issue(5, '<!-- fleetform:drift -->\nmine');
    const ours = () => lab.gitlab.issues.slice(1);
    green(await lab.drift(first));
    assert.equal(ours(), []);
    writeFileSync(join(lab.repository.root, 'fleetform.yaml'), NIGHTLY, { flag: 'a' });
    const commit = lab.repository.commit('Restart every night');
    green(await lab.drift(commit));
    assert.match(ours()[0]!.description, /^<!-- fleetform:drift -->\n[\s\S]*## what a plan would do\n/);
    assert.is(ours()[0]!.labels, 'fleetform-drift');
    green(await lab.drift(commit));
    assert.is(ours().length, 1);
    assert.not.ok((await lab.drift(commit, { FLEETFORM_API_URL: 'http://127.0.0.1:1' })).isGreen);
    assert.is(ours()[0]!.state, 'opened');
    assert.match((await lab.drift(commit, { GITLAB_BOT_TOKEN: '' })).output, 'There is drift');
    green(await lab.scheduled(commit));
    green(await lab.drift(commit));
    assert.is(ours()[0]!.state, 'closed');
    const file = join(lab.repository.root, 'fleetform.yaml');
    const later = readFileSync(file, 'utf8').replace('2030-12-01T03:00:00Z', '2030-12-01T05:00:00Z');
    writeFileSync(file, later.replace('create: 20', 'create: 0'));
    green(await lab.drift(lab.repository.commit('Beyond the limits')));
    assert.match(ours()[1]!.description, 'limits.create', 'what may not be applied was looked at');
    assert.is(lab.gitlab.issueNotes.length, 1);
    assert.is(lab.gitlab.issues[0]!.state, 'opened');
  }));

const STAGING = `version: 1
name: staging
state: { backend: http }
fleets:
  eu: "1394296486561117717"
batches:
  once:
    template: Collect logs
    target: { fleet: eu }
    executeAt: 2030-11-30T03:00:00Z
`;

it('two environments: one note, in order; the first that fails is the last that is begun; one name is refused', () =>
  withGitLab(async (lab) => {
    const { root } = lab.repository;
    lab.settings.environments = 'live.yaml staging.yaml';
    renameSync(join(root, 'fleetform.yaml'), join(root, 'live.yaml'));
    const staging = (text: string) => {
      writeFileSync(join(root, 'staging.yaml'), text);
      return lab.repository.commit('Staging');
    };
    const wrong = await lab.mergeRequest(staging(STAGING.replace('Collect logs', 'Collect lgos')));
    assert.not.ok(wrong.isGreen);
    assert.match(wrong.output, 'No plan of: staging.yaml');
    assert.match(lab.gitlab.notes[1]!.body, 'Collect lgos');
    const untidy = await lab.mergeRequest(staging(STAGING.replace('{ fleet: eu }', '{fleet: eu}')));
    assert.not.ok(untidy.isGreen);
    assert.match(lab.gitlab.notes[1]!.body, 'is not in the standard format');
    green(await lab.mergeRequest(staging(STAGING.replace('name: staging', 'name: other'))));
    assert.is(lab.gitlab.notes.length, 2, 'one note, whatever fails or is renamed');
    const shown = lab.gitlab.notes[1]!.body;
    lab.gitlab.state = 'merged';
    await lab.mergeRequest(staging(STAGING.replace('name: staging', 'name: third')));
    assert.is(lab.gitlab.notes[1]!.body, shown, 'what was merged keeps its note');
    lab.gitlab.state = 'opened';
    const same = await lab.mergeRequest(staging(STAGING.replace('name: staging', 'name: live-ops')));
    assert.match(same.output, 'Two environments have the same name: live-ops');

    const commit = staging(STAGING);
    lab.gitlab.merges[commit] = [merge(commit)];
    green(await lab.mergeRequest(commit));
    const failing = await lab.merged(commit, async () => {
      green(
        await lab.byHand(commit, { command: 'apply', environment: 'live.yaml', address: 'winter-build' }),
      );
    });
    assert.not.ok(failing.applied.isGreen);
    const result = () => lab.gitlab.notes.at(-1)!.body;
    assert.match(result(), '`live.yaml`: **not applied');
    assert.match(result(), '`staging.yaml`: **not begun**');
    assert.is(lab.api.posts().length, 1);
    green((await lab.merged(commit)).applied);
    assert.match(result(), '`staging.yaml`: applied as it was planned: 1 created');
    assert.is(lab.api.posts().length, 4);
    assert.ok(lab.gitlab.others.get('live-ops-staging-yaml')!.state);
    assert.match((await lab.byHand(commit, { command: 'plan' })).output, 'so say which one');
    for (const environments of ['../x', '-f', 'a;b', '$(id)', 'a\nb']) {
      assert.is(included({}, { environments }), null, environments);
    }
  }));

it.run();
