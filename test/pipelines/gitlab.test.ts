/** examples/gitlab-ci, run job by job: merge requests and their notes. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs } from '../support/tools.ts';
import { type GitLab, jobNamed, type Ran } from './fake-gitlab.ts';
import { edit, green, withGitLab } from './gitlab-scenes.ts';

/** Its jobs run in bash. */
const it = needs(suite('gitlab ci example'), 'bash');

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

it.run();
