/** What a lock says of the CI job that holds it: a page that others can open, or none. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { describeHolder } from '../../src/lock/holder.ts';

const it = suite('lock holder');

const GITHUB = {
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'acme/ops',
  GITHUB_RUN_ID: '9',
  GITHUB_ACTOR: 'sam',
};
const jobOf = (env: Readonly<Record<string, string>>) => describeHolder('apply', env).job;

it('the page of the run, as each forge tells it', () => {
  assert.is(jobOf(GITHUB), 'https://github.com/acme/ops/actions/runs/9');
  for (const name of ['CI_JOB_URL', 'BUILDKITE_BUILD_URL', 'CIRCLE_BUILD_URL', 'BUILD_URL'])
    assert.is(jobOf({ [name]: 'https://ci.example/1' }), 'https://ci.example/1', name);
  assert.match(describeHolder('apply', GITHUB).who, /^sam@/);
});

it('no password, no other scheme, no part of an address', () => {
  assert.is(jobOf({ CI_JOB_URL: 'https://me:secret@ci.example/1' }), 'https://ci.example/1');
  for (const url of ['javascript:alert(1)', 'file:///x', '', `https://ci.example/${'x'.repeat(500)}`])
    assert.is(jobOf({ CI_JOB_URL: url }), null, url);
  assert.is(jobOf({ ...GITHUB, GITHUB_RUN_ID: '../1' }), null);
  assert.is(jobOf({ ...GITHUB, GITHUB_SERVER_URL: 'https://x?y=' }), null);
});

it.run();
