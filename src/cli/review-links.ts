/** What a CI job's environment tells of the change under review: its request, commit and run. Pure. */
import { gitHubPage, gitHubRunPage, isNumber, webBase, webUrl } from '../model/ci-job.ts';
import type { Env } from '../model/env.ts';
import type { ReviewLink } from '../model/review-link.ts';

/** GitHub (also Gitea and Forgejo) and GitLab, as their manuals name it; what is no web address is left out. */
export function reviewLinks(env: Env): ReviewLink[] {
  const links = env.GITHUB_REPOSITORY ? gitHubLinks(env) : gitLabLinks(env);
  return links.flatMap(([text, address]) => {
    const url = webUrl(address);
    return url === null ? [] : [{ text, url }];
  });
}

type Found = readonly (readonly [text: string, address: string])[];

function gitHubLinks(env: Env): Found {
  const base = gitHubPage(env);
  if (base === null) return [];
  const request = /^refs\/pull\/(\d+)\//.exec(env.GITHUB_REF ?? '')?.[1];
  const run = gitHubRunPage(env);
  return [
    ...(request === undefined ? [] : [[`pull request ${request}`, `${base}/pull/${request}`] as const]),
    ...commitLink(env.GITHUB_SHA, `${base}/commit/`),
    ...(run === null ? [] : [['run', run] as const]),
  ];
}

function gitLabLinks(env: Env): Found {
  const base = webBase(env.CI_PROJECT_URL);
  const request = env.CI_MERGE_REQUEST_IID;
  const run = env.CI_JOB_URL || env.CI_PIPELINE_URL;
  return [
    ...(base !== null && isNumber(request)
      ? [[`merge request ${request}`, `${base}/-/merge_requests/${request}`] as const]
      : []),
    ...(base === null ? [] : commitLink(env.CI_COMMIT_SHA, `${base}/-/commit/`)),
    ...(run ? [['run', run] as const] : []),
  ];
}

function commitLink(commit: string | undefined, base: string): Found {
  if (commit === undefined || !/^[0-9a-f]{7,64}$/i.test(commit)) return [];
  return [[`commit ${commit.slice(0, 7)}`, `${base}${commit}`]];
}
