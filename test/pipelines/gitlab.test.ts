/** examples/gitlab-ci, run job by job: merge requests, their notes, the default branch, and repairs by hand. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs } from '../support/tools.ts';
import { type GitLab, included, jobNamed, pipeline, type Ran, runsIn } from './fake-gitlab.ts';
import { green, withGitLab } from './gitlab-scenes.ts';
import { COMMITTED } from './hostile-commits.ts';
import { git, loseRunners, NIGHTLY } from './workspace.ts';

const all = suite('gitlab ci example');
/** Its jobs run in bash. */
const it = needs(all, 'bash');

function edit(lab: GitLab, from: string | RegExp, to: string): void {
  const file = join(lab.repository.root, 'fleetform.yaml');
  const text = readFileSync(file, 'utf8');
  assert.match(text, from);
  writeFileSync(file, text.replace(from, to));
}

interface Finding {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

/** The bot's one note; a person's comes before it, and stays as it is. */
function note(lab: GitLab): string {
  assert.is(lab.gitlab.notes.length, 2);
  assert.match(lab.gitlab.notes[0]!.body, 'what is this?');
  return lab.gitlab.notes[1]!.body;
}

it('a merge request is planned with a note that is updated; the default branch applies the plan it looked at', () =>
  withGitLab(async (lab) => {
    lab.repository.branch('winter');
    const commit = lab.repository.commit('Plan the winter');
    const first = await lab.mergeRequest(commit);
    green(first);
    assert.match(note(lab), /^<!-- fleetform:merge-request:fleetform-preview:live-ops -->\n/);
    assert.match(note(lab), /Plan: 3 to create/);
    assert.match(note(lab), `Plan of commit ${commit}, by [this job](https://lab.example/jobs/9).`);
    assert.ok(existsSync(join(first.cwd, 'plan/plan.html')));
    edit(lab, '"8812"', '"8813"');
    green(await lab.mergeRequest(lab.repository.commit('Another build')));
    assert.match(note(lab), '8813');
    assert.is(lab.api.posts().length, 0);

    const { planned, applied } = await lab.merged(lab.repository.squash('winter'));
    green(planned);
    green(applied);
    assert.match(applied.output, 'Apply complete: 3 created');
    assert.is(lab.api.posts().length, 3);

    // Deleted there, with its versions.
    lab.gitlab.states.state = null;
    lab.gitlab.states.kept.splice(0);
    const again = await lab.merged(lab.repository.commit('Nothing new'));
    assert.match(again.planned.output, '3 to adopt');
    green(again.applied);
    assert.is(lab.api.posts().length, 3, 'a lost state makes nothing twice');
  }));

it("a developer's jobs read the state, and cannot write it", () =>
  withGitLab(async (lab) => {
    green((await lab.merged(lab.repository.commit('Plan the winter'))).applied);
    const before = lab.gitlab.states.state;
    lab.role = 'developer';
    lab.repository.branch('later');
    edit(lab, '"8812"', '"8813"');
    const commit = lab.repository.commit('Another build');
    const preview = await lab.mergeRequest(commit);
    assert.not.ok(preview.isGreen, 'what the state remembers protects the batch');
    assert.match(preview.output, 'preventCancel');
    const written = lab.api.requests.filter(({ method }) => method !== 'GET').length;
    for (const command of ['apply', 'state rm']) {
      const address = command === 'apply' ? '' : 'winter-build';
      const refused = await lab.byHand(commit, { command, address });
      assert.not.ok(refused.isGreen);
      assert.match(refused.output, 'refuses access');
      assert.not.match(refused.output, 'glcbt');
    }
    assert.is(lab.gitlab.states.state, before);
    assert.is(lab.api.requests.filter(({ method }) => method !== 'GET').length, written);
  }));

it('a branch that names another place for the state is not planned as if there were none', () =>
  withGitLab(async (lab) => {
    green((await lab.merged(lab.repository.commit('Plan the winter'))).applied);
    for (const [at, [place, why]] of [
      ['{ backend: local }', 'still holds one'],
      ['{ backend: git }', 'still holds one'],
    ].entries()) {
      lab.repository.branch(`mine-${at}`);
      edit(lab, '{ backend: http }', place!);
      const preview = await lab.mergeRequest(lab.repository.commit('Elsewhere'));
      assert.not.ok(preview.isGreen, place);
      assert.match(preview.output.replace(/\s+/g, ' '), why!, place);
    }
  }));

all('what runs on the default branch runs there alone', () => {
  for (const name of ['fleetform-plan', 'fleetform-apply', 'fleetform-scheduled', 'fleetform-by-hand']) {
    const [rule, ...others] = jobNamed(name).rules ?? [];
    assert.equal(others, []);
    assert.match(rule!.if, '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && ');
  }
  const jobs = Object.keys(pipeline).filter((name) => !name.startsWith('.'));
  const running = (source: string, command = 'none') =>
    jobs.filter((name) => runsIn(name, source, { command }));
  assert.equal(running('push'), ['fleetform-plan', 'fleetform-apply']);
  assert.equal(running('schedule'), ['fleetform-scheduled'], 'nothing that waits for a person');
  for (const source of ['web', 'schedule']) assert.equal(running(source, 'lock list'), ['fleetform-by-hand']);
});

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

it('of a file that does not tell its name, the note says so, in the place of the plan that it has shown', () =>
  withGitLab(async (lab) => {
    lab.repository.branch('nameless');
    edit(lab, '"8812"', '"8813"');
    green(await lab.mergeRequest(lab.repository.commit('Another build')));
    const [marker] = note(lab).split('\n');
    edit(lab, 'name: live-ops', 'name: live ops');
    const commit = lab.repository.commit('A slip');
    assert.not.ok((await lab.mergeRequest(commit)).isGreen);
    assert.is(note(lab).split('\n')[0], marker);
    assert.match(note(lab), 'no plan could be made');
    assert.match(note(lab), `There is no plan for commit ${commit}: `);
    assert.not.match(note(lab), 'sha256:');
  }));

it('a branch that lacks commits of the default branch is told to update before anything is planned', () =>
  withGitLab(async (lab) => {
    lab.repository.branch('mine');
    edit(lab, '"8812"', '"8813"');
    const mine = lab.repository.commit('Another build');
    lab.repository.branch('yours');
    edit(lab, 'cancel: 10', 'cancel: 11');
    const yours = lab.repository.commit('More may be cancelled');
    green(await lab.mergeRequest(yours));
    green((await lab.merged(lab.repository.squash('mine'))).applied);
    const requests = lab.api.requests.length;
    const behind = await lab.mergeRequest(yours);
    assert.not.ok(behind.isGreen);
    assert.match(behind.output, 'This branch is behind main');
    assert.match(behind.output, 'update the branch');
    assert.is(lab.api.requests.length, requests);
    const why = `There is no plan for commit ${yours}: [this job](https://lab.example/jobs/9) says why.\n`;
    assert.is(note(lab).replace(/^.*/, ''), `\n\n${why}`);
    assert.match(note(lab), /^<!-- fleetform:merge-request:fleetform-preview:live-ops -->\n/);
    assert.not.ok((await lab.mergeRequest(mine)).isGreen);

    green(await lab.mergeRequest(lab.repository.update('yours')));
    assert.match(note(lab), 'Plan of commit');
    const { planned, applied } = await lab.merged(lab.repository.squash('yours'));
    assert.match(planned.output, 'No changes.');
    green(applied);
    assert.is(lab.api.posts().length, 3);
  }));

it('a job that cannot plan writes no first note; one that was cancelled or ends late leaves the note alone', () =>
  withGitLab(async (lab) => {
    lab.repository.branch('winter');
    edit(lab, 'version: 1', 'version:    1');
    assert.not.ok((await lab.mergeRequest(lab.repository.commit('Untidy'))).isGreen);
    assert.is(lab.gitlab.notes.length, 1);
    edit(lab, 'version:    1', 'version: 1');
    const older = lab.repository.commit('Plan the winter');
    edit(lab, '"8812"', '"8813"');
    const head = lab.repository.commit('Another build');
    green(await lab.mergeRequest(head));
    const newest = note(lab);
    await lab.mergeRequest(older, { HEAD: head });
    assert.is(note(lab), newest);
    await lab.mergeRequest(older, { CI_JOB_STATUS: 'canceled' });
    assert.is(note(lab), newest);
    assert.is(jobNamed('fleetform-preview').interruptible, true);
    green(
      await lab.mergeRequest(older, { CI_COMMIT_SHA: 'trial', CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: older }),
    );
    assert.match(note(lab), `Plan of commit ${older}`);
  }));

it('what is wrong is shown at its line in the merge request, and gone once it is right', () =>
  withGitLab(async (lab) => {
    const quality = ({ cwd }: Ran): Finding[] =>
      JSON.parse(
        readFileSync(join(cwd, jobNamed('fleetform-preview').artifacts!.reports!.codequality!), 'utf8'),
      );
    lab.repository.branch('winter');
    edit(lab, 'template:', 'tmplate:');
    const failed = await lab.mergeRequest(lab.repository.commit('A slip'));
    assert.not.ok(failed.isGreen);
    const found = quality(failed);
    const slip = found.find(({ description }) => description.includes('did you mean "template"?'))!;
    assert.is(new Set(found.map(({ fingerprint }) => fingerprint)).size, found.length);
    assert.is(slip.severity, 'critical');
    assert.match(slip.check_name, /^desired\./);
    const lines = readFileSync(join(failed.cwd, slip.location.path), 'utf8').split('\n');
    assert.match(lines[slip.location.lines.begin - 1]!, 'tmplate:');
    edit(lab, 'tmplate:', 'template:');
    const planned = await lab.mergeRequest(lab.repository.commit('Right'));
    green(planned);
    assert.equal(quality(planned), []);
  }));

it('a merge request of a fork, or into another branch, is not planned', () =>
  withGitLab(async (lab) => {
    lab.repository.branch('winter');
    const commit = lab.repository.commit('Plan the winter');
    for (const elsewhere of [
      { CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '66' },
      { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'release' },
    ]) {
      try {
        await lab.mergeRequest(commit, elsewhere);
        assert.unreachable();
      } catch (error) {
        assert.match(String(error), 'fleetform-preview does not run here');
      }
    }
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

it('by hand: GitLab refuses what is no input of ours, and the job refuses it once more', () =>
  withGitLab(async (lab) => {
    const commit = lab.repository.commit('Plan the winter');
    for (const given of [
      { command: 'destroy' },
      { command: 'plan --force' },
      { command: 'plan', address: '--api-url=https://evil.example' },
      { command: 'plan', address: 'a\n--force' },
      { command: 'import', address: 'a', batches: '1 --force' },
      { command: 'force-unlock', lock: '--force' },
      { command: 'plan', file: 'x' },
    ]) {
      assert.is((await lab.byHand(commit, given)).output, 'no pipeline', JSON.stringify(given));
    }
    for (const [variables, why] of [
      [{ COMMAND: 'destroy' }, 'command is one of'],
      [{ ADDRESS: '--api-url=https://evil.example' }, 'is not an address'],
      [{ ADDRESS: 'a\n--force' }, 'is not an address'],
      [{ ADDRESS: 'a[$(touch pwned)]' }, 'is not an address'],
      [{ COMMAND: 'import', ADDRESS: 'a', BATCHES: '1 --force' }, 'are not ids of batches'],
      [{ COMMAND: 'import', ADDRESS: 'a' }, 'import needs: address batches'],
      [{ COMMAND: 'force-unlock', LOCK: '--force' }, 'is not a lock id'],
      [{ COMMAND: 'force-unlock', LOCK: '4f1c', ADDRESS: 'a' }, 'force-unlock takes no address'],
      [{ LOCK: '4f1c' }, 'plan takes no lock'],
    ] as const) {
      const ran = await lab.byHand(commit, { command: 'plan' }, variables);
      assert.not.ok(ran.isGreen, why);
      assert.match(ran.output, why);
      assert.not.match(ran.output, 'evil');
      assert.not.ok(readdirSync(ran.cwd).includes('pwned'));
    }
    assert.is(lab.api.requests.length, 0);
    for (const name of ['fleetform-plan', 'fleetform-apply']) {
      assert.match(jobNamed(name, included({ command: 'apply' })!).rules![0]!.if, '"apply" == "none"');
    }
  }));

it('without the API that the key belongs to, or with another package, nothing is run', () =>
  withGitLab(async (lab) => {
    lab.repository.branch('winter');
    const commit = lab.repository.commit('Plan the winter');
    for (const [settings, lie, why] of [
      [{}, { FLEETFORM_API_URL: '' }, 'The variable FLEETFORM_API_URL'],
      [{}, { FAKE_PACKAGE: 'another package' }, 'does not match the input integrity'],
      [{ integrity: '' }, {}, 'does not match the input integrity'],
      [{ package: '' }, {}, 'must say where fleetform is installed from'],
    ] as const) {
      const before = { ...lab.settings };
      Object.assign(lab.settings, settings);
      for (const ran of [
        await lab.mergeRequest(commit, lie),
        await lab.byHand(commit, { command: 'plan' }, lie),
      ]) {
        assert.not.ok(ran.isGreen);
        assert.match(ran.output, why);
        if (!why.includes('API_URL')) assert.not.match(ran.output, 'npm install');
      }
      Object.assign(lab.settings, before);
    }
    assert.is(lab.api.requests.length, 0);
  }));

it('links, submodules, states and reports that a branch brings are refused before anything is planned', () =>
  withGitLab(async (lab) => {
    for (const [i, [what, bring, why]] of COMMITTED.entries()) {
      lab.repository.branch(`evil-${i}`);
      bring(lab.repository.root);
      const commit = lab.repository.commit('Nothing special');
      const { planned, applied } = await lab.merged(commit);
      const ran = [
        await lab.mergeRequest(commit),
        planned,
        applied,
        await lab.scheduled(commit),
        await lab.byHand(commit, { command: 'plan' }),
      ];
      for (const { isGreen, output } of ran) {
        assert.not.ok(isGreen, what);
        assert.match(output, `This commit adds a ${why}`, what);
        assert.match(output, /npm install.*\n.*This commit/, 'nothing is run in between');
      }
      git(lab.repository.root, 'reset', '--quiet', '--hard');
      git(lab.repository.root, 'clean', '--quiet', '-ffdx');
    }
    lab.repository.branch('report');
    mkdirSync(join(lab.repository.root, 'plan'));
    writeFileSync(
      join(lab.repository.root, 'plan/comment.md'),
      '<!-- fleetform:plan:live-ops:0123456789ab -->\nall is well\n',
    );
    edit(lab, 'version: 1', 'version:    1');
    assert.not.ok((await lab.mergeRequest(lab.repository.commit('Untidy'))).isGreen);
    assert.is(lab.gitlab.notes.length, 1, 'a report that the branch brings is no note');
    assert.is(lab.api.requests.length, 0);
  }));

all(
  'what may write the state runs in the environment; an apply is pressed by a person; no state is carried along',
  () => {
    for (const name of ['fleetform-apply', 'fleetform-scheduled', 'fleetform-by-hand'])
      assert.is(jobNamed(name).environment, 'production');
    for (const name of ['fleetform-apply', 'fleetform-scheduled'])
      assert.is(jobNamed(name).resource_group, 'fleetform');
    assert.is(
      jobNamed('fleetform-by-hand').resource_group,
      undefined,
      'it frees the lock that an apply waits for',
    );
    assert.is(jobNamed('fleetform-apply').rules?.[0]?.when, 'manual');
    for (const name of Object.keys(pipeline)) {
      assert.is(jobNamed(name).cache, undefined);
      for (const path of jobNamed(name).artifacts?.paths ?? []) assert.is(path, 'plan');
    }
    for (const name of Object.keys(pipeline)) {
      const { before_script = [], script = [], after_script = [] } = pipeline[name]!;
      for (const line of [...before_script, ...script, ...after_script]) {
        assert.not.match(line, '$[[', 'what others write is no part of a script');
      }
    }
  },
);

all.run();
