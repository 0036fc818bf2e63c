/** Who is about to take a lock: what others are told while they wait for it, and what a history shows later. */
import { hostname, userInfo } from 'node:os';
import { gitHubRunPage, webUrl } from '../model/ci-job.ts';
import type { Env } from '../model/env.ts';
import { safeText } from '../model/safe-text.ts';
import type { LockHolder } from './lock.ts';

export type { Env };

/** `env`: of a CI job it names the job's page and the commit. */
export function describeHolder(operation: string, env: Env): Omit<LockHolder, 'id'> {
  const host = hostname();
  return {
    who: `${userName(env)}@${host}`,
    host,
    pid: process.pid,
    since: rfc3339Now(),
    operation,
    job: jobUrl(env),
    commit: commitOf(env),
  };
}

function userName(env: Env): string {
  // On a shared runner the account says nothing; who started the job does.
  const starter = env.GITHUB_ACTOR ?? env.GITLAB_USER_LOGIN ?? env.BUILDKITE_BUILD_CREATOR;
  if (starter) return safeText(starter, 100);
  try {
    return userInfo().username;
  } catch {
    return env.USER ?? 'unknown';
  }
}

/** GitHub (also Gitea and Forgejo), GitLab, Jenkins, Buildkite, CircleCI, Bitbucket and Azure, as their manuals name them. */
function jobUrl(env: Env): string | null {
  const run = gitHubRunPage(env);
  if (run !== null) return run;
  const { BITBUCKET_GIT_HTTP_ORIGIN: origin, BITBUCKET_BUILD_NUMBER: build } = env;
  if (origin && build) return webUrl(`${origin}/pipelines/results/${build}`);
  const { SYSTEM_COLLECTIONURI: collection, SYSTEM_TEAMPROJECT: project, BUILD_BUILDID: id } = env;
  if (collection && project && id)
    return webUrl(`${collection}${encodeURIComponent(project)}/_build/results?buildId=${id}`);
  const named = ['CI_JOB_URL', 'BUILDKITE_BUILD_URL', 'CIRCLE_BUILD_URL', 'BUILD_URL'];
  return webUrl(named.map((name) => env[name]).find((value) => value));
}

const COMMITS = [
  'GITHUB_SHA',
  'CI_COMMIT_SHA',
  'BUILDKITE_COMMIT',
  'CIRCLE_SHA1',
  'GIT_COMMIT',
  'BITBUCKET_COMMIT',
  'BUILD_SOURCEVERSION',
];

function commitOf(env: Env): string | null {
  const found = COMMITS.map((name) => env[name]).find((value) => value);
  return found !== undefined && /^[0-9a-f]{7,64}$/i.test(found) ? found : null;
}

/** Whole seconds, UTC. */
export function rfc3339Now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}
