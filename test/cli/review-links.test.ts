/** What a job's environment says of the change under review → links. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { reviewLinks } from '../../src/cli/review-links.ts';

const it = suite('review links');
const SHA = '0a55f61c0ffee0a55f61c0ffee0a55f61c0ffee0';
const GITHUB = {
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'acme/ops',
  GITHUB_SHA: SHA,
  GITHUB_RUN_ID: '9',
  GITHUB_REF: 'refs/pull/12/merge',
};
const GITLAB = {
  CI_PROJECT_URL: 'https://gitlab.example/acme/ops',
  CI_COMMIT_SHA: SHA,
  CI_MERGE_REQUEST_IID: '7',
  CI_PIPELINE_URL: 'https://gitlab.example/acme/ops/-/pipelines/5',
};

it('GitHub: request, commit and run; without a request the other two', () => {
  assert.equal(reviewLinks(GITHUB), [
    { text: 'pull request 12', url: 'https://github.com/acme/ops/pull/12' },
    { text: 'commit 0a55f61', url: `https://github.com/acme/ops/commit/${SHA}` },
    { text: 'run', url: 'https://github.com/acme/ops/actions/runs/9' },
  ]);
  assert.is(reviewLinks({ ...GITHUB, GITHUB_REF: 'refs/heads/main' }).length, 2);
});

it('GitLab: the same, of the job rather than of its pipeline', () => {
  assert.equal(reviewLinks(GITLAB), [
    { text: 'merge request 7', url: 'https://gitlab.example/acme/ops/-/merge_requests/7' },
    { text: 'commit 0a55f61', url: `https://gitlab.example/acme/ops/-/commit/${SHA}` },
    { text: 'run', url: 'https://gitlab.example/acme/ops/-/pipelines/5' },
  ]);
  const job = 'https://gitlab.example/acme/ops/-/jobs/8';
  assert.is(reviewLinks({ ...GITLAB, CI_JOB_URL: job })[2]?.url, job);
});

it('what is no web address, no number or no commit makes no link, and no password is shown', () => {
  assert.equal(reviewLinks({}), []);
  for (const server of ['javascript:alert(1)//', 'file:///x', '', 'https://x?y=']) {
    assert.equal(reviewLinks({ ...GITHUB, GITHUB_SERVER_URL: server }), [], server);
  }
  const odd = { GITHUB_SHA: '../x', GITHUB_RUN_ID: '9/../1', GITHUB_REF: 'refs/pull/x/merge' };
  assert.equal(reviewLinks({ ...GITHUB, ...odd }), []);
  assert.equal(reviewLinks({ CI_PIPELINE_URL: 'javascript:alert(1)' }), []);
  const [first] = reviewLinks({ ...GITHUB, GITHUB_SERVER_URL: 'https://me:secret@github.com' });
  assert.is(first?.url, 'https://github.com/acme/ops/pull/12');
});

it.run();
