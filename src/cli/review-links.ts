/** What a CI job's environment tells of the change under review: its request, commit and run. Pure. */
import type { ReviewLink } from '../model/review-link.ts';

type Env = Readonly<Record<string, string | undefined>>;

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
  const base = baseOf(`${env.GITHUB_SERVER_URL ?? ''}/`, env.GITHUB_REPOSITORY);
  if (base === null) return [];
  const request = /^refs\/pull\/(\d+)\//.exec(env.GITHUB_REF ?? '')?.[1];
  const run = env.GITHUB_RUN_ID;
  return [
    ...(request === undefined ? [] : [[`pull request ${request}`, `${base}/pull/${request}`] as const]),
    ...commitLink(env.GITHUB_SHA, `${base}/commit/`),
    ...(isNumber(run) ? [['run', `${base}/actions/runs/${run}`] as const] : []),
  ];
}

function gitLabLinks(env: Env): Found {
  const base = baseOf('', env.CI_PROJECT_URL);
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

function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,20}$/.test(text);
}

/** To append a path to: null where that would lead elsewhere. */
function baseOf(server: string, path: string | undefined): string | null {
  const url = webUrl(`${server}${path ?? ''}`);
  return url === null || /[?#]/.test(url) ? null : url.replace(/\/+$/, '');
}

/** null: it is none. A password in it is no part of what others are shown. */
function webUrl(text: string): string | null {
  if (!/^https?:\/\//i.test(text) || text.length > 500) return null;
  try {
    const url = new URL(text);
    url.username = '';
    url.password = '';
    return url.href;
  } catch {
    return null;
  }
}
